using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Nern.Cli.Options;
using Nern.Cli.Recipes;
using Nern.Fitting;

namespace Nern.Cli.Tests.Recipes;

public class RecipeWriterTests
{
    /// <summary>Any options, of whatever types: numbers in and out of the ordinary, every choice, what may be left out left out.</summary>
    [Fact]
    public void What_is_written_is_read_as_the_same_options() =>
        Prop.ForAll(AnyOptions().ToArbitrary(), options => Assert.Equal(options, RecipeReader.Read("written.yaml", Written(options))))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Every_option_is_written_under_its_subject()
    {
        var lines = Written(new FitOptions()).Split('\n');

        Assert.Equal("# Inputs", lines[0]);
        Assert.All(OptionCatalog<FitOptions>.All, option => Assert.Contains($"{option.Name}: {option.Default}", lines));
    }

    [Theory]
    [InlineData("kernel=3x3,-layer1.*", "kernel=3x3,-layer1.*")]
    [InlineData("-*downsample*", "-*downsample*")]
    [InlineData("*conv1", "\"*conv1\"")]
    [InlineData("it's: #1 \"a\"", "\"it's: #1 \\\"a\\\"\"")]
    public void What_yaml_would_read_as_something_else_is_quoted(string layers, string expected) => Assert.Contains(
        $"layers: {expected}", Written(new FitOptions { Predictor = new() { Layers = LayerSelection.Parse(layers) } }).Split('\n'));

    private static string Written(FitOptions options)
    {
        using var output = new StringWriter();
        RecipeWriter.Write(options, output);
        return output.ToString();
    }

    private static Gen<FitOptions> AnyOptions() =>
        OptionCatalog<FitOptions>.All.Aggregate(Gen.Constant(new FitOptions()), (options, option) =>
        from before in options
        from text in Text(option)
        select option.Set(before, text));

    // Texts that the option takes; which those are is the catalogue's own test.
    private static Gen<string> Text(OptionEntry<FitOptions> option) =>
        Gen.OneOf(
            ArbMap.Default.GeneratorFor<double>().Select(value => value.ToString("r", CultureInfo.InvariantCulture)),
            Gen.Choose(0, int.MaxValue).Select(value => (value * 1e-12).ToString("r", CultureInfo.InvariantCulture)),
            Gen.Choose(1, 40).Select(value => value.ToString(CultureInfo.InvariantCulture)),
            Gen.Choose(1, 40).Select(value => string.Create(CultureInfo.InvariantCulture, $"{value},{value * 0.5},{value * 3}")),
            Gen.Elements(
                "*conv*", "-*down*", "all,-layer1.*", "kernel=3x3,a: b", "\"quoted\"", "it's \\",
                "# é\u2028\ufffe", "&a", "!b", "%c", "@d", "- e", "[", "{"),
            Gen.Elements(option.Shape.Split('|')))
        .Where(text => option.Problem(option.Name, text) is null);
}
