using System.Reflection;

namespace Nern.Tests.Floors;

public sealed class FloorPlanTests
{
    private const string MadeUp = "Nern.Tests.Floors.MadeUp";

    private static readonly Assembly This = typeof(FloorPlanTests).Assembly;

    [Theory]
    [InlineData("ByBase", "Roof")]
    [InlineData("ByAttribute", "RoofedAttribute")]
    [InlineData("ByField", "Roof")]
    [InlineData("ByParameter", "Roof")]
    [InlineData("ByConstraint`1", "Roof")]
    [InlineData("ByBody", "Roof")]
    [InlineData("ByClosure", "Roof")]
    [InlineData("ByIterator", "Roof")]
    [InlineData("ByTypeArgument", "Roof")]
    [InlineData("ByCatch", "RoofException")]
    public void A_use_of_a_higher_floor_is_named(string lower, string upper)
    {
        IReadOnlyList<string> violations = new FloorPlan($"{MadeUp}.Lower", $"{MadeUp}.Upper").Violations(This);

        Assert.Contains($"{MadeUp}.Lower.{lower} uses {MadeUp}.Upper.{upper}: {MadeUp}.Upper is above {MadeUp}.Lower", violations);
    }

    [Fact]
    public void A_use_of_a_lower_floor_is_none()
    {
        IReadOnlyList<string> violations = new FloorPlan($"{MadeUp}.Lower", $"{MadeUp}.Upper").Violations(This);

        Assert.Equal(10, violations.Count);
        Assert.DoesNotContain(violations, violation => violation.StartsWith($"{MadeUp}.Upper", StringComparison.Ordinal));
    }

    [Fact]
    public void A_namespace_without_a_floor_is_named()
    {
        Assert.Contains($"{MadeUp}.Lower", new FloorPlan($"{MadeUp}.Upper").Unplanned(This));
        Assert.DoesNotContain($"{MadeUp}.Upper", new FloorPlan($"{MadeUp}.Upper").Unplanned(This));
    }
}
