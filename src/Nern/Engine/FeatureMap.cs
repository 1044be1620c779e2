using Nern.OneDnn;

namespace Nern.Engine;

/// <summary>Inner products of a reconstructed map s and the original map t of one sample: s·s, t·t and s·t.</summary>
internal readonly record struct InnerProducts(double StudentStudent, double TeacherTeacher, double StudentTeacher)
{
    /// <summary>Those of a student's and a teacher's vector.</summary>
    internal static InnerProducts Of(ReadOnlySpan<float> student, ReadOnlySpan<float> teacher)
    {
        var (ss, tt, st) = (0.0, 0.0, 0.0);
        for (var i = 0; i < student.Length; i++)
        {
            var (s, t) = ((double)student[i], (double)teacher[i]);
            ss += s * s;
            tt += t * t;
            st += s * t;
        }
        return new(ss, tt, st);
    }
}

/// <summary>
/// The loss of one sample of a feature map, and the factors of s and t in its gradient with respect to s, which is
/// Student · s + Teacher · t.
/// </summary>
internal delegate (double Loss, double Student, double Teacher) MapLoss(InnerProducts products);

/// <summary>
/// A value before its ReLU, in the original and in the reconstruction, as the feature-map loss compares them. The pass that
/// applies the ReLU measures both maps and leaves the loss and its gradient here; neither map is read again.
/// </summary>
/// <param name="node">The node that yields the value.</param>
/// <param name="relu">The ReLU that reads it, the first if there are several.</param>
/// <param name="original">The original's map.</param>
/// <param name="originalActivation">What the ReLU makes of it in the original.</param>
/// <param name="weight">How often the map counts in the loss.</param>
/// <param name="batch">Samples.</param>
internal sealed class FeatureMap(int node, int relu, Memory original, Memory originalActivation, int weight, int batch)
{
    internal int Node { get; } = node;

    internal int Relu { get; } = relu;

    internal Memory Original { get; } = original;

    internal Memory OriginalActivation { get; } = originalActivation;

    /// <summary>The gradient of the loss with respect to the reconstruction's map, in that map's layout.</summary>
    internal Memory? Gradient { get; set; }

    /// <summary>How often the map counts in the loss.</summary>
    internal int Weight { get; } = weight;

    /// <summary>The loss; null for none.</summary>
    internal MapLoss? Loss { get; set; }

    /// <summary>What the gradient is multiplied with.</summary>
    internal double Scale { get; set; } = 1;

    /// <summary>Of the last forward pass, per sample.</summary>
    internal InnerProducts[] Products { get; } = new InnerProducts[batch];

    /// <summary>Of the last forward pass, per sample: the loss, and the factors of s and t in its scaled gradient.</summary>
    internal (double Loss, float Student, float Teacher)[] Results { get; } = new (double, float, float)[batch];

    /// <summary>The loss summed over the samples, times how often the map counts.</summary>
    internal double LossSum
    {
        get
        {
            var sum = 0.0;
            foreach (var (loss, _, _) in Results)
                sum += loss;
            return sum * Weight;
        }
    }

    /// <summary>Takes the loss of a sample that was measured.</summary>
    internal (double Loss, float Student, float Teacher) Apply(int sample, InnerProducts products)
    {
        Products[sample] = products;
        var (loss, student, teacher) = Loss!(products);
        var factor = Scale * Weight;
        return Results[sample] = (loss, (float)(factor * student), (float)(factor * teacher));
    }
}
