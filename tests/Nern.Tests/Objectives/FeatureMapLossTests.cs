using Nern.Engine;
using Nern.Objectives;
using Nern.OneDnn.Tests.References;

namespace Nern.Tests.Objectives;

public sealed class FeatureMapLossTests
{
    [Theory]
    [InlineData(FeatureMapLossForm.Released, 1)]
    [InlineData(FeatureMapLossForm.Released, 1e-3)]
    [InlineData(FeatureMapLossForm.Released, 30)]
    [InlineData(FeatureMapLossForm.Exact, 1)]
    [InlineData(FeatureMapLossForm.Exact, 1e-3)]
    [InlineData(FeatureMapLossForm.Exact, 30)]
    public void The_loss_is_the_squared_distance_of_normalised_maps(FeatureMapLossForm form, double size)
    {
        var random = new Generator(1);
        var (student, teacher) = (Map(size, random), Map(1, random));

        Assert.Equal(Distance(student, teacher, form), FeatureMapLoss.Of(form)(Products(student, teacher)).Loss, 1e-12);
    }

    [Theory]
    [InlineData(FeatureMapLossForm.Released, 1)]
    [InlineData(FeatureMapLossForm.Released, 1e-2)]
    [InlineData(FeatureMapLossForm.Released, 30)]
    [InlineData(FeatureMapLossForm.Exact, 1)]
    [InlineData(FeatureMapLossForm.Exact, 1e-2)]
    [InlineData(FeatureMapLossForm.Exact, 30)]
    public void The_gradient_is_the_slope_of_the_loss(FeatureMapLossForm form, double size)
    {
        var random = new Generator(2);
        var (student, teacher) = (Map(size, random), Map(1, random));

        var (_, ofStudent, ofTeacher) = FeatureMapLoss.Of(form)(Products(student, teacher));

        double[] gradient = [.. student.Zip(teacher, (s, t) => (ofStudent * s) + (ofTeacher * t))];
        Closeness.AssertClose(CentralDifferences.Of(() => Distance(student, teacher, form), student), gradient, 1e-6);
    }

    [Theory]
    [InlineData(FeatureMapLossForm.Released)]
    [InlineData(FeatureMapLossForm.Exact)]
    public void Equal_maps_have_no_loss_and_no_gradient(FeatureMapLossForm form)
    {
        var map = Map(1, new Generator(3));

        var (loss, student, teacher) = FeatureMapLoss.Of(form)(Products(map, map));

        Assert.Equal(0, loss, 1e-12);
        Assert.Equal(0, student + teacher, 1e-12);
    }

    [Fact]
    public void Zero_maps_stay_finite()
    {
        var (map, zero) = (Map(1, new Generator(4)), new double[10]);
        var norm = Math.Sqrt(map.Sum(value => value * value));

        var released = FeatureMapLoss.Of(FeatureMapLossForm.Released);

        var both = released(Products(zero, zero));
        Assert.Equal(0, both.Loss);
        Assert.True(double.IsFinite(both.Student) && double.IsFinite(both.Teacher));
        var (loss, _, teacher) = released(Products(zero, map));
        Assert.Equal(Distance(zero, map, FeatureMapLossForm.Released), loss, 1e-12);
        // From the origin the slope is towards the teacher.
        Assert.Equal(-2 / (FeatureMapLoss.Epsilon * (norm + FeatureMapLoss.Epsilon)), teacher, 1e-6);
        Assert.True(double.IsFinite(released(Products(map, zero)).Student));
    }

    [Fact]
    public void A_zero_map_has_no_direction_in_the_exact_form()
    {
        var (map, zero) = (Map(1, new Generator(5)), new double[10]);
        var exact = FeatureMapLoss.Of(FeatureMapLossForm.Exact);

        Assert.Equal((0, 0, 0), exact(Products(zero, zero)));
        Assert.Equal((1, 0, 0), Rounded(exact(Products(zero, map))));
        Assert.Equal((1, 0, 0), Rounded(exact(Products(map, zero))));

        static (double, double, double) Rounded((double Loss, double Student, double Teacher) result) =>
            (Math.Round(result.Loss, 12), Math.Round(result.Student, 12), Math.Round(result.Teacher, 12));
    }

    private static double[] Map(double size, Generator random) => [.. Enumerable.Range(0, 10).Select(_ => size * random.NextNormal())];

    private static InnerProducts Products(double[] student, double[] teacher) =>
        new(Inner(student, student), Inner(teacher, teacher), Inner(student, teacher));

    private static double Inner(double[] first, double[] second) => first.Zip(second, (x, y) => x * y).Sum();

    private static double Distance(double[] student, double[] teacher, FeatureMapLossForm form)
    {
        var epsilon = form == FeatureMapLossForm.Released ? 1e-3 : 0;
        var (s, t) = (Math.Sqrt(Inner(student, student)) + epsilon, Math.Sqrt(Inner(teacher, teacher)) + epsilon);
        return student.Zip(teacher, (x, y) => Math.Pow((x / s) - (y / t), 2)).Sum();
    }
}
