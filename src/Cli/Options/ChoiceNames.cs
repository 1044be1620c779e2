using System.Text.Json;

namespace Nern.Cli.Options;

/// <summary>The values of enumerations as users write them: CrossFilter is cross-filter.</summary>
internal static class ChoiceNames
{
    /// <summary>The name of one value.</summary>
    internal static string Of(Enum choice) => choice.ToString() switch
    {
        "Float32" => "f32",
        "BFloat16" => "bf16",
        "AdamW" => "adamw",
        { Length: 1 } letter => letter,
        var name => JsonNamingPolicy.KebabCaseLower.ConvertName(name),
    };

    /// <summary>All names: a|b|c.</summary>
    internal static string Joined<T>() where T : struct, Enum => string.Join('|', All<T>());

    /// <summary>All names: a, b or c.</summary>
    internal static string Listed<T>() where T : struct, Enum
    {
        var names = All<T>();
        return $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }

    /// <summary>The value that <paramref name="text"/> names, in upper or lower case.</summary>
    internal static bool TryRead<T>(string text, out T choice) where T : struct, Enum
    {
        var index = Array.FindIndex(All<T>(), name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase));
        choice = index < 0 ? default : Enum.GetValues<T>()[index];
        return index >= 0;
    }

    private static string[] All<T>() where T : struct, Enum => [.. Enum.GetValues<T>().Select(choice => Of(choice))];
}
