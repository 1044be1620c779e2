namespace Nern.Kernels;

/// <summary>How a kernel smaller than the predictor's K x K output is read from it.</summary>
public enum KernelReading
{
    /// <summary>The middle of it, as in the paper.</summary>
    Middle,
    /// <summary>Each value is the mean of a window (adaptive average pooling).</summary>
    Average,
    /// <summary>Each value is the largest of a window (adaptive max pooling).</summary>
    Max,
}
