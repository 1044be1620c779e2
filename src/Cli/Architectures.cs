using System.Globalization;
using System.Text.RegularExpressions;
using Nern.Checkpoints;
using Nern.Networks;

namespace Nern.Cli;

/// <summary>The architectures a checkpoint can be read as, by name.</summary>
internal static partial class Architectures
{
    /// <summary>The names that help and errors list; every resnetN with N = 6n + 2 is understood.</summary>
    internal static IReadOnlyList<string> Names { get; } = ["resnet20", "resnet32", "resnet44", "resnet56", "resnet110"];

    /// <summary>Builds the architecture called <paramref name="name"/>.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="checkpoint">Tells the shortcut and the classes where they are not given.</param>
    /// <param name="shortcut">The kind of shortcut, or null.</param>
    /// <param name="classes">The number of logits, or null.</param>
    /// <exception cref="NernException">There is no such architecture.</exception>
    internal static Graph Build(string name, Checkpoint checkpoint, Shortcut? shortcut, int? classes) =>
        CifarResNet.Build(DepthOf(name, Names), shortcut ?? ShortcutOf(checkpoint), classes ?? ClassesOf(checkpoint));

    /// <summary>The names that can be trained; besides <see cref="Names"/> a linear classifier, to hold them against.</summary>
    internal static IReadOnlyList<string> Trainable { get; } = [.. Names, Linear];

    /// <summary>Builds the architecture called <paramref name="name"/> to be trained.</summary>
    /// <exception cref="NernException">There is no such architecture.</exception>
    internal static Graph Build(string name, Shortcut shortcut, int classes)
    {
        if (name != Linear)
            return CifarResNet.Build(DepthOf(name, Trainable), shortcut, classes);
        var graph = new GraphBuilder(new(3, 32, 32));
        graph.Append(new Gemm(Linear, [graph.Append(new Flatten("flatten", [0]))], classes));
        return graph.Build();
    }

    /// <summary>Builds the architecture called <paramref name="name"/> as it is usual for CIFAR-10.</summary>
    /// <exception cref="NernException">There is no such architecture.</exception>
    internal static Graph Build(string name) => CifarResNet.Build(DepthOf(name, Names));

    private const string Linear = "linear";

    private static int DepthOf(string name, IReadOnlyList<string> known)
    {
        var match = ResNet().Match(name);
        return match.Success && int.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var depth)
            ? depth
            : throw new NernException($"There is no architecture '{name}'; known are {string.Join(", ", known)}.");
    }

    private static Shortcut ShortcutOf(Checkpoint checkpoint) =>
        checkpoint.Names.Any(name => name.Contains(".shortcut.", StringComparison.Ordinal)) ? Shortcut.B : Shortcut.A;

    // Where the checkpoint does not tell, it does not fit either, and loading it says in which way.
    private static int ClassesOf(Checkpoint checkpoint) =>
        checkpoint.Tensors.GetValueOrDefault("linear.weight") is { Shape: [>= 2 and var classes, _] } ? classes : 10;

    [GeneratedRegex("^resnet([0-9]{1,4})$", RegexOptions.IgnoreCase)]
    private static partial Regex ResNet();
}
