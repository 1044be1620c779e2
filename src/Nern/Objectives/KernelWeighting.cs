namespace Nern.Objectives;

/// <summary>How much the error of a kernel counts in the reconstruction loss.</summary>
public enum KernelWeighting
{
    /// <summary>All weights alike: equation 3.</summary>
    None,
    /// <summary>Each layer relative to its own size: by the inverse of its mean squared weight.</summary>
    Layer,
    /// <summary>By the square root of its Fisher information: how much the original's answers depend on it.</summary>
    Fisher,
}
