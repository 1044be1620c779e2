namespace Nern.Data;

/// <summary>Inputs that a fit without data distils on (paper, section 4.4).</summary>
public enum NoiseKind
{
    /// <summary>No noise: images.</summary>
    None,
    /// <summary>Every value uniform in [-1, 1): <see cref="UniformNoise"/>.</summary>
    Uniform,
    /// <summary>With the spectrum of natural pictures: <see cref="FractalNoise"/>.</summary>
    Fractal,
}
