using Nern.Engine.Passes;

namespace Nern.Engine.Stages;

/// <summary>
/// A ReLU of its own; in a reconstruction it also measures the feature map before it, and takes the original's ReLU along.
/// </summary>
internal sealed class ReluStage(int output, int input, float? ceiling, FeatureMap? map) : Stage(output)
{
    internal override IEnumerable<int> Inputs => [input];

    internal override bool TakesOriginalAlong => map is not null;

    internal override void Forward(PlanBuilder plan)
    {
        var value = plan.Value(input);
        if (map is not null && !map.Original.Descriptor.Equals(value.Descriptor))
            throw new InvalidOperationException($"The two networks keep value {input} in different layouts.");
        var activation = plan.RentInPlace(input);
        if (map is not null)
            map.Gradient = plan.Allocate(value.Descriptor);
        if (plan.HasBackward)
            plan.Keep(Output);
        plan.ForwardSteps.Add(Pass.Relu(value, activation, plan.Batch, map, ceiling));
        plan.SetValue(Output, activation);
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.NeedsGradient.Contains(input) || !plan.HasGradient(Output))
            return;
        var terms = plan.TakeGradients(Output, most: 2);
        // By position: both terms may be one buffer, where a value was added to itself.
        var (first, second) = terms.Count == 1 ? (terms[0], null)
            : plan.IsExclusive(terms[0]) ? (terms[0], terms[1])
            : (terms[1], terms[0]);
        var result = plan.IsExclusive(first) ? first : plan.Rent(first.Descriptor);
        plan.BackwardSteps.Add(Pass.ReluBackward(plan.Value(Output), first, second, result, map, ceiling));
        foreach (var term in terms.Where(term => term != result))
            plan.Release(term);
        plan.Contribute(input, result);
    }
}
