namespace Nern.OneDnn.Tests.References;

/// <summary>A row-major block of float64 numbers: [samples, channels, height, width].</summary>
internal sealed class Volume
{
    internal Volume(int samples, int channels, int height, int width, double[]? values = null)
    {
        Dimensions = [samples, channels, height, width];
        Values = values ?? new double[samples * channels * height * width];
        if (Values.Length != samples * channels * height * width)
            throw new ArgumentException($"[{string.Join(", ", Dimensions)}] does not hold {Values.Length} values.", nameof(values));
    }

    internal int[] Dimensions { get; }

    internal double[] Values { get; }

    internal int Samples => Dimensions[0];

    internal int Channels => Dimensions[1];

    internal int Height => Dimensions[2];

    internal int Width => Dimensions[3];

    internal ref double this[int sample, int channel, int y, int x] => ref Values[At(sample, channel, y, x)];

    /// <summary>Where an element lies in <see cref="Values"/>.</summary>
    internal int At(int sample, int channel, int y, int x) => (((((sample * Channels) + channel) * Height) + y) * Width) + x;

    /// <summary>Zeros of the same shape.</summary>
    internal Volume Like() => new(Samples, Channels, Height, Width);

    /// <summary>Other values of the same shape.</summary>
    internal Volume With(double[] values) => new(Samples, Channels, Height, Width, values);
}
