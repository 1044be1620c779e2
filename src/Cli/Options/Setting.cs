using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Nern.Compression;
using Nern.Options;

namespace Nern.Cli.Options;

/// <summary>Makes the options of the commands, one method for each kind of value.</summary>
internal static class Setting
{
    internal static Option<T> Number<T>(string name, string valueName, T preset, string description) where T : struct, INumberBase<T>
    {
        var option = Make(name, ValueSyntax.Number<T>(valueName), description);
        option.DefaultValueFactory = _ => preset;
        return option;
    }

    internal static Option<T?> OptionalNumber<T>(string name, string valueName, string description) where T : struct, INumberBase<T> =>
        MakeOptional(name, ValueSyntax.Number<T>(valueName), description);

    /// <summary>One number for each colour channel, with commas between them; none if it is not given.</summary>
    internal static Option<float[]> Channels(string name, string description) =>
        Make(name, ValueSyntax.Numbers<float>("A,B,C", OptionRange.Any, "0.5,0.5,0.5"), description);

    internal static Option<T> Choice<T>(string name, T preset, string description) where T : struct, Enum
    {
        var option = Make(name, ValueSyntax.Choice<T>(), description);
        option.DefaultValueFactory = _ => preset;
        return option;
    }

    internal static Option<T?> OptionalChoice<T>(string name, string description) where T : struct, Enum =>
        MakeOptional(name, ValueSyntax.Choice<T>(), description);

    internal static Option<FileSize?> OptionalSize(string name, string description) => MakeOptional(name, ValueSyntax.Size, description);

    internal static Option<string?> Text(string name, string valueName, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = valueName, Description = description };

    /// <summary>A text that may be given several times.</summary>
    internal static Option<string[]> Texts(string name, string valueName, string description) =>
        new(name) { HelpName = valueName, Description = description, Arity = ArgumentArity.OneOrMore };

    internal static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>A default as users would write it.</summary>
    internal static string Write(object value) => value switch
    {
        Enum choice => ChoiceNames.Of(choice),
        double real => ValueSyntax.Write(real),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static Option<T> Make<T>(string name, ValueSyntax<T> syntax, string description) =>
        Make(name, syntax, description, syntax.TryRead);

    private static Option<T?> MakeOptional<T>(string name, ValueSyntax<T> syntax, string description) where T : struct =>
        Make(name, syntax, description, (string text, out T? value) =>
        {
            var success = syntax.TryRead(text, out var plain);
            value = success ? plain : null;
            return success;
        });

    private static Option<TOption> Make<T, TOption>(string name, ValueSyntax<T> syntax, string description, ValueReader<TOption> read) =>
        new(name)
        {
            HelpName = syntax.Shape,
            Description = description,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!read(text, out var value))
                    result.AddError($"The option {name} takes {syntax.Expected}; got '{text}'.");
                return value;
            },
        };
}
