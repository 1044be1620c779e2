using System.Numerics.Tensors;

namespace Nern.Fitting;

/// <summary>
/// An exponential average of the parameters, over fewer steps while there are few: average += (1 - min(decay, n / (n + 9))) (p - average).
/// </summary>
/// <param name="parameters">Where it starts.</param>
/// <param name="decay">The decay; 0 for no average.</param>
internal sealed class ParameterAverage(ReadOnlySpan<float> parameters, double decay)
{
    /// <summary>The average; empty where there is none.</summary>
    internal float[] Values { get; } = decay > 0 ? parameters.ToArray() : [];

    /// <summary>Takes the parameters after a step.</summary>
    internal void Add(ReadOnlySpan<float> parameters, long steps)
    {
        if (Values.Length > 0)
            TensorPrimitives.Lerp(Values, parameters, (float)(1 - Math.Min(decay, (double)steps / (steps + 9))), Values);
    }
}
