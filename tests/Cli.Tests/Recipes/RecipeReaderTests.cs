using Nern.Cli.Recipes;
using Nern.Data;
using Nern.Engine;
using Nern.Fitting;
using Nern.Orderings;

namespace Nern.Cli.Tests.Recipes;

public class RecipeReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n\n")]
    [InlineData("{}")]
    public void A_recipe_that_sets_nothing_is_the_defaults(string text) =>
        Assert.Equal(new FitOptions(), RecipeReader.Read("my.yaml", text));

    [Fact]
    public void Options_are_set_by_name() => Assert.Equal(
        new FitOptions
        {
            Predictor = new() { Hidden = 180, EmbeddingBase = 0.76, Ordering = OrderingKind.InFilter },
            Objective = new() { Kd = 1e-4, Warmup = 0 },
            Precision = Precision.BFloat16,
            Inputs = new() { Noise = NoiseKind.Uniform },
            Budget = new() { Steps = 5 },
        },
        RecipeReader.Read("my.yaml", """
            # A comment.
            hidden: 180            # and another
            embedding-base: "0.76"
            kd: 1e-4
            ordering: in-filter
            precision: bf16
            minutes: none
            noise: uniform
            warmup: 0
            steps: 5
            """));

    [Fact]
    public void An_unknown_option_is_refused_with_its_line_and_the_nearest_name() => Refused(
        "'my.yaml', line 3: there is no option 'embeding-base'; did you mean 'embedding-base'?",
        "# mine\nhidden: 160\nembeding-base: 0.76\n");

    [Theory]
    [InlineData("'my.yaml', line 1: the option hidden takes a whole number from 1 to 16384; got 'many'.", "hidden: many")]
    [InlineData("'my.yaml', line 2: the option hidden takes a whole number from 1 to 16384; got '0'.", "kd: 0\nhidden: 0")]
    [InlineData("'my.yaml', line 1: the option hidden takes a whole number from 1 to 16384; got ''.", "hidden:\nkd: 0")]
    [InlineData("'my.yaml', line 1: the option hidden takes a whole number from 1 to 16384; got '1,2'.", "hidden: [1, 2]")]
    [InlineData("'my.yaml', line 1: the option kd takes a number from 0 on; got '.nan'.", "kd: .nan")]
    [InlineData("'my.yaml', line 3: the option hidden is there twice.", "hidden: 1\nkd: 0\nhidden: 1")]
    [InlineData("'my.yaml', line 1: expected the name of an option and its value, as in 'hidden: 160'.", "- hidden")]
    [InlineData("'my.yaml', line 1: expected the name of an option and its value, as in 'hidden: 160'.", "hidden")]
    [InlineData("'my.yaml', line 1: expected the name of an option and its value, as in 'hidden: 160'.", "hidden: {kd: 1}")]
    [InlineData("'my.yaml', line 2: expected the name of an option and its value, as in 'hidden: 160'.", "hidden:\n  - [1]")]
    [InlineData("'my.yaml', line 1: expected the name of an option and its value, as in 'hidden: 160'.", "? [a]\n: 1")]
    [InlineData("'my.yaml', line 2: expected the name of an option and its value, as in 'hidden: 160'.", "---\n...")]
    [InlineData("'my.yaml', line 1: '8' has a tag or an anchor, which recipes do without.", "hidden: &a 8\nbatch: *a")]
    [InlineData("'my.yaml', line 2: expected the name of an option and its value, as in 'hidden: 160'.", "hidden: 8\nbatch: *a")]
    [InlineData("'my.yaml', line 1: '8' has a tag or an anchor, which recipes do without.", "hidden: !!int 8")]
    [InlineData("'my.yaml', line 1: the option hidden has a tag or an anchor, which recipes do without.", "hidden: &a [1]")]
    [InlineData("'my.yaml', line 1: expected the name of an option and its value, as in 'hidden: 160'.", "&a {hidden: 8}")]
    [InlineData("'my.yaml', line 2: expected one document, found a second.", "hidden: 8\n---\nhidden: 9")]
    [InlineData("'my.yaml' cannot be read: expected text, found a zero byte.", "hidden: 8\n\0kd: 0")]
    public void What_is_no_recipe_is_refused_in_a_sentence(string expected, string text) => Refused(expected, text);

    [Theory]
    [InlineData("hidden: {8")]
    [InlineData("hidden: 'x")]
    [InlineData("hidden: 8\n\tkd: 1")]
    [InlineData("hidden: 8: 9")]
    public void What_is_not_yaml_is_refused_with_its_line(string text) =>
        Assert.Matches("^'my.yaml', line [12]: expected", Assert.Throws<NernException>(() => RecipeReader.Read("my.yaml", text)).Message);

    [Fact]
    public void Deep_nesting_is_refused_at_its_first_level() =>
        Refused(
            "'my.yaml', line 1: expected the name of an option and its value, as in 'hidden: 160'.", $"hidden: {new string('[', 1 << 19)}");

    private static void Refused(string expected, string text) =>
        Assert.Equal(expected, Assert.Throws<NernException>(() => RecipeReader.Read("my.yaml", text)).Message);
}
