using System.Globalization;
using System.Reflection;
using Nern.Cli.Options;
using Nern.Data;
using Nern.Engine;
using Nern.Fitting;
using Nern.Orderings;

namespace Nern.Cli.Tests.Options;

public class FitOptionCatalogTests
{
    /// <summary>With these every option may take its whole range: where an option bounds another, it does not here.</summary>
    private static readonly FitOptions Lenient = new()
    {
        Steps = 1,
        Minutes = 1,
        EmbeddingBase = 0.5,
        EmbeddingLevels = 1,
        LearningRate = 10,
        DistillationLearningRate = 10,
        FinalLearningRate = 0,
    };

    [Fact]
    public void Every_property_of_a_fits_options_has_one_entry() => Assert.Equal(
        typeof(FitOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite)
            .Select(property => property.Name).Order(),
        FitOptionCatalog.All.Select(option => option.Property).Order());

    [Fact]
    public void Names_are_the_properties_in_kebab_case()
    {
        Assert.Contains("embedding-base", FitOptionCatalog.Names);
        Assert.Contains("kd", FitOptionCatalog.Names);
        Assert.Equal(FitOptionCatalog.All.Count, FitOptionCatalog.Names.Distinct().Count());
    }

    [Fact]
    public void Setting_an_option_sets_its_property_and_no_other()
    {
        foreach (var option in FitOptionCatalog.All)
        {
            var other = OtherValue(option);
            var set = FitOptionCatalog.Apply(Lenient, option.Name, other);

            Assert.Equal(other, option.Write(set));
            Assert.All(
                typeof(FitOptions).GetProperties().Where(property => property.CanWrite),
                property => Assert.Equal(property.Name == option.Property, !Equals(property.GetValue(Lenient), property.GetValue(set))));
        }
    }

    [Fact]
    public void Values_of_every_kind_are_read()
    {
        Assert.Equal(180, FitOptionCatalog.Apply(Lenient, "hidden", "180").Hidden);
        Assert.Equal(1e-4, FitOptionCatalog.Apply(Lenient, "kd", "1e-4").Kd);
        Assert.Equal(OrderingKind.InFilter, FitOptionCatalog.Apply(Lenient, "ordering", "In-Filter").Ordering);
        Assert.Equal(Precision.BFloat16, FitOptionCatalog.Apply(Lenient, "precision", "bf16").Precision);
        Assert.Null(FitOptionCatalog.Apply(Lenient with { Precision = Precision.Float32 }, "precision", "auto").Precision);
        Assert.Equal(12, FitOptionCatalog.Apply(Lenient, "warmup", "12").Warmup);
        Assert.Null(FitOptionCatalog.Apply(Lenient, "minutes", "none").Minutes);
        Assert.Equal(ulong.MaxValue, FitOptionCatalog.Apply(Lenient, "seed", "18446744073709551615").Seed);
        Assert.Equal(NoiseKind.Uniform, FitOptionCatalog.Apply(Lenient, "noise", "uniform").Noise);
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
    [InlineData("ordering", "1", "The option ordering takes none, in-filter or cross-filter; got '1'.")]
    [InlineData("precision", "", "The option precision takes f32 or bf16, or auto; got ''.")]
    public void What_cannot_be_applied_is_told_in_a_sentence(string name, string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<NernException>(() => FitOptionCatalog.Apply(Lenient, name, text)).Message);

    /// <summary>The ranges stated are those that the library checks.</summary>
    [Fact]
    public void Every_number_is_taken_where_the_library_takes_it_and_nowhere_else()
    {
        var edges = new[]
        {
            -1, -1e-9, 0, 1e-9, 0.5, 1, 1 + 1e-9, 2, 10, 10.01, 16, 16.01, 32, 33, 1024, 1025, 16384, 16385, 65536, 65537, 1e6, 1e6 + 1,
            1 << 24, (1 << 24) + 1,
        };
        foreach (var option in FitOptionCatalog.All.Where(option => double.TryParse(option.Write(Lenient with { Warmup = 1 }), NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
        {
            var property = typeof(FitOptions).GetProperty(option.Property)!;
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            foreach (var edge in edges.Where(edge => type == typeof(double) || edge == Math.Floor(edge)).Where(edge => type != typeof(ulong) || edge >= 0))
            {
                var options = Lenient with { };
                property.SetValue(options, Convert.ChangeType(edge, type));
                var taken = option.Problem(option.Name, edge.ToString("r")) is null;
                Assert.True(taken == (Record.Exception(options.Validate) is null), $"{option.Name} {edge}: the catalogue takes it: {taken}");
            }
        }
    }

    private static string OtherValue(OptionEntry<FitOptions> option) =>
        ((string[])["3", "0.75", "1,2,3", .. option.Shape.Split('|')])
            .First(text => option.Problem(option.Name, text) is null && text != option.Write(Lenient));
}
