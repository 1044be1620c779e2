using System.Reflection;
using Nern.Fitting;
using Nern.Tests.Floors;

namespace Nern.Tests;

/// <summary>Folders of the library use folders below them and no others (docs/architecture.md).</summary>
public class FloorsTests
{
    /// <summary>What is needed to read a .nern file: without an engine.</summary>
    private static readonly string[] Reading =
    [
        "Nern", "Nern.Tensors", "Nern.Files", "Nern.Coding", "Nern.Checkpoints", "Nern.Networks", "Nern.Kernels", "Nern.Orderings", "Nern.Predictor",
        "Nern.Representation",
    ];

    private static readonly string[] Working =
    [
        "Nern.Options", "Nern.Onnx", "Nern.NetworkFiles", "Nern.Data", "Nern.Engine", "Nern.Optimizers", "Nern.Prediction",
        "Nern.Objectives",
        "Nern.Evaluation", "Nern.Insight", "Nern.Runs", "Nern.Fitting", "Nern.Compression", "Nern.Training", "Nern.Logs", "Nern.Pictures",
        "Nern.Profiling",
    ];

    private static readonly Assembly Library = typeof(Fit).Assembly;

    [Fact]
    public void No_folder_uses_one_above_it()
    {
        var plan = new FloorPlan([.. Reading, .. Working]);

        Assert.Empty(plan.Unplanned(Library));
        Assert.Empty(plan.Violations(Library));
    }

    [Fact]
    public void What_reads_a_file_uses_no_native_code() => Assert.Empty(
        TypeUses.Of(Library)
            .Where(use => Reading.Contains(RoomOf(use.User)) && use.Used.Namespace is "Nern.OneDnn" or "SkiaSharp")
            .Select(use => $"{use.User} uses {use.Used}"));

    private static string RoomOf(Type type) => string.Join('.', type.Namespace?.Split('.').Take(2) ?? []);
}
