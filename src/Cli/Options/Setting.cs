using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Nern.Cli.Options;

/// <summary>Makes the options of the commands, one method for each kind of value. Numbers are read in the invariant culture.</summary>
internal static class Setting
{
    private delegate bool Reader<T>(string text, out T value);

    internal static Option<T> Number<T>(string name, string valueName, T preset, string description) where T : struct, INumberBase<T>
    {
        var option = Make<T>(name, valueName, description, Kind<T>(), Read);
        option.DefaultValueFactory = _ => preset;
        return option;
    }

    internal static Option<T?> OptionalNumber<T>(string name, string valueName, string description) where T : struct, INumberBase<T> =>
        Make<T?>(name, valueName, description, Kind<T>(), (string text, out T? value) => Lift(Read, text, out value));

    /// <summary>One number for each colour channel, with commas between them; none if it is not given.</summary>
    internal static Option<float[]> Channels(string name, string description) =>
        Make<float[]>(name, "A,B,C", description, "numbers with commas between them, such as 0.5,0.5,0.5", ReadAll);

    internal static Option<T> Choice<T>(string name, T preset, string description) where T : struct, Enum
    {
        var option = Make<T>(name, ChoiceNames.Joined<T>(), description, ChoiceNames.Listed<T>(), ChoiceNames.TryRead);
        option.DefaultValueFactory = _ => preset;
        return option;
    }

    internal static Option<T?> OptionalChoice<T>(string name, string description) where T : struct, Enum =>
        Make<T?>(name, ChoiceNames.Joined<T>(), description, ChoiceNames.Listed<T>(),
            (string text, out T? value) => Lift(ChoiceNames.TryRead, text, out value));

    internal static Option<string?> Text(string name, string valueName, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = valueName, Description = description };

    /// <summary>A text that may be given several times.</summary>
    internal static Option<string[]> Texts(string name, string valueName, string description) =>
        new(name) { HelpName = valueName, Description = description, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };

    internal static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>A default as users would write it.</summary>
    internal static string Write(object value) => value switch
    {
        Enum choice => ChoiceNames.Of(choice),
        double real when real != 0 && Math.Abs(real) < 1e-2 => real.ToString("0.######e0", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static Option<T> Make<T>(string name, string valueName, string description, string expected, Reader<T> read) => new(name)
    {
        HelpName = valueName,
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!read(text, out var value))
                result.AddError($"The option {name} takes {expected}; got '{text}'.");
            return value;
        },
    };

    private static string Kind<T>() => default(T) switch
    {
        double => "a number",
        ulong => "a whole number from 0 on",
        _ => "a whole number",
    };

    private static bool Read<T>(string text, out T value) where T : struct, INumberBase<T> =>
        T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static bool ReadAll(string text, out float[] values)
    {
        var parts = text.Split(',');
        values = new float[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            if (!Read(parts[i], out values[i]))
                return false;
        return true;
    }

    private static bool Lift<T>(Reader<T> read, string text, out T? value) where T : struct
    {
        var success = read(text, out var plain);
        value = success ? plain : null;
        return success;
    }
}
