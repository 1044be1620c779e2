using Nern.Objectives;
using Nern.OneDnn.Tests.References;

namespace Nern.Tests.Objectives;

public sealed class ReconstructionLossTests
{
    [Theory]
    [InlineData(ReconstructionLossForm.RootMeanSquare)]
    [InlineData(ReconstructionLossForm.NormOverCount)]
    [InlineData(ReconstructionLossForm.MeanSquare)]
    public void Value_and_gradient_are_those_of_the_formula(ReconstructionLossForm form)
    {
        var random = new Generator(1);
        double[] errors = [.. Enumerable.Range(0, 12).Select(_ => random.NextNormal())];

        var (loss, factor) = ReconstructionLoss.Of(errors.Sum(error => error * error), errors.Length, form);

        Assert.Equal(Direct(errors, form), loss, 1e-12);
        Closeness.AssertClose(
            CentralDifferences.Of(() => Direct(errors, form), errors), [.. errors.Select(error => factor * error)], 1e-8);
    }

    [Theory]
    [InlineData(ReconstructionLossForm.RootMeanSquare)]
    [InlineData(ReconstructionLossForm.NormOverCount)]
    public void A_perfect_reconstruction_has_no_loss_and_no_gradient(ReconstructionLossForm form) =>
        Assert.Equal((0, 0), ReconstructionLoss.Of(0, 100, form));

    [Fact]
    public void The_mean_square_of_a_perfect_reconstruction_is_zero() =>
        Assert.Equal((0, 0.02), ReconstructionLoss.Of(0, 100, ReconstructionLossForm.MeanSquare));

    internal static double Direct(double[] errors, ReconstructionLossForm form) => form switch
    {
        ReconstructionLossForm.RootMeanSquare => Math.Sqrt(errors.Average(error => error * error)),
        ReconstructionLossForm.NormOverCount => Math.Sqrt(errors.Sum(error => error * error)) / errors.Length,
        _ => errors.Average(error => error * error),
    };
}
