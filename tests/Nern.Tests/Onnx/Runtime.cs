using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Nern.Networks;
using Nern.Onnx;

namespace Nern.Tests.Onnx;

/// <summary>ONNX Runtime, which our logits are held against.</summary>
internal static class Runtime
{
    /// <summary>The first output that is as long as <paramref name="classes"/>, or of the name, for images [N, C, H, W].</summary>
    internal static float[] Logits(byte[] model, ImageShape shape, float[] images, int classes, string? output = null)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(model, options);
        var (name, input) = session.InputMetadata.Single(pair => pair.Value.Dimensions.Length == 4);
        var samples = images.Length / shape.Count;
        // A model may fix the images of a batch.
        var batch = input.Dimensions[0] > 0 ? input.Dimensions[0] : samples;
        var isLast = input.Dimensions[1] != shape.Channels && input.Dimensions[3] == shape.Channels;
        var logits = new List<float>();
        for (var first = 0; first < samples; first += batch)
        {
            float[] part = [.. Enumerable.Range(first, batch)
                .SelectMany(sample => Image(images.AsSpan((sample % samples) * shape.Count, shape.Count), shape, isLast))];
            int[] dimensions = isLast ? [batch, shape.Height, shape.Width, shape.Channels] : [batch, shape.Channels, shape.Height,
                shape.Width];
            var value = input.ElementDataType == TensorElementType.Float16
                ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<Float16>(part.Select(x => (Float16)x).ToArray(), dimensions))
                : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(part, dimensions));
            using var results = session.Run([value]);
            logits.AddRange(Numbers(results.First(
                result => output is null ? Count(result) == (long)batch * classes : result.Name == output))
                .Take(Math.Min(batch, samples - first) * classes));
        }
        return [.. logits];
    }

    /// <summary>The largest difference between our logits for random images, with what may follow, and the runtime's.</summary>
    internal static (double Difference, double Largest) Compare(
        byte[] model, Network network, string? output = null, Func<float[], float[]>? ending = null, int samples = 2)
    {
        var (random, shape) = (new Generator(3), network.Graph.InputShape);
        // Half-precision models take them exactly.
        float[] images = [.. Enumerable.Range(0, samples * shape.Count).Select(_ => (float)(Half)(2 * random.NextNormal()))];
        var expected = Logits(model, shape, images, network.Graph.Logits, output);
        var found = OnnxFixture.Logits(network, images);
        if (ending is not null)
            found = [.. found.Chunk(network.Graph.Logits).SelectMany(ending)];
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected, value => Assert.True(float.IsFinite(value)));
        return (expected.Zip(found, (x, y) => Math.Abs((double)x - y)).Max(), expected.Max(Math.Abs));
    }

    /// <summary>Our logits are those of the runtime.</summary>
    internal static void AssertAgrees(
        byte[] model, Network network, double tolerance = 2e-5, string? output = null, Func<float[], float[]>? ending = null)
    {
        var (difference, largest) = Compare(model, network, output, ending);
        Assert.True(difference <= tolerance * largest, $"Logits differ by {difference:g3} of {largest:g3}.");
    }

    /// <summary>The same for a model that is read here.</summary>
    internal static void AssertAgrees(byte[] model, double tolerance = 2e-5) =>
        AssertAgrees(model, OnnxFile.Read(model, "a.onnx"), tolerance);

    internal static float[] Softmax(float[] logits)
    {
        var most = logits.Max();
        var weights = logits.Select(logit => Math.Exp(logit - most)).ToArray();
        return [.. weights.Select(weight => (float)(weight / weights.Sum()))];
    }

    internal static float[] Sigmoid(float[] logits) => [.. logits.Select(logit => (float)(1 / (1 + Math.Exp(-logit))))];

    private static long Count(NamedOnnxValue value) => Numbers(value).LongLength;

    private static float[] Numbers(NamedOnnxValue value) => value.Value switch
    {
        Tensor<float> numbers => [.. numbers],
        Tensor<Float16> numbers => [.. numbers.Select(number => (float)number)],
        Tensor<long> numbers => [.. numbers.Select(number => (float)number)],
        _ => [],
    };

    private static IEnumerable<float> Image(ReadOnlySpan<float> image, ImageShape shape, bool isLast)
    {
        var size = shape.Height * shape.Width;
        var values = image.ToArray();
        return isLast ? Enumerable.Range(0, values.Length).Select(i => values[(i % shape.Channels * size) + (i / shape.Channels)]) : values;
    }
}
