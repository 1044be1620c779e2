using System.Text.RegularExpressions;

namespace Nern.Sweeps.Plans;

/// <summary>
/// Fills in <c>${NAME}</c>: from what was set on the command line, else from the environment variable NERN_NAME, else from NAME.
/// </summary>
internal sealed partial class Variables(IReadOnlyDictionary<string, string> given)
{
    /// <summary>Understands a list of NAME=VALUE.</summary>
    /// <exception cref="NernException">One is something else.</exception>
    internal static Variables Parse(IEnumerable<string> settings)
    {
        var given = new Dictionary<string, string>();
        foreach (var setting in settings)
        {
            var parts = setting.Split('=', 2);
            if (parts.Length < 2 || !Name().IsMatch(parts[0]))
                throw new NernException($"--set takes NAME=VALUE, as in DATA=/data; got '{setting}'.");
            given[parts[0]] = parts[1];
        }
        return new(given);
    }

    /// <summary>The text with every variable's value in its place.</summary>
    /// <param name="text">What a plan says.</param>
    /// <param name="place">Where it says so.</param>
    /// <exception cref="NernException">A variable has no value.</exception>
    internal string Fill(string text, string place) => Reference().Replace(text, match => Value(match.Groups[1].Value, place));

    private string Value(string name, string place) =>
        given.GetValueOrDefault(name)
        ?? Environment.GetEnvironmentVariable($"NERN_{name}")
        ?? Environment.GetEnvironmentVariable(name)
        ?? throw new NernException(
            $"{place}: ${{{name}}} has no value: give it with --set {name}=VALUE or in the environment variable NERN_{name}.");

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex Name();

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Reference();
}
