using Nern.OneDnn;

namespace Nern.Engine;

/// <summary>Inner products of a reconstructed map s and the original map t of one sample: s·s, t·t and s·t.</summary>
internal readonly record struct InnerProducts(double StudentStudent, double TeacherTeacher, double StudentTeacher);

/// <summary>
/// A value before its ReLU, in the original and in the reconstruction, as the feature-map loss compares them.
/// The forward pass fills <see cref="Products"/>; the loss turns them into <see cref="Gradients"/>; the backward pass adds
/// <c>Student · s + Teacher · t</c> to the gradient of each sample.
/// </summary>
/// <param name="node">The node that yields the value.</param>
/// <param name="original">The original's map.</param>
/// <param name="weight">How often the map counts in the loss.</param>
/// <param name="batch">Samples.</param>
internal sealed class FeatureMap(int node, Memory original, int weight, int batch)
{
    internal int Node { get; } = node;

    internal Memory Original { get; } = original;

    internal int Weight { get; } = weight;

    /// <summary>Whether the loss is on; off during warm-up.</summary>
    internal bool Enabled { get; set; } = true;

    /// <summary>Per sample.</summary>
    internal InnerProducts[] Products { get; } = new InnerProducts[batch];

    /// <summary>Per sample: the gradient of the loss is Student · s + Teacher · t.</summary>
    internal (float Student, float Teacher)[] Gradients { get; } = new (float, float)[batch];
}
