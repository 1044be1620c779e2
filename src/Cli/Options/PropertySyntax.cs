using System.Reflection;
using Nern.Compression;
using Nern.Fitting;
using Nern.Options;

namespace Nern.Cli.Options;

/// <summary>How the values of an option are written, by the type of its property.</summary>
internal static class PropertySyntax
{
    private static readonly MethodInfo OfType =
        typeof(PropertySyntax).GetMethod(nameof(Choice), BindingFlags.NonPublic | BindingFlags.Static)!;

    internal static ValueSyntax<object?> Of(OptionProperty property)
    {
        var (type, option) = (property.Type, property.Attribute);
        var syntax = Plain(Nullable.GetUnderlyingType(type) ?? type, option);
        if (Nullable.GetUnderlyingType(type) is not null)
            syntax = OrNone(syntax, option.Absent);
        return option.Bare is { } bare ? syntax with { Bare = syntax.Write(bare) } : syntax;
    }

    private static ValueSyntax<object?> Plain(Type type, OptionAttribute option) =>
        type == typeof(bool) ? Boxed(ValueSyntax.Flag)
        : type == typeof(int) ? Boxed(ValueSyntax.Number<int>(option.Shape, option.Range))
        : type == typeof(long) ? Boxed(ValueSyntax.Number<long>(option.Shape, option.Range))
        : type == typeof(ulong) ? Boxed(ValueSyntax.Number<ulong>(option.Shape, option.Range))
        : type == typeof(double) ? Boxed(ValueSyntax.Number<double>(option.Shape, option.Range))
        : type == typeof(double[]) ? Boxed(ValueSyntax.Numbers<double>(option.Shape, option.Range, "0.5,0.75"))
        : type == typeof(EmbeddingScales) ? Boxed(Scales(option))
        : type == typeof(FileSize) ? Boxed(ValueSyntax.Size)
        : type == typeof(LayerSelection) ? Boxed(Layers)
        : (ValueSyntax<object?>)OfType.MakeGenericMethod(type).Invoke(null, null)!;

    private static ValueSyntax<object?> Choice<T>() where T : struct, Enum => Boxed(ValueSyntax.Choice<T>());

    private static ValueSyntax<LayerSelection> Layers { get; } = new(
        "TERMS", "terms with commas between them, such as kernel=3x3,-layer1.*",
        (string text, out LayerSelection layers) =>
        {
            var isSelection = LayerSelection.TryParse(text, out var selection);
            layers = selection ?? LayerSelection.All;
            return isSelection;
        },
        layers => layers.ToString())
    { IsDashed = true };

    private static ValueSyntax<EmbeddingScales> Scales(OptionAttribute option)
    {
        var numbers = ValueSyntax.Numbers<double>(option.Shape, option.Range, "8,8,8", "three");
        return new(
            numbers.Shape, numbers.Expected,
            (string text, out EmbeddingScales scales) =>
            {
                var values = numbers.TryRead(text, out var read) ? read : [];
                scales = values is [var layer, var filter, var channel] ? new(layer, filter, channel) : new(0, 0, 0);
                return values.Length == 3;
            },
            scales => numbers.Write([scales.Layer, scales.Filter, scales.Channel]));
    }

    private static ValueSyntax<object?> Boxed<T>(ValueSyntax<T> syntax) => new(
        syntax.Shape, syntax.Expected,
        (string text, out object? value) =>
        {
            var isValue = syntax.TryRead(text, out var read);
            value = read;
            return isValue;
        },
        value => syntax.Write((T)value!))
    { Bare = syntax.Bare, IsDashed = syntax.IsDashed };

    /// <summary>A value or, by a word, none.</summary>
    private static ValueSyntax<object?> OrNone(ValueSyntax<object?> syntax, string none) => new(
        $"{syntax.Shape}|{none}",
        $"{syntax.Expected}, or {none}",
        (string text, out object? value) =>
        {
            var isNone = text.Equals(none, StringComparison.OrdinalIgnoreCase);
            value = null;
            return isNone || syntax.TryRead(text, out value);
        },
        value => value is null ? none : syntax.Write(value));
}
