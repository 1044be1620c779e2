using Nern.Cli.Options;
using Nern.Data;
using Nern.Engine;
using Nern.Fitting;
using Nern.Orderings;
using Nern.Training;

namespace Nern.Cli.Tests.Options;

public class OptionCatalogTests
{
    /// <summary>With these every option may take its whole range: where an option bounds another, it does not here.</summary>
    private static readonly FitOptions Lenient = new()
    {
        Budget = new() { Steps = 1, Minutes = 1 },
        Predictor = new() { EmbeddingBase = 0.5, EmbeddingLevels = 1 },
        Optimizer = new() { LearningRate = 10, DistillationLearningRate = 10, FinalLearningRate = 0 },
    };

    [Fact]
    public void Names_are_the_properties_in_kebab_case()
    {
        Assert.Contains("embedding-base", OptionCatalog<FitOptions>.Names);
        Assert.Contains("kd", OptionCatalog<FitOptions>.Names);
        Assert.Equal(OptionCatalog<FitOptions>.All.Count, OptionCatalog<FitOptions>.Names.Distinct().Count());
    }

    [Fact]
    public void Setting_an_option_sets_its_property_and_no_other()
    {
        foreach (var option in OptionCatalog<FitOptions>.All)
        {
            var other = OtherValue(option);
            var set = OptionCatalog<FitOptions>.Apply(Lenient, option.Name, other);

            Assert.Equal(other, option.Write(set));
            Assert.All(
                OptionCatalog<FitOptions>.All, each => Assert.Equal(each == option, each.Write(Lenient) != each.Write(set)));
        }
    }

    [Fact]
    public void Values_of_every_kind_are_read()
    {
        Assert.Equal(180, OptionCatalog<FitOptions>.Apply(Lenient, "hidden", "180").Predictor.Hidden);
        Assert.Equal(1e-4, OptionCatalog<FitOptions>.Apply(Lenient, "kd", "1e-4").Objective.Kd);
        Assert.Equal(OrderingKind.InFilter, OptionCatalog<FitOptions>.Apply(Lenient, "ordering", "In-Filter").Predictor.Ordering);
        Assert.Equal(Precision.BFloat16, OptionCatalog<FitOptions>.Apply(Lenient, "precision", "bf16").Precision);
        Assert.Null(OptionCatalog<FitOptions>.Apply(Lenient with { Precision = Precision.Float32 }, "precision", "auto").Precision);
        Assert.Equal(12, OptionCatalog<FitOptions>.Apply(Lenient, "warmup", "12").Objective.Warmup);
        Assert.Null(OptionCatalog<FitOptions>.Apply(Lenient, "minutes", "none").Budget.Minutes);
        Assert.Equal(ulong.MaxValue, OptionCatalog<FitOptions>.Apply(Lenient, "seed", "18446744073709551615").Seed);
        Assert.Equal(NoiseKind.Uniform, OptionCatalog<FitOptions>.Apply(Lenient, "noise", "uniform").Inputs.Noise);
    }

    [Theory]
    [InlineData("embeding-base", "1", "There is no option 'embeding-base'; did you mean 'embedding-base'?")]
    [InlineData("Hidden", "1", "There is no option 'Hidden'; did you mean 'hidden'?")]
    [InlineData("frobnicate", "1", "There is no option 'frobnicate'.")]
    [InlineData("hidden", "many", "The option hidden takes a whole number from 1 to 16384; got 'many'.")]
    [InlineData("hidden", "0", "The option hidden takes a whole number from 1 to 16384; got '0'.")]
    [InlineData("hidden", "1.5", "The option hidden takes a whole number from 1 to 16384; got '1.5'.")]
    [InlineData("kd", "NaN", "The option kd takes a number from 0 on; got 'NaN'.")]
    [InlineData("kd", "Infinity", "The option kd takes a number from 0 on; got 'Infinity'.")]
    [InlineData("kd", "1,5", "The option kd takes a number from 0 on; got '1,5'.")]
    [InlineData("learning-rate", "0", "The option learning-rate takes a number above 0 to 10, or auto; got '0'.")]
    [InlineData("warmup", "-1", "The option warmup takes a whole number from 0 on, or auto; got '-1'.")]
    [InlineData("seed", "-1", "The option seed takes a whole number from 0 on; got '-1'.")]
    [InlineData("ordering", "1", "The option ordering takes none, in-filter, cross-filter or axes; got '1'.")]
    [InlineData("precision", "", "The option precision takes f32 or bf16, or auto; got ''.")]
    public void What_cannot_be_applied_is_told_in_a_sentence(string name, string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<NernException>(() => OptionCatalog<FitOptions>.Apply(Lenient, name, text)).Message);

    [Theory]
    [InlineData("hidden", "1", "16384", "0", "16385")]
    [InlineData("depth", "2", "32", "1", "33")]
    [InlineData("plateau", "0", "0.999", "-1e-9", "1")]
    [InlineData("refresh", "1e-9", "1", "0", "1.000001")]
    [InlineData("milestones", "0", "1", "-0.1", "1.1")]
    public void A_number_is_taken_from_its_smallest_to_its_largest(string name, string smallest, string largest, string below, string above)
    {
        Assert.Equal([false, false, true, true], ((string[])[smallest, largest, below, above]).Select(text =>
            (name == "milestones" ? OptionCatalog<TrainOptions>.Find(name).Problem(name, text) : OptionCatalog<FitOptions>.Find(
                name).Problem(name, text)) is not null));
    }

    private static string OtherValue(OptionEntry<FitOptions> option) =>
        ((string[])["3", "0.75", "1,2,3", .. option.Shape.Split('|')])
            .First(text => option.Problem(option.Name, text) is null && text != option.Write(Lenient));
}
