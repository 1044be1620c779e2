using Nern.Sweeps.Plans;

namespace Nern.Sweeps.Tests.Plans;

public class VariablesTests
{
    [Fact]
    public void What_is_given_wins_over_the_environment()
    {
        Environment.SetEnvironmentVariable("NERN_SWEEP_TEST_A", "long");
        Environment.SetEnvironmentVariable("SWEEP_TEST_A", "short");
        Environment.SetEnvironmentVariable("SWEEP_TEST_B", "plain");

        Assert.Equal("given/plain/long", Variables.Parse(["X=given"]).Fill("${X}/${SWEEP_TEST_B}/${SWEEP_TEST_A}", ""));
        Assert.Equal("a=b", Variables.Parse(["X=a=b"]).Fill("${X}", ""));
        Assert.Equal("$X {X} ${}", Variables.Parse(["X=1"]).Fill("$X {X} ${}", ""));
    }

    [Theory]
    [InlineData("X")]
    [InlineData("=1")]
    [InlineData("A-B=1")]
    public void A_setting_is_a_name_and_a_value(string setting) =>
        Assert.Contains(setting, Assert.Throws<NernException>(() => Variables.Parse([setting])).Message);
}
