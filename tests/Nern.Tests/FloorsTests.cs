using System.Reflection;
using Nern.Fitting;
using Nern.Representation;
using Nern.Tests.Floors;

namespace Nern.Tests;

/// <summary>Folders of the library use folders below them and no others (docs/architecture.md).</summary>
public class FloorsTests
{
    /// <summary>What reads a .nern file: an assembly of its own, on which all else stands.</summary>
    private static readonly string[] Reading =
    [
        "Nern", "Nern.Tensors", "Nern.Files", "Nern.Coding", "Nern.Checkpoints", "Nern.Networks", "Nern.OnnxModels", "Nern.Kernels",
        "Nern.Orderings", "Nern.Predictor", "Nern.Forward", "Nern.Representation",
    ];

    private static readonly string[] Working =
    [
        "Nern.Options", "Nern.Ranks", "Nern.Paths", "Nern.Onnx", "Nern.NetworkFiles", "Nern.Data", "Nern.Engine", "Nern.Optimizers", "Nern.Prediction",
        "Nern.Objectives",
        "Nern.Evaluation", "Nern.Insight", "Nern.Pruning", "Nern.Runs", "Nern.Fitting", "Nern.Compression", "Nern.Training", "Nern.Logs", "Nern.Pictures",
        "Nern.Profiling",
    ];

    private static readonly Assembly Reader = typeof(NeuralRepresentation).Assembly;

    private static readonly Assembly Library = typeof(Fit).Assembly;

    [Fact]
    public void No_folder_uses_one_above_it()
    {
        Assert.Empty(new FloorPlan([.. Reading]).Unplanned(Reader));
        Assert.Empty(new FloorPlan([.. Reading]).Violations(Reader));
        Assert.Empty(new FloorPlan([.. Reading, .. Working]).Unplanned(Library));
        Assert.Empty(new FloorPlan([.. Reading, .. Working]).Violations(Library));
    }

    [Fact]
    public void What_reads_a_file_uses_nothing_but_the_framework() => Assert.All(
        Reader.GetReferencedAssemblies(), name => Assert.StartsWith("System.", name.Name!));
}
