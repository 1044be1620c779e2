using Nern.Engine;
using Nern.OneDnn;

namespace Nern.Prediction;

/// <summary>Matrices in the type and order that a product wants them in.</summary>
internal static class ReorderedMatrix
{
    /// <summary>
    /// <paramref name="matrix"/> itself where it is as wanted, else a copy that a step added to <paramref name="steps"/> renews.
    /// </summary>
    internal static Memory Of(CpuEngine engine, Resources owned, Memory matrix, MemoryDescriptor wanted, List<Step> steps)
    {
        if (wanted.Equals(matrix.Descriptor))
            return matrix;
        var result = owned.Own(new Memory(engine, wanted));
        var reorder = owned.Own(Primitives.Reorder(engine, matrix.Descriptor, wanted));
        steps.Add(new PrimitiveStep("reorder", owned.Own(reorder.Bind((Argument.Source, matrix), (Argument.Destination, result)))));
        return result;
    }
}
