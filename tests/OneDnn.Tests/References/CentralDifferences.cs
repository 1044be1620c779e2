namespace Nern.OneDnn.Tests.References;

/// <summary>Derivatives by the slope between two neighbouring points: slow, and right by definition.</summary>
internal static class CentralDifferences
{
    private const double Step = 1e-5;

    /// <summary>The derivative of <paramref name="function"/> with respect to each of <paramref name="values"/>, which it reads.</summary>
    internal static double[] Of(Func<double> function, double[] values)
    {
        var result = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            values[i] = value + Step;
            var above = function();
            values[i] = value - Step;
            var below = function();
            values[i] = value;
            result[i] = (above - below) / (2 * Step);
        }
        return result;
    }

    /// <summary>The scalar whose gradient with respect to <paramref name="values"/> is <paramref name="gradient"/>.</summary>
    internal static double Weighed(double[] values, double[] gradient) => values.Zip(gradient, (v, g) => v * g).Sum();
}
