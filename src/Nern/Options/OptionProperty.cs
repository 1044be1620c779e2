using System.Globalization;
using System.Reflection;

namespace Nern.Options;

/// <summary>An option: a property of the options of some work, or of a record within them.</summary>
internal sealed class OptionProperty
{
    private readonly PropertyInfo[] _path;

    private OptionProperty(PropertyInfo[] path, OptionAttribute attribute)
    {
        (_path, Attribute) = (path, attribute);
        Name = attribute.Name ?? path[^1].Name;
    }

    /// <summary>No other option of the work has it.</summary>
    public string Name { get; }

    public OptionAttribute Attribute { get; }

    /// <summary>The property that holds the record it is in; null where it is in none.</summary>
    public string? Group => _path.Length > 1 ? _path[0].Name : null;

    public Type Type => _path[^1].PropertyType;

    /// <summary>The options in <paramref name="options"/>, a record, in the order in which they are declared.</summary>
    public static IEnumerable<OptionProperty> Of(Type options) => Of(options, []);

    private static IEnumerable<OptionProperty> Of(Type options, PropertyInfo[] path) =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite).SelectMany(
            property => property.GetCustomAttribute<OptionAttribute>() is { } attribute
                ? [new([.. path, property], attribute)]
                : Of(property.PropertyType, [.. path, property]));

    public object? Get(object options) => _path.Aggregate((object?)options, (record, property) => property.GetValue(record));

    /// <summary>A copy of <paramref name="options"/> with this one set.</summary>
    public object With(object options, object? value) => With(options, _path, value);

    /// <exception cref="NernException">The value is none that the option takes.</exception>
    public void Check(object options)
    {
        var value = Get(options);
        if (value is Enum choice && !Enum.IsDefined(choice.GetType(), choice))
            throw new NernException($"The option {Name} takes {string.Join(", ", Enum.GetNames(choice.GetType()))}; got {choice}.");
        var numbers = value switch
        {
            int or long or double => [Convert.ToDouble(value, CultureInfo.InvariantCulture)],
            IEnumerable<double> several => several,
            _ => [],
        };
        foreach (var number in numbers)
            Attribute.Range.Check(Name, number);
    }

    private static object With(object record, ReadOnlySpan<PropertyInfo> path, object? value)
    {
        // How records copy themselves.
        var copy = record.GetType().GetMethod("<Clone>$")!.Invoke(record, null)!;
        path[0].SetValue(copy, path.Length == 1 ? value : With(path[0].GetValue(record)!, path[1..], value));
        return copy;
    }
}
