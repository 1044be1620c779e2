using Nern.Representation;

namespace Nern.Cli.Display.Reports;

/// <summary>What a .nern file is made of, for tables: names and bytes.</summary>
internal static class SizeParts
{
    internal static IEnumerable<(string Name, long Bytes)> Of(NeuralRepresentation representation, RepresentationSizes sizes)
    {
        if (representation.IsSmall)
            yield return ("all numbers, arithmetically coded", sizes.Stream);
        else
        {
            yield return ("predictor", sizes.Predictor);
            if (sizes.Means > 0)
                yield return ("means of filters", sizes.Means);
            yield return ("orders of the kernels", sizes.Orderings);
            yield return ("tensors that are not predicted", sizes.Unpredicted);
        }
        if (sizes.Onnx > 0)
            yield return ("rest of the ONNX model", sizes.Onnx);
        yield return ("header", sizes.Header);
    }
}
