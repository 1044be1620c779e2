namespace Nern.Engine.Stages;

/// <summary>One or more fused nodes of a graph, able to append what they do to a plan.</summary>
/// <param name="output">The node whose value the stage yields.</param>
internal abstract class Stage(int output)
{
    /// <summary>The node whose value it yields.</summary>
    internal int Output { get; } = output;

    /// <summary>Values it reads.</summary>
    internal abstract IEnumerable<int> Inputs { get; }

    /// <summary>Appends the forward steps and sets the value of <see cref="Output"/>.</summary>
    internal abstract void Forward(PlanBuilder plan);

    /// <summary>Whether it has parameters that want a gradient.</summary>
    internal virtual bool Learns => false;

    /// <summary>Whether the step of this stage in a reconstruction does the original's share as well.</summary>
    internal virtual bool TakesOriginalAlong => false;

    /// <summary>Appends the backward steps: takes the gradient of <see cref="Output"/>, contributes to those of the inputs.</summary>
    internal abstract void Backward(PlanBuilder plan);
}
