using System.Linq.Expressions;
using System.Text.Json;

namespace Nern.Cli.Options;

/// <summary>One option of some work, by the same name on the command line and in a recipe.</summary>
/// <typeparam name="TOptions">The options of the work.</typeparam>
internal sealed class OptionEntry<TOptions> where TOptions : new()
{
    /// <summary>Sets the option from text; null where the text is no value of it.</summary>
    private readonly Func<TOptions, string, TOptions?> _read;

    private readonly Func<TOptions, string> _write;

    private OptionEntry(string property, Func<TOptions, string, TOptions?> read, Func<TOptions, string> write)
    {
        Property = property;
        Name = JsonNamingPolicy.KebabCaseLower.ConvertName(property);
        _read = read;
        _write = write;
    }

    /// <summary>The property of <typeparamref name="TOptions"/>.</summary>
    internal string Property { get; }

    /// <summary>The property in kebab case; <c>--name</c> on the command line.</summary>
    internal string Name { get; }

    /// <summary>What stands for a value in help.</summary>
    internal required string Shape { get; init; }

    /// <summary>The values it takes, in words.</summary>
    internal required string Expected { get; init; }

    /// <summary>What its name alone stands for on the command line; null where it needs a value.</summary>
    internal required string? Bare { get; init; }

    /// <summary>Whether a value may begin with a dash, as names of options do.</summary>
    internal required bool IsDashed { get; init; }

    /// <summary>What it does.</summary>
    internal required string Description { get; init; }

    /// <summary>Why its default is what it is.</summary>
    internal required string Why { get; init; }

    /// <summary>Where the paper speaks of it; empty where it does not.</summary>
    internal required string Paper { get; init; }

    /// <summary>The library's default.</summary>
    internal string Default => Write(new TOptions());

    /// <summary>An option of its property's type.</summary>
    /// <param name="get">The property; it names the option.</param>
    /// <param name="set">The options with the property set.</param>
    /// <param name="syntax">How its values are written.</param>
    /// <param name="description">What it does, for help.</param>
    /// <param name="why">Why the default is what it is.</param>
    /// <param name="paper">The paper's section.</param>
    internal static OptionEntry<TOptions> Of<T>(
        Expression<Func<TOptions, T>> get, Func<TOptions, T, TOptions> set, ValueSyntax<T> syntax, string description, string why,
        string paper = "")
    {
        var value = get.Compile();
        return new(
            ((MemberExpression)get.Body).Member.Name,
            (options, text) => syntax.TryRead(text, out var read) ? set(options, read) : default,
            options => syntax.Write(value(options)))
        {
            Shape = syntax.Shape,
            Expected = syntax.Expected,
            Bare = syntax.Bare,
            IsDashed = syntax.IsDashed,
            Description = description,
            Why = why,
            Paper = paper,
        };
    }

    /// <summary><paramref name="options"/> with this one set.</summary>
    /// <exception cref="NernException">The text is no value of it; the message says what is.</exception>
    internal TOptions Set(TOptions options, string text) => _read(options, text) ?? throw new NernException(Refusal(Name, text));

    /// <summary>What is wrong with a value, or null.</summary>
    internal string? Problem(string name, string text) => _read(new TOptions(), text) is null ? Refusal(name, text) : null;

    /// <summary>The value in <paramref name="options"/>, so that <see cref="Set"/> reads it.</summary>
    internal string Write(TOptions options) => _write(options);

    private string Refusal(string name, string text) =>
        $"The option {name} takes {Expected}; got '{(text.Length > 80 ? $"{text[..80]}…" : text)}'.";
}
