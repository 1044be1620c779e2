using Nern.Cli.Options;
using Nern.Training;

namespace Nern.Cli.Tests.Options;

public class TrainOptionsTests
{
    private static readonly IReadOnlyList<OptionEntry<TrainOptions>> All = OptionCatalog<TrainOptions>.All;

    [Theory]
    [InlineData("epochs", "12")]
    [InlineData("batch", "32")]
    [InlineData("optimizer", "adamw")]
    [InlineData("learning-rate", "0.02")]
    [InlineData("momentum", "0.5")]
    [InlineData("nesterov", "false")]
    [InlineData("weight-decay", "1e-4")]
    [InlineData("schedule", "step")]
    [InlineData("milestones", "0.3,0.6,0.9")]
    [InlineData("step-factor", "0.2")]
    [InlineData("warmup-epochs", "2.5")]
    [InlineData("label-smoothing", "0.1")]
    [InlineData("flip", "false")]
    [InlineData("crop", "2")]
    [InlineData("smoothness", "5e-6")]
    [InlineData("validation", "0")]
    [InlineData("precision", "f32")]
    [InlineData("seed", "7")]
    public void Setting_an_option_sets_its_property_and_no_other(string name, string value)
    {
        var option = All.Single(option => option.Name == name);
        var set = option.Set(new TrainOptions(), value);

        Assert.Equal(value, option.Write(set));
        Assert.All(
            All.Where(other => other != option), other => Assert.Equal(other.Default, other.Write(set)));
        Assert.Same(set, set.Validate());
    }

    [Theory]
    [InlineData("epochs", "0", "The option epochs takes a whole number from 1 to 1000000; got '0'.")]
    [InlineData("schedule", "linear", "The option schedule takes cosine or step; got 'linear'.")]
    [InlineData("milestones", "half", "The option milestones takes numbers from 0 to 1 with commas between them, such as 0.5,0.75; got 'half'.")]
    public void Text_that_is_no_value_is_refused(string name, string value, string message) => Assert.Equal(
        message, Assert.Throws<NernException>(() => All.Single(option => option.Name == name).Set(new(), value)).Message);
}
