using System.Text.Json.Nodes;
using Nern.Evaluation;
using Nern.Fitting;
using Nern.Logs;
using Nern.Objectives;
using Nern.Tests.Fitting;

namespace Nern.Tests.Logs;

public sealed class FitWatcherTests : IDisposable
{
    private static readonly LossWeights Weights = new(1, 0.5, 0.25);

    private readonly TemporaryFolder _folder = new();

    private string Output => _folder.File("out.nern");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_figure_of_a_step_is_in_the_log_and_in_the_events()
    {
        Watch(null, Progress(3, kd: 2, fmd: 3));

        var line = Assert.Single(Lines("step"));
        Assert.Equal(
            """{"kind":"step","step":3,"seconds":1.235,"phase":"distilling","reconstruction":0.125,"kd":2,"fmd":3,"total":1.875,"learningRate":0.003,"stepsPerSecond":4.5,"imagesPerSecond":288}""",
            line.ToJsonString());
        var recorded = Assert.Single(Events(), e => e.Scalars.Count > 0);
        Assert.Equal(3, recorded.Step);
        Equal(
            new()
            {
                ["loss/reconstruction"] = 0.125f,
                ["loss/kd"] = 2,
                ["loss/fmd"] = 3,
                ["loss/total"] = 0.125f + (0.5f * 2) + (0.25f * 3),
                ["step/learning-rate"] = 0.003f,
                ["step/steps-per-second"] = 4.5f,
                ["step/images-per-second"] = 288,
            },
            recorded.Scalars);
    }

    [Fact]
    public void What_is_off_is_left_out()
    {
        Watch(null, Progress(3, kd: 0, fmd: 0) with { ImagesPerSecond = 0 });

        Assert.Equal(
            """{"kind":"step","step":3,"seconds":1.235,"phase":"distilling","reconstruction":0.125,"total":0.125,"learningRate":0.003,"stepsPerSecond":4.5}""",
            Assert.Single(Lines("step")).ToJsonString());
        Assert.Equal(
            ["loss/reconstruction", "loss/total", "step/learning-rate", "step/steps-per-second"],
            Events()[^1].Scalars.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_figure_of_an_evaluation_is_in_the_log_and_in_the_events()
    {
        Watch(null, Progress(3, evaluation: Evaluation(3)));

        Assert.Equal(
            """{"kind":"evaluation","step":3,"seconds":1.2,"phase":"distilling","validationKl":0.75,"relativeWeightError":0.375,"accuracy":0.8,"agreement":0.9,"meanKl":0.0625,"isBest":true,"layerErrors":{"conv1":0.5,"layer1.0.conv1":0}}""",
            Assert.Single(Lines("evaluation")).ToJsonString());
        Equal(
            new()
            {
                ["evaluation/accuracy"] = 0.8f,
                ["evaluation/agreement"] = 0.9f,
                ["evaluation/mean-kl"] = 0.0625f,
                ["evaluation/validation-kl"] = 0.75f,
                ["evaluation/weight-error"] = 0.375f,
                ["layer-error/conv1"] = 0.5f,
                ["layer-error/layer1.0.conv1"] = 0,
            },
            Events()[^1].Scalars);
    }

    [Fact]
    public void A_step_and_an_evaluation_are_written_once_however_often_they_are_reported()
    {
        Watch(
            null, Progress(0, evaluation: Evaluation(0)), Progress(1), Progress(2), Progress(2, evaluation: Evaluation(2)),
            Progress(3, evaluation: Evaluation(2)), Progress(4, evaluation: Evaluation(4)));

        string[] expected = ["event 0", "evaluation 0", "step 1", "step 2", "evaluation 2", "step 3", "step 4", "evaluation 4"];
        Assert.Equal(expected, Lines().Select(line => $"{line["kind"]} {line["step"]}"));
        Assert.Equal([0, 1, 2, 2, 3, 4, 4], Events().Skip(2).Select(e => e.Step));
    }

    [Fact]
    public void A_fit_gone_on_with_drops_what_was_written_of_later_steps()
    {
        Watch(null, Progress(1), Progress(2, evaluation: Evaluation(2)), Progress(3));
        Watch(2, Progress(2, evaluation: Evaluation(2)), Progress(3), Progress(4));

        string[] expected = ["event 0", "step 1", "step 2", "evaluation 2", "event 2", "step 3", "step 4"];
        Assert.Equal(expected, Lines().Select(line => $"{line["kind"]} {line["step"]}"));
        Assert.Equal(["started", "resumed"], Lines("event").Select(line => (string)line["event"]!));
        Assert.Equal([1, 2, 2, 3, 4], Shown());
    }

    [Fact]
    public void A_fit_begun_anew_replaces_the_log_and_the_events()
    {
        Watch(null, Progress(1), Progress(2));
        Watch(null, Progress(1));

        Assert.Equal(["event", "step"], Lines().Select(line => (string)line["kind"]!));
        Assert.Single(Directory.GetFiles(FitWatcher.EventsOf(Output)));
    }

    [Fact]
    public void A_full_disk_is_told_of_once_and_the_fit_goes_on()
    {
        var (said, written) = (new List<string>(), new MemoryStream());
        using var watcher = new FitWatcher((new FitLog(new FullDisk(350)), new EventFile(written, 0)), null, said.Add);
        watcher.Report(Progress(1));
        Assert.False(watcher.HasFailed);

        watcher.Report(Progress(2));
        watcher.Report(Progress(3));

        Assert.True(watcher.HasFailed);
        Assert.Equal(["The fit goes on without its log, which could not be written: No space left on device."], said);
        Assert.Equal([1], RecordedEvent.ReadAll(written.ToArray()).Skip(2).Select(e => e.Step));
    }

    [Fact]
    public void A_fit_is_watched_to_its_end()
    {
        using var small = new FitCase();
        var reports = new List<FitProgress>();
        using (var watcher = new FitWatcher(Output))
        using (var fit = FitRound.Prepare(small.Engine, small.Network, small.Inputs(), FitCase.Options))
            fit.Run(progress =>
            {
                reports.Add(progress);
                watcher.Report(progress);
            });

        Assert.Equal([2, 4, 6], Lines("evaluation").Select(line => (long)line["step"]!));
        Assert.All(Lines("evaluation").Zip(reports.Select(report => report.Evaluation).OfType<FitEvaluation>().Distinct()), pair =>
        {
            Assert.Equal(pair.Second.RelativeError, (double)pair.First["relativeWeightError"]!);
            Assert.Equal(
                pair.Second.LayerErrors.Select(layer => (layer.Layer, layer.Relative)),
                pair.First["layerErrors"]!.AsObject().Select(layer => (layer.Key, (double)layer.Value!)));
        });
        var seconds = Lines().Skip(1).Select(line => (double)line["seconds"]!).ToList();
        Assert.Equal(seconds.Order(), seconds);
        Assert.Equal(reports.Select(report => report.Step).Distinct(), Lines("step").Select(line => (long)line["step"]!));
    }

    private static FitProgress Progress(long step, double kd = 1, double fmd = 1, FitEvaluation? evaluation = null) => new(
        "distilling", step, 10, new(0.125, kd, fmd), Weights.Total(new(0.125, kd, fmd)), 3e-3, 4.5, 288, TimeSpan.FromSeconds(1.23456),
        null, evaluation);

    private static FitEvaluation Evaluation(long step) => new(
        step, TimeSpan.FromSeconds(1.2), 0.75, 0.375, true, new Accuracy(8, 10), new Agreement(9, 10, 0.0625))
    {
        LayerErrors = [new("conv1", 9, 0.25, 1), new("layer1.0.conv1", 9, 0, 1)],
    };

    private static void Equal(Dictionary<string, float> expected, IReadOnlyDictionary<string, float> actual) =>
        Assert.Equal(expected, actual);

    private void Watch(long? resumeAtStep, params FitProgress[] reports)
    {
        using var watcher = new FitWatcher(Output, resumeAtStep, Assert.Fail);
        foreach (var report in reports)
            watcher.Report(report);
    }

    private List<JsonNode> Lines(string? kind = null) =>
        [.. File.ReadLines(FitWatcher.LogOf(Output)).Select(line => JsonNode.Parse(line)!)
            .Where(line => kind is null || (string)line["kind"]! == kind)];

    /// <summary>All events of the folder, in the order TensorBoard reads them in.</summary>
    private List<RecordedEvent> Events() =>
        [.. Directory.GetFiles(FitWatcher.EventsOf(Output)).Order(StringComparer.Ordinal).SelectMany(RecordedEvent.ReadAll)];

    /// <summary>The steps TensorBoard shows: any start but the first takes back its step and later ones.</summary>
    private List<long> Shown()
    {
        var (shown, started) = (new List<long>(), false);
        foreach (var e in Events())
            if (e.SessionStatus is null && e.FileVersion is null)
                shown.Add(e.Step);
            else if (e.SessionStatus is not null && started)
                shown.RemoveAll(step => step >= e.Step);
            else
                started |= e.SessionStatus is not null;
        return shown;
    }

    /// <summary>Takes some bytes and no more.</summary>
    private sealed class FullDisk(int capacity) : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length + buffer.Length > capacity)
                throw new IOException("No space left on device.");
            base.Write(buffer);
        }
    }
}
