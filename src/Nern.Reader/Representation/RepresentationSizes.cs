using Nern.Checkpoints;
using Nern.Files;

namespace Nern.Representation;

/// <summary>What the parts of a .nern file take, in bytes.</summary>
/// <param name="Predictor">The predictor's parameters.</param>
/// <param name="Means">The means of filters.</param>
/// <param name="Orderings">The orders of the kernels.</param>
/// <param name="Unpredicted">Tensors kept as they were.</param>
/// <param name="Onnx">The rest of the ONNX model that the network came from.</param>
/// <param name="Stream">All numbers of a small file, arithmetically coded; 0 in others.</param>
/// <param name="File">The whole file; the rest is its header.</param>
internal sealed record RepresentationSizes(long Predictor, long Means, long Orderings, long Unpredicted, long Onnx, long Stream, long File)
{
    /// <summary>Adds up the tensors of the file, whose names begin with the part they belong to.</summary>
    internal static RepresentationSizes Of(string path)
    {
        var tensors = Checkpoint.Read(path).Tensors;
        var means = Bytes(StoredMeans.Name);
        return new(Bytes("predictor.") - means, means, Bytes("ordering."), Bytes("network."), Bytes("onnx."), Bytes(SmallRepresentation.StreamName), InputFile.LengthOf(path));

        long Bytes(string part) =>
            tensors.Where(tensor => tensor.Key.StartsWith(part, StringComparison.Ordinal)).Sum(tensor => (long)tensor.Value.Data.Length);
    }

    /// <summary>Header and metadata: the architecture, the design, the provenance.</summary>
    internal long Header => File - Predictor - Means - Orderings - Unpredicted - Onnx - Stream;
}
