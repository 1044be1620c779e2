using Nern.Cli.Display.Reports;
using Nern.Compression;
using Nern.Evaluation;
using Nern.Insight;
using Nern.Kernels;
using Nern.Logs;
using Nern.Networks;
using Nern.Orderings;
using Nern.Representation;

namespace Nern.Cli.Pages;

/// <summary>All that a page tells of a representation.</summary>
/// <param name="File">The .nern file.</param>
/// <param name="Representation">What is in it.</param>
/// <param name="Reconstruction">The network that it gives back.</param>
/// <param name="Sizes">What the parts of the file take.</param>
/// <param name="OrderingBytes">What the order of each layer takes in the file, where it has one.</param>
/// <param name="Usual">What the original takes otherwise.</param>
/// <param name="Log">The course of the fit; empty where there is no log.</param>
internal sealed record Findings(
    string File, NeuralRepresentation Representation, Network Reconstruction, RepresentationSizes Sizes,
    IReadOnlyDictionary<string, long> OrderingBytes, UsualSizes Usual, IReadOnlyList<LogEntry> Log)
{
    /// <summary>The file's own name.</summary>
    internal string Name => Path.GetFileName(File);

    /// <summary>The convolutions that are not as they were.</summary>
    internal IReadOnlyList<LearnableLayer> Layers => Representation.Layers;

    /// <summary>The network that it was fitted to, if it was given.</summary>
    internal Network? Original { get; init; }

    /// <summary>The images that were given, as their source is written.</summary>
    internal string? Images { get; init; }

    /// <summary>How alike the features are that original and reconstruction make of the images, of a network that ends in features.</summary>
    internal FeatureAgreement? Features { get; init; }

    /// <summary>What the reconstruction makes of the images, as classes.</summary>
    internal Classification? Given { get; init; }

    /// <summary>What the original makes of them.</summary>
    internal Classification? Expected { get; init; }

    /// <summary>Beside another file, if one was given.</summary>
    internal ComparisonReport? Comparison { get; init; }

    /// <summary>The filters of all layers, if the original was given.</summary>
    internal IReadOnlyList<FilterImportance> Filters { get; init; } = [];

    /// <summary>The images that the filters' activations are of, if there were any.</summary>
    internal int? ActivationImages { get; init; }

    /// <summary>How smooth layers are in each order: the original's where it was given.</summary>
    internal required IReadOnlyList<(OrderingKind Kind, IReadOnlyList<Smoothness> Layers)> Smoothness { get; init; }

    /// <summary>The weight errors of the layers, if the original was given.</summary>
    internal IReadOnlyList<WeightError> Errors => Original is null ? [] : WeightError.OfLayers(Original, Reconstruction, Layers);

    /// <summary>The order in which the predictor meets the kernels of a layer; null where it is not predicted.</summary>
    internal Ordering? OrderOf(LearnableLayer layer) => Representation.Design is { } design
        && design.Layout.Layers.ToList().IndexOf(layer) is >= 0 and var place ? design.OrderOfKernels(place) : null;
}
