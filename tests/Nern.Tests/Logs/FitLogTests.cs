using System.Text;
using System.Text.Json.Nodes;
using Nern.Logs;

namespace Nern.Tests.Logs;

public sealed class FitLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string LogPath => _folder.File("fit.log.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_step_is_one_line()
    {
        Write(null, Step(7) with { Kd = null });

        Assert.Equal(
            """{"kind":"step","step":7,"seconds":1.5,"phase":"distilling","reconstruction":0.25,"fmd":2,"total":0.5,"learningRate":0.001,"stepsPerSecond":3,"imagesPerSecond":192}"""
            + "\n",
            File.ReadAllText(LogPath));
    }

    [Fact]
    public void An_evaluation_is_one_line_with_the_error_of_each_layer()
    {
        Write(null, new EvaluationEntry(
            7, 1.5, "distilling", double.NaN, 0.1, 0.9, 0.95, 0.02, true, new Dictionary<string, double> { ["conv1"] = 0.2 }));

        Assert.Equal(
            """{"kind":"evaluation","step":7,"seconds":1.5,"phase":"distilling","validationKl":"NaN","relativeWeightError":0.1,"accuracy":0.9,"agreement":0.95,"meanKl":0.02,"isBest":true,"layerErrors":{"conv1":0.2}}"""
            + "\n",
            File.ReadAllText(LogPath));
    }

    [Fact]
    public void What_was_written_is_read_and_what_is_no_line_of_a_log_is_left_out()
    {
        var evaluation = new EvaluationEntry(
            7, 1.5, "distilling", double.NaN, 0.1, null, 0.95, 0.02, true, new Dictionary<string, double> { ["conv1"] = 0.2 });
        Write(null, Step(6) with { Kd = null }, evaluation);
        File.AppendAllText(LogPath, "not a line\n{\"kind\":\"other\",\"step\":1}\n{}\nnull\n{\"kind\":\"step\",\"step\":9,\"sec");

        var entries = FitLog.Read(LogPath);

        Assert.Equal(2, entries.Count);
        Assert.Equal(Step(6) with { Kd = null }, entries[0]);
        var read = Assert.IsType<EvaluationEntry>(entries[1]);
        Assert.Equal(evaluation with { LayerErrors = read.LayerErrors }, read);
        Assert.Equal(evaluation.LayerErrors, read.LayerErrors);
        Assert.Empty(FitLog.Read(_folder.File("gone")));
    }

    [Fact]
    public void A_log_begun_anew_replaces_the_old_one()
    {
        Write(null, Step(1), Step(2));
        Write(null, Step(1));

        Assert.Equal([1], Steps());
    }

    [Theory]
    [InlineData(0, new long[0])]
    [InlineData(3, new long[] { 1, 2, 3 })]
    [InlineData(9, new long[] { 1, 2, 3, 4, 5 })]
    public void A_log_gone_on_with_keeps_the_lines_up_to_the_step(long last, long[] kept)
    {
        Write(null, [.. Enumerable.Range(1, 5).Select(step => Step(step))]);
        Write(last, Step(last + 1));

        Assert.Equal([.. kept, last + 1], Steps());
        Assert.Single(Directory.GetFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public void A_log_cut_anywhere_keeps_its_whole_lines()
    {
        Write(null, Step(1), Step(2));
        var bytes = File.ReadAllBytes(LogPath);
        for (var length = 0; length <= bytes.Length; length++)
        {
            File.WriteAllBytes(LogPath, bytes[..length]);
            Write(2, Step(3));

            // The end of a line may be lost without the line.
            var whole = Encoding.UTF8.GetString(bytes[..length]).Split('\n').Count(line => line.EndsWith('}'));
            Assert.Equal([.. Enumerable.Range(1, whole), 3], Steps());
        }
    }

    [Fact]
    public void What_is_no_line_of_a_log_is_dropped()
    {
        File.WriteAllLines(LogPath, ["", "\0\0\0", "[1]", "3", "null", """{"kind":"step"}""", """{"step":"1"}""", """{"step":1.5}""", """{"step":1}"""]);
        Write(5, Step(6));

        Assert.Equal([1, 6], Steps());
    }

    [Fact]
    public void There_need_be_nothing_to_go_on_with()
    {
        Write(5, Step(6));

        Assert.Equal([6], Steps());
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named()
    {
        Directory.CreateDirectory(LogPath);

        Assert.Equal(
            $"'{LogPath}' could not be written: expected the path of a file, found a folder.",
            Assert.Throws<NernException>(() => FitLog.Open(LogPath)).Message);
    }

    private static StepEntry Step(long step) => new(step, 1.5, "distilling", 0.25, 1, 2, 0.5, 1e-3, 3, 192);

    private void Write(long? resumeAtStep, params LogEntry[] entries)
    {
        using var log = FitLog.Open(LogPath, resumeAtStep);
        foreach (var entry in entries)
            log.Write(entry);
    }

    private IEnumerable<long> Steps() => File.ReadLines(LogPath).Select(line => (long)JsonNode.Parse(line)!["step"]!);
}
