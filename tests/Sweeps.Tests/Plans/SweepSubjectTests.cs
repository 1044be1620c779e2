using FsCheck;
using FsCheck.Fluent;
using Nern.Cli.Recipes;
using Nern.Cli.Tests.Support;
using Nern.Fitting;
using Nern.Sweeps.Plans;

namespace Nern.Sweeps.Tests.Plans;

public sealed class SweepSubjectTests : IDisposable
{
    private static readonly OptionTexts Texts = new();

    private readonly Workspace _workspace = new Workspace().AddTinyModel();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_order_of_options_decides_nothing()
    {
        var subject = Subject();
        (string, string)[] settings =
            [("hidden", "12"), ("depth", "4"), ("kd", "1e-2"), ("ordering", "none"), ("steps", "7"), ("warmup", "3")];
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
        (string, string)[] settings =
            [("hidden", "12"), ("kd", "0"), ("steps", "7"), ("evaluate-every", "3"), ("noise", "uniform"), ("precision", "f32")];
        var groups = settings.Select(setting => subject.GroupOf(Apply([setting]))).Append(subject.GroupOf(Apply([])));

        Assert.Equal(7, groups.Distinct().Count());
    }

    [Fact]
    public void Bytes_decide_and_not_where_they_lie()
    {
        var before = Subject().GroupOf(Apply([]));
        foreach (var name in new[] { "tiny.safetensors", "cifar/data_batch_1.bin", "cifar/test_batch.bin" })
            _workspace.Write($"other/{name}", File.ReadAllBytes(_workspace.Path(name)));
        Assert.Equal(before, Subject("other/").GroupOf(Apply([])));

        _workspace.Write("other/cifar/test_batch.bin", TinyModel.Records(seed: 9));
        Assert.NotEqual(before, Subject("other/").GroupOf(Apply([])));
    }

    [Fact]
    public void Built_in_images_are_known_by_their_name()
    {
        Assert.Equal(On("shapes"), On("SHAPES"));
        Assert.NotEqual(Subject().GroupOf(Apply([])), On("shapes"));

        string On(string data) => new SweepSubject(_workspace.Path("tiny.safetensors"), TinyModel.Architecture, data).GroupOf(Apply([]));
    }

    private SweepSubject Subject(string folder = "") =>
        new(_workspace.Path($"{folder}tiny.safetensors"), TinyModel.Architecture, $"cifar10:{_workspace.Path($"{folder}cifar")}");

    private static IReadOnlyDictionary<string, string> Apply(IEnumerable<(string Name, string Text)> settings) =>
        Texts.Write(settings.Aggregate(new FitOptions(), (options, setting) => Texts.Set(options, setting.Name, setting.Text)));
}
