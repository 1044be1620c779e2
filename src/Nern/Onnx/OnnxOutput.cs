using Nern.Files;
using Nern.Networks;
using Nern.Onnx.Protocol;

namespace Nern.Onnx;

/// <summary>An output of a model, which may be its class scores.</summary>
/// <param name="name">What the model calls it.</param>
/// <param name="value">What it stands for; null where that cannot be run.</param>
/// <param name="import">The model as far as it is read.</param>
internal sealed class OnnxOutput(string name, OnnxValue? value, OnnxImport import)
{
    private const int Listed = 8;

    internal string Name => name;

    internal OnnxValue? Value => value;

    private OnnxActivation? Scores =>
        value is OnnxActivation scores && import.ShapeOf(scores) is { Height: 1, Width: 1 } ? Logits(scores) : null;

    /// <summary>The outputs that come into question: the one that is asked for, else all.</summary>
    /// <exception cref="InvalidDataException">There is none, or none of the name.</exception>
    internal static IReadOnlyList<string> Asked(GraphProto graph, OnnxOptions options)
    {
        string[] names = [.. graph.Output.Select(output => output.Name).Distinct()];
        if (names.Length == 0)
            throw new InvalidDataException("is an ONNX model without outputs.");
        return options.Output is not { } asked ? names
            : names.Contains(asked) ? [asked]
            : throw new InvalidDataException(
                $"is an ONNX model without an output {MalformedFile.Quote(asked)}; it has {ListOf(names.Select(MalformedFile.Quote))}.");
    }

    /// <summary>
    /// The class scores: of several vectors the one that is as long as there are classes, or that none of the others is made of.
    /// </summary>
    /// <exception cref="InvalidDataException">More than one output may be meant.</exception>
    internal static OnnxOutput Choose(GraphProto graph, OnnxImport import, IReadOnlyList<OnnxOutput> outputs, OnnxOptions options)
    {
        if (outputs is [var only])
            return only;
        var maps = graph.Output.Where(output => output.Type?.TensorType?.Shape?.Dim.Count > 2).Select(output => output.Name).ToHashSet();
        var fitting = outputs.Where(output => output.Scores is not null || (output.Value is null && !maps.Contains(output.Name)))
            .DistinctBy(output => output.Scores?.Node ?? (object)output.Name).ToList();
        Narrow(output => options.LastNode is { } last && output.IsYieldedBy(last));
        if (fitting.Count > 1 && options.Classes?.Invoke(import.ImageShape) is { } classes)
        {
            Narrow(output => output.Count == classes);
            Narrow(output => output.Count is { } logits && Graph.ClassesOf(logits) == classes);
        }
        Narrow(output => output.Scores is not null && !outputs.Any(later => later != output && later.IsMadeOf(output)));
        return fitting switch
        {
            [var chosen] => chosen,
            [] => outputs.FirstOrDefault(output => output.Value is null) ?? outputs[0],
            _ => throw new InvalidDataException(
                $"is an ONNX model with {fitting.Count} outputs that may be class scores ({ListOf(fitting.Select(output => output.Describe()))}): "
                + "name one with --logits."),
        };

        void Narrow(Predicate<OnnxOutput> fits)
        {
            if (fitting.Count > 1 && fitting.Exists(fits))
                fitting = fitting.FindAll(fits);
        }
    }

    /// <summary>The value, if it is a vector for each image.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    internal OnnxActivation CheckIsScores()
    {
        if (value is not OnnxActivation scores)
            throw new InvalidDataException($"is an ONNX model whose output {MalformedFile.Quote(name)} does not depend on its images.");
        var shape = import.ShapeOf(scores);
        return Scores
            ?? throw new InvalidDataException(
                $"is an ONNX model whose output {MalformedFile.Quote(name)} is {shape.Channels} maps of {shape.Height}x{shape.Width}; "
                + "expected a score for each class, which classifiers yield.");
    }

    // The Sigmoid of a single score makes a probability of the logit, as a Softmax does of several; what only shapes it may stand behind.
    private OnnxActivation Logits(OnnxActivation scores)
    {
        if (import.ShapeOf(scores).Count != 1)
            return scores;
        var node = scores.Node;
        while (import.NodeAt(node) is Flatten flatten)
            node = flatten.Inputs[0];
        return import.NodeAt(node) is Sigmoid sigmoid ? scores with { Node = sigmoid.Inputs[0] } : scores;
    }

    private int? Count => Scores is { } scores ? import.ShapeOf(scores).Count : null;

    private bool IsYieldedBy(string node) => Scores is { } scores && import.NodeOf(scores).Name == node;

    private bool IsMadeOf(OnnxOutput other) =>
        Scores is { } scores && scores.Node != other.Scores?.Node && other.Scores is { } part
        && import.AncestorsOf(scores.Node).Contains(part.Node);

    private string Describe() => $"{MalformedFile.Quote(name)}{(Count is { } count ? $" of {count}" : ", which cannot be run")}";

    private static string ListOf(IEnumerable<string> outputs) => string.Join(", ", outputs.Take(Listed));
}
