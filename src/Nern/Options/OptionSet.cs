using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nern.Options;

/// <summary>All options of some work.</summary>
/// <typeparam name="TOptions">The record that has them.</typeparam>
internal static class OptionSet<TOptions> where TOptions : class
{
    public static IReadOnlyList<OptionProperty> All { get; } = [.. OptionProperty.Of(typeof(TOptions))];

    /// <summary>Checks each value by itself.</summary>
    /// <exception cref="NernException">One is none that its option takes.</exception>
    public static void Check(TOptions options)
    {
        foreach (var option in All)
            option.Check(options);
    }

    /// <summary>The options by name, without the records they are in.</summary>
    /// <param name="options">The options.</param>
    /// <param name="order">Their order in files, which must not change with that of the declarations; others follow.</param>
    public static JsonObject ToJson(TOptions options, string[] order) => new(
        All.Select(option => (Name: JsonNamingPolicy.CamelCase.ConvertName(option.Name), option.Type, Value: option.Get(options)))
            .Where(option => option.Value is not null)
            .OrderBy(option => Array.IndexOf(order, option.Name) is var place && place < 0 ? order.Length : place)
            .Select(option =>
                KeyValuePair.Create(option.Name, JsonSerializer.SerializeToNode(option.Value, option.Type, OptionJson.Options))));
}
