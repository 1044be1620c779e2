using Nern.Checkpoints;

namespace Nern.Networks.Architectures;

/// <summary>One of torchvision's networks for ImageNet.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="LastLayer">The layer that yields the logits.</param>
/// <param name="Graph">Builds it, given logits and size.</param>
/// <param name="SmallImages">Whether it can take other images than those of <see cref="DefaultSize"/>.</param>
internal sealed record TorchvisionArchitecture(string Name, string LastLayer, Func<int, int, Graph> Graph, bool SmallImages = true)
{
    internal const int DefaultSize = 224;

    private const int DefaultClasses = 1000;

    internal static IReadOnlyList<TorchvisionArchitecture> All { get; } =
    [
        .. ResNet.Depths.Select(depth => new TorchvisionArchitecture(
            $"resnet{depth}", "fc", (classes, size) => ResNet.Build(depth, classes, size))),
        new("squeezenet1.0", "classifier.1", (classes, size) => SqueezeNet.Build(lighter: false, classes, size)),
        new("squeezenet1.1", "classifier.1", (classes, size) => SqueezeNet.Build(lighter: true, classes, size)),
        .. Vgg.Depths.Select(depth => new TorchvisionArchitecture(
            $"vgg{depth}-bn", "classifier.6", (classes, _) => Vgg.Build(depth, classes), SmallImages: false)),
        new("mobilenetv2", "classifier.1", MobileNetV2.Build),
    ];

    /// <summary>The network for <paramref name="classes"/>; by default as many as <paramref name="checkpoint"/> has, or ImageNet.</summary>
    /// <exception cref="NernException">It cannot take such images, or tell so many classes apart.</exception>
    internal Graph Build(Checkpoint? checkpoint, int? classes, int? size)
    {
        var logits = Architectures.LastLayer.Logits(classes, LogitsOf(checkpoint), DefaultClasses);
        if (!SmallImages && size is not null and not DefaultSize)
            throw new NernException($"{Name} takes images of {DefaultSize}x{DefaultSize}; got {size}x{size}.");
        return Graph(logits, size ?? DefaultSize);
    }

    private int? LogitsOf(Checkpoint? checkpoint)
    {
        var last = $"{LastLayer}.weight";
        return checkpoint is null ? null : Architectures.LastLayer.LogitsOf(
            checkpoint, last, Graph(DefaultClasses, DefaultSize).Parameters.First(parameter => parameter.Name == last).Shape[1..]);
    }
}
