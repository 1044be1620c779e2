using Nern.Engine;
using Nern.Objectives;
using Nern.OneDnn;
using Nern.OneDnn.Tests.References;

namespace Nern.Tests.Objectives;

public sealed class FeatureMapLossTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(1e-3)]
    [InlineData(30)]
    public void The_loss_is_the_squared_distance_of_normalised_maps(double size)
    {
        var random = new Generator(1);
        var (student, teacher) = (Map(size, random), Map(1, random));

        Assert.Equal(Distance(student, teacher), FeatureMapLoss.Of(Products(student, teacher)).Loss, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e-2)]
    [InlineData(30)]
    public void The_gradient_is_the_slope_of_the_loss(double size)
    {
        var random = new Generator(2);
        var (student, teacher) = (Map(size, random), Map(1, random));

        var (_, ofStudent, ofTeacher) = FeatureMapLoss.Of(Products(student, teacher));

        double[] gradient = [.. student.Zip(teacher, (s, t) => (ofStudent * s) + (ofTeacher * t))];
        Closeness.AssertClose(CentralDifferences.Of(() => Distance(student, teacher), student), gradient, 1e-6);
    }

    [Fact]
    public void Equal_maps_have_no_loss_and_no_gradient()
    {
        var map = Map(1, new Generator(3));

        var (loss, student, teacher) = FeatureMapLoss.Of(Products(map, map));

        Assert.Equal(0, loss, 1e-12);
        Assert.Equal(0, student + teacher, 1e-12);
    }

    [Fact]
    public void Zero_maps_stay_finite()
    {
        var (map, zero) = (Map(1, new Generator(4)), new double[10]);
        var norm = Math.Sqrt(map.Sum(value => value * value));

        var both = FeatureMapLoss.Of(Products(zero, zero));
        Assert.Equal(0, both.Loss);
        Assert.True(double.IsFinite(both.Student) && double.IsFinite(both.Teacher));
        var (loss, _, teacher) = FeatureMapLoss.Of(Products(zero, map));
        Assert.Equal(Distance(zero, map), loss, 1e-12);
        // From the origin the slope is towards the teacher.
        Assert.Equal(-2 / (FeatureMapLoss.Epsilon * (norm + FeatureMapLoss.Epsilon)), teacher, 1e-6);
        Assert.True(double.IsFinite(FeatureMapLoss.Of(Products(map, zero)).Student));
    }

    private static double[] Map(double size, Generator random) => [.. Enumerable.Range(0, 10).Select(_ => size * random.NextNormal())];

    private static InnerProducts Products(double[] student, double[] teacher) =>
        new(Inner(student, student), Inner(teacher, teacher), Inner(student, teacher));

    private static double Inner(double[] first, double[] second) => first.Zip(second, (x, y) => x * y).Sum();

    private static double Distance(double[] student, double[] teacher)
    {
        var (s, t) = (Math.Sqrt(Inner(student, student)) + 1e-3, Math.Sqrt(Inner(teacher, teacher)) + 1e-3);
        return student.Zip(teacher, (x, y) => Math.Pow((x / s) - (y / t), 2)).Sum();
    }
}
