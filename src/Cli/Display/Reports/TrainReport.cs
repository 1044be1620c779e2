using System.Text.Json;
using System.Text.Json.Nodes;
using Nern.Evaluation;
using Nern.Profiling;
using Nern.Training;

namespace Nern.Cli.Display.Reports;

/// <summary>What a training has come to, as JSON.</summary>
internal static class TrainReport
{
    internal static byte[] Of(
        string output, string architecture, TrainOptions options, TrainEvaluation kept, IReadOnlyList<TrainEvaluation> epochs) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject
            {
                ["file"] = output,
                ["architecture"] = architecture,
                ["processor"] = Processor.Name,
                ["threads"] = OneDnn.ParallelRegion.Threads,
                ["options"] = options.ToJson(),
                ["kept"] = Of(kept),
                ["epochs"] = new JsonArray([.. epochs.Select(Of)]),
            },
            JsonText.Indented);

    private static JsonObject Of(TrainEvaluation evaluation) => new()
    {
        ["epoch"] = evaluation.Epoch,
        ["seconds"] = evaluation.Elapsed.TotalSeconds,
        ["loss"] = evaluation.Loss,
        ["imagesPerSecond"] = evaluation.ImagesPerSecond,
        ["trainingAccuracy"] = evaluation.TrainingAccuracy,
        ["smoothness"] = evaluation.Smoothness,
        ["validation"] = Of(evaluation.Validation),
        ["test"] = Of(evaluation.Test),
    };

    private static JsonObject? Of(Accuracy? accuracy) => accuracy is not { } value
        ? null
        : new() { ["correct"] = value.Correct, ["count"] = value.Count, ["share"] = value.Share };
}
