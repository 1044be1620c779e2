using System.Text.Json;
using System.Text.Json.Nodes;
using Nern.Options;

namespace Nern.Cli.Options;

/// <summary>One option of some work, by the same name on the command line and in a recipe.</summary>
/// <typeparam name="TOptions">The options of the work.</typeparam>
internal sealed class OptionEntry<TOptions>(OptionProperty property) where TOptions : class, new()
{
    private readonly ValueSyntax<object?> _syntax = PropertySyntax.Of(property);

    /// <summary>The option's name in kebab case; <c>--name</c> on the command line.</summary>
    internal string Name { get; } = JsonNamingPolicy.KebabCaseLower.ConvertName(property.Name);

    /// <summary>What stands for a value in help.</summary>
    internal string Shape => _syntax.Shape;

    /// <summary>The values it takes, in words.</summary>
    internal string Expected => _syntax.Expected;

    /// <summary>What its name alone stands for on the command line; null where it needs a value.</summary>
    internal string? Bare => _syntax.Bare;

    /// <summary>Whether a value may begin with a dash, as names of options do.</summary>
    internal bool IsDashed => _syntax.IsDashed;

    /// <summary>What it does.</summary>
    internal string Description => property.Attribute.Description;

    /// <summary>Why its default is what it is.</summary>
    internal string Why => property.Attribute.Why;

    /// <summary>Where the paper speaks of it; empty where it does not.</summary>
    internal string Paper => property.Attribute.Paper;

    /// <summary>The library's default.</summary>
    internal string Default => Write(new TOptions());

    /// <summary><paramref name="options"/> with this one set.</summary>
    /// <exception cref="NernException">The text is no value of it; the message says what is.</exception>
    internal TOptions Set(TOptions options, string text) =>
        _syntax.TryRead(text, out var value) ? (TOptions)property.With(options, value) : throw new NernException(Refusal(Name, text));

    /// <summary>What is wrong with a value, or null.</summary>
    internal string? Problem(string name, string text) => _syntax.TryRead(text, out _) ? null : Refusal(name, text);

    /// <summary>The value in <paramref name="options"/>, so that <see cref="Set"/> reads it.</summary>
    internal string Write(TOptions options) => _syntax.Write(property.Get(options));

    /// <summary>
    /// A value that a file records, as <see cref="Write(TOptions)"/> would write it; null where it is none of this option.
    /// </summary>
    internal string? Write(JsonNode? recorded)
    {
        try
        {
            return _syntax.Write(recorded.Deserialize(property.Type, OptionJson.Options));
        }
        catch (Exception exception) when (exception is JsonException or InvalidCastException or NullReferenceException)
        {
            return null;
        }
    }

    private string Refusal(string name, string text) =>
        $"The option {name} takes {Expected}; got '{(text.Length > 80 ? $"{text[..80]}…" : text)}'.";
}
