using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Nern.Fitting;
using Nern.Kernels;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.Tests.Engine.Reference;

namespace Nern.Tests.Fitting;

public class LayerSelectionTests
{
    // conv1, block1.conv1, block1.conv2, block2.conv1, block2.conv2 of 3x3 and shortcut of 1x1.
    private static readonly Graph Residual = ExampleGraphs.Build("residual B");

    [Theory]
    [InlineData("all", "conv1,block1.conv1,block1.conv2,block2.conv1,block2.conv2,shortcut")]
    [InlineData("*", "conv1,block1.conv1,block1.conv2,block2.conv1,block2.conv2,shortcut")]
    [InlineData("kernel=3x3", "conv1,block1.conv1,block1.conv2,block2.conv1,block2.conv2")]
    [InlineData("kernel=1x1", "shortcut")]
    [InlineData("-kernel=1x1", "conv1,block1.conv1,block1.conv2,block2.conv1,block2.conv2")]
    [InlineData("kernel=3x3,-block1.*", "conv1,block2.conv1,block2.conv2")]
    [InlineData("-conv1,-*short*", "block1.conv1,block1.conv2,block2.conv1,block2.conv2")]
    [InlineData("shortcut, block2.*", "block2.conv1,block2.conv2,shortcut")]
    [InlineData("conv1", "conv1")]
    [InlineData("*conv1", "conv1,block1.conv1,block2.conv1")]
    [InlineData("b*1.c*2", "block1.conv2")]
    [InlineData("block*,kernel=1x1,-*conv1", "block1.conv2,block2.conv2,shortcut")]
    [InlineData("all,-all,shortcut", null)]
    public void Layers_are_selected_by_kernel_and_by_name(string selection, string? expected)
    {
        if (expected is not null)
            Assert.Equal(expected.Split(','), Names(selection).Split(',').OrderBy(name => expected.Split(',').IndexOf(name)));
        else
            Assert.Throws<NernException>(() => Names(selection));
    }

    [Fact]
    public void Of_ResNet_18_the_paper_takes_the_kernels_of_3x3()
    {
        var layers = LayerSelection.Parse("kernel=3x3").Of(ResNet.Build(18));

        Assert.Equal((16, 1_220_608), (layers.Count, layers.Sum(layer => layer.Kernels)));
        Assert.DoesNotContain(layers, layer => layer.Name == "conv1" || layer.Name.Contains("downsample", StringComparison.Ordinal));
    }

    [Fact]
    public void Selected_layers_come_in_the_order_of_the_network() => Assert.Equal(
        LearnableLayer.AllOf(Residual).Where(layer => layer.KernelSize == 9), LayerSelection.Parse("block*,conv1,kernel=3x3").Of(Residual));

    [Theory]
    [InlineData("")]
    [InlineData("conv1,")]
    [InlineData("-")]
    [InlineData("kernel=3")]
    [InlineData("kernel=3x")]
    [InlineData("kernel=0x3")]
    [InlineData("kernel=3x3x3")]
    [InlineData("kernel=-1x3")]
    [InlineData("kernel=99999999999x3")]
    [InlineData("stride=2")]
    [InlineData("conv\n1")]
    public void What_is_no_term_is_refused(string text)
    {
        Assert.False(LayerSelection.TryParse(text, out _));
        Assert.Equal(
            $"Layers are selected by terms such as all, kernel=3x3, layer3.* or -conv1, with commas between them; got '{text}'.",
            Assert.Throws<NernException>(() => LayerSelection.Parse(text)).Message);
    }

    [Theory]
    [InlineData("kernel=5x5", "No convolution of the network matches 'kernel=5x5'; their kernels are 1x1 and 3x3.")]
    [InlineData("all,-kernel=1x3", "No convolution of the network matches '-kernel=1x3'; their kernels are 1x1 and 3x3.")]
    [InlineData("blok2.*", "No convolution of the network matches 'blok2.*'; the nearest name is 'block2.conv1'.")]
    [InlineData("-shortcuts", "No convolution of the network matches '-shortcuts'; the nearest name is 'shortcut'.")]
    [InlineData("Conv1", "No convolution of the network matches 'Conv1'; the nearest name is 'conv1'.")]
    [InlineData(
        "kernel=1x1,-short*",
        "The layers 'kernel=1x1,-short*' leave no convolution to predict; the network has 6, from 'conv1' to 'shortcut', with kernels of 1x1 and 3x3.")]
    public void A_term_or_a_selection_that_matches_nothing_is_refused(string selection, string expected) =>
        Assert.Equal(expected, Assert.Throws<NernException>(() => Names(selection)).Message);

    [Fact]
    public void Layers_that_are_named_are_selected_and_written()
    {
        var some = LearnableLayer.AllOf(Residual).Where(layer => layer.Name is "conv1" or "shortcut").ToArray();

        var selection = LayerSelection.Named(some);

        Assert.Equal(some, selection.Of(Residual));
        Assert.Equal(LayerSelection.Parse("conv1,shortcut"), selection);
    }

    [Fact]
    public void A_selection_is_written_as_it_is_read() =>
        Prop.ForAll(Texts().ToArbitrary(), text =>
        {
            var selection = LayerSelection.Parse(text);
            var again = LayerSelection.Parse(selection.ToString());
            Assert.Equal(selection, again);
            Assert.Equal(selection.GetHashCode(), again.GetHashCode());
            Assert.Equal(selection.ToString(), again.ToString());
            Assert.Equal(selection, JsonSerializer.Deserialize<LayerSelection>(JsonSerializer.Serialize(selection)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_pattern_matches_the_names_that_a_naive_search_finds() =>
        Prop.ForAll(Gen.Zip(Words(), Words()).ToArbitrary(), pair =>
        {
            var (pattern, name) = pair;
            name = name.Replace("*", "b", StringComparison.Ordinal);
            var matches = LayerTerm.Read(pattern)!.Matches(new LearnableLayer(name, 1, 1, 1, 1));
            Assert.Equal(Naive(pattern, name), matches);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Selections_with_other_terms_differ()
    {
        Assert.NotEqual(LayerSelection.Parse("conv1"), LayerSelection.Parse("-conv1"));
        Assert.NotEqual(LayerSelection.Parse("kernel=3x1"), LayerSelection.Parse("kernel=1x3"));
        Assert.Equal(LayerSelection.All, LayerSelection.Parse(" * "));
        Assert.False(LayerSelection.All.Equals(null));
    }

    private static string Names(string selection) =>
        string.Join(',', LayerSelection.Parse(selection).Of(Residual).Select(layer => layer.Name));

    private static bool Naive(string pattern, string name) =>
        pattern.Length == 0 ? name.Length == 0
        : pattern[0] == '*' ? Enumerable.Range(0, name.Length + 1).Any(start => Naive(pattern[1..], name[start..]))
        : name.Length > 0 && name[0] == pattern[0] && Naive(pattern[1..], name[1..]);

    private static Gen<string> Words() =>
        Gen.NonEmptyListOf(Gen.Elements('a', 'b', '*')).Where(letters => letters.Count < 9).Select(letters => string.Concat(letters));

    private static Gen<string> Texts() => Gen.NonEmptyListOf(
            from minus in Gen.Elements("", "-", " - ")
            from term in Gen.OneOf(
                Words(), Gen.Elements("all", "layer3.*", "-odd", "a b"), Gen.Choose(1, 99).Select(size => $"kernel={size}x{100 - size}"))
            select minus + term)
        .Select(terms => string.Join(',', terms));
}
