using System.Globalization;
using System.Text.RegularExpressions;
using Nern.Checkpoints;

namespace Nern.Networks.Architectures;

/// <summary>The architectures a checkpoint can be read as, by name: ResNets for CIFAR, and torchvision's networks for ImageNet.</summary>
internal static partial class ArchitectureRegistry
{
    private const string Linear = "linear";
    private const int CifarSize = 32, CifarClasses = 10;

    /// <summary>
    /// The names that help and errors list. Every resnetN with N = 6n + 2 is a ResNet for CIFAR, but for resnet50: that is torchvision's,
    /// unless a checkpoint is one of the other.
    /// </summary>
    internal static IReadOnlyList<string> Names { get; } =
    [
        "resnet20", "resnet32", "resnet44", "resnet56", "resnet110",
        .. TorchvisionArchitecture.All.Select(architecture => architecture.Name),
    ];

    /// <summary>
    /// The names that can be trained, which takes images of the right size: besides most <see cref="Names"/> a linear classifier, to hold
    /// them against.
    /// </summary>
    internal static IReadOnlyList<string> Trainable { get; } =
        [.. Names.Except(TorchvisionArchitecture.All.Where(architecture => !architecture.SmallImages).Select(a => a.Name)), Linear];

    /// <summary>Builds the architecture called <paramref name="name"/>.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="checkpoint">Tells the shortcut and the classes where they are not given.</param>
    /// <param name="shortcut">The kind of shortcut, or null.</param>
    /// <param name="classes">The classes it tells apart, or null.</param>
    /// <param name="size">Rows and columns of an image, or null.</param>
    /// <exception cref="NernException">There is no such architecture, or it has no choice of shortcuts and one was given.</exception>
    internal static Graph Build(string name, Checkpoint checkpoint, Shortcut? shortcut = null, int? classes = null, int? size = null)
    {
        if (Torchvision(name, checkpoint) is not { } architecture)
            return Cifar(
                name, Names, shortcut ?? ShortcutOf(checkpoint),
                LastLayer.Logits(classes, LastLayer.LogitsOf(checkpoint, $"{Linear}.weight", 64), CifarClasses), size);
        return shortcut is null
            ? architecture.Build(checkpoint, classes, size)
            : throw new NernException($"Only ResNets for CIFAR have a choice of shortcuts; {architecture.Name} has none.");
    }

    /// <summary>Whether the architecture called <paramref name="name"/> has a choice of shortcuts.</summary>
    internal static bool HasShortcuts(string name, Checkpoint checkpoint) => Torchvision(name, checkpoint) is null;

    /// <summary>Builds the architecture called <paramref name="name"/> to be trained.</summary>
    /// <param name="name">One of <see cref="Trainable"/>.</param>
    /// <param name="shortcut">The kind of shortcut of a ResNet for CIFAR.</param>
    /// <param name="classes">The classes, with a logit each.</param>
    /// <param name="size">Rows and columns of an image.</param>
    /// <exception cref="NernException">There is no such architecture, it takes no such images, or there is one class.</exception>
    internal static Graph Build(string name, Shortcut shortcut, int classes, int size)
    {
        if (Torchvision(name) is { } architecture)
            return architecture.Build(null, classes, size);
        if (name != Linear)
            return Cifar(name, Trainable, shortcut, LastLayer.CheckClasses(classes), size);
        var graph = new GraphBuilder(new(3, size, size));
        graph.Append(new Gemm(Linear, [graph.Append(new Flatten("flatten", [0]))], LastLayer.CheckClasses(classes)));
        return graph.Build();
    }

    /// <summary>Builds the architecture called <paramref name="name"/> as it is usual for CIFAR-10 or ImageNet.</summary>
    /// <exception cref="NernException">There is no such architecture.</exception>
    internal static Graph Build(string name, int? size = null) =>
        Torchvision(name)?.Build(null, null, size) ?? Cifar(name, Names, Shortcut.A, CifarClasses, size);

    /// <summary>Builds the architecture that a file names; files of today must find it for good.</summary>
    /// <exception cref="NernException">There is no such architecture.</exception>
    internal static Graph Build(ArchitectureName name) => name.Shortcut is { } shortcut
        ? Cifar(name.Name, Names, shortcut, name.Logits, name.Size)
        : Torchvision(name.Name)?.Build(null, name.Logits, name.Size)
            ?? throw new NernException($"There is no architecture '{name.Name}' without a choice of shortcuts.");

    /// <summary>Rows and columns of the images that an architecture takes where nothing is said.</summary>
    internal static int UsualSize(string name) => Torchvision(name) is null ? CifarSize : TorchvisionArchitecture.DefaultSize;

    // A checkpoint can be one of CIFAR's under a name that both have.
    private static TorchvisionArchitecture? Torchvision(string name, Checkpoint checkpoint) =>
        ResNet().IsMatch(name) && Holds(checkpoint, 16, 3, 3, 3) ? null : Torchvision(name);

    private static TorchvisionArchitecture? Torchvision(string name) =>
        TorchvisionArchitecture.All.FirstOrDefault(
            architecture => string.Equals(architecture.Name, name, StringComparison.OrdinalIgnoreCase));

    private static Graph Cifar(string name, IReadOnlyList<string> known, Shortcut shortcut, int logits, int? size)
    {
        var match = ResNet().Match(name);
        if (!match.Success || !int.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var depth))
            throw new NernException($"There is no architecture '{name}'; known are {string.Join(", ", known)}.");
        var graph = CifarResNet.WithLogits(depth, shortcut, logits);
        return size is null or CifarSize
            ? graph
            : throw new NernException($"A ResNet for CIFAR takes images of {CifarSize}x{CifarSize}; got {size}x{size}.");
    }

    // Whatever its layers are called: only a shortcut with parameters has such a convolution.
    private static Shortcut ShortcutOf(Checkpoint checkpoint) => Holds(checkpoint, 32, 16, 1, 1) ? Shortcut.B : Shortcut.A;

    private static bool Holds(Checkpoint checkpoint, params int[] shape) =>
        checkpoint.Tensors.Values.Any(tensor => tensor.Shape.SequenceEqual(shape));

    [GeneratedRegex("^resnet([0-9]{1,4})$", RegexOptions.IgnoreCase)]
    private static partial Regex ResNet();
}
