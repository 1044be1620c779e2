using FsCheck;
using FsCheck.Fluent;
using Nern.Cli.Options;
using Nern.Cli.Sweeps;
using Nern.Cli.Tests.Support;
using Nern.Fitting;

namespace Nern.Cli.Tests.Sweeps;

public sealed class SweepSubjectTests : IDisposable
{
    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_order_of_options_decides_nothing()
    {
        var subject = Subject();
        (string, string)[] settings = [("hidden", "12"), ("depth", "4"), ("kd", "1e-2"), ("ordering", "none"), ("steps", "7"), ("warmup", "3")];
        var group = subject.GroupOf(Apply(settings));

        Prop.ForAll(Gen.Shuffle(settings).ToArbitrary(), shuffled => subject.GroupOf(Apply(shuffled)) == group).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_value_written_in_another_way_is_the_same() =>
        Assert.Equal(Subject().GroupOf(Apply([("kd", "1e-2")])), Subject().GroupOf(Apply([("kd", "0.010")])));

    [Fact]
    public void Every_option_decides()
    {
        var subject = Subject();
        var groups = new[] { ("hidden", "12"), ("kd", "0"), ("steps", "7"), ("evaluate-every", "3"), ("noise", "uniform"), ("precision", "f32") }
            .Select(setting => subject.GroupOf(Apply([setting]))).Append(subject.GroupOf(new()));

        Assert.Equal(7, groups.Distinct().Count());
    }

    [Fact]
    public void The_seed_is_apart() => Assert.Equal(Subject().GroupOf(new() { Seed = 3 }), Subject().GroupOf(new()));

    [Fact]
    public void Bytes_decide_and_not_where_they_lie()
    {
        var before = Subject().GroupOf(new());
        foreach (var name in new[] { "tiny.safetensors", "cifar/data_batch_1.bin", "cifar/test_batch.bin" })
            _workspace.Write($"other/{name}", File.ReadAllBytes(_workspace.Path(name)));
        Assert.Equal(before, Subject("other/").GroupOf(new()));

        _workspace.Write("other/cifar/test_batch.bin", TinyModel.Records(seed: 9));
        Assert.NotEqual(before, Subject("other/").GroupOf(new()));
    }

    [Fact]
    public void Built_in_images_are_known_by_their_name()
    {
        Assert.Equal(On("shapes"), On("SHAPES"));
        Assert.NotEqual(Subject().GroupOf(new()), On("shapes"));

        string On(string data) => new SweepSubject(_workspace.Path("tiny.safetensors"), TinyModel.Architecture, data).GroupOf(new());
    }

    private SweepSubject Subject(string folder = "") =>
        new(_workspace.Path($"{folder}tiny.safetensors"), TinyModel.Architecture, $"cifar10:{_workspace.Path($"{folder}cifar")}");

    private static FitOptions Apply(IEnumerable<(string Name, string Text)> settings) =>
        settings.Aggregate(new FitOptions(), (options, setting) => FitOptionCatalog.Apply(options, setting.Name, setting.Text));
}
