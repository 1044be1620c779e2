using Nern.Engine.Passes;

namespace Nern.Engine.Stages;

/// <summary>The sum of two values that no convolution could take along.</summary>
internal sealed class AddStage(int output, int first, int second) : Stage(output)
{
    internal override IEnumerable<int> Inputs => [first, second];

    internal override void Forward(PlanBuilder plan)
    {
        var result = plan.Rent(plan.Value(first).Descriptor);
        var other = plan.Reordered(plan.Value(second), result.Descriptor, plan.ForwardSteps);
        plan.ForwardSteps.Add(Pass.Sum("addition", plan.Value(first), other, result));
        plan.SetValue(Output, result);
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.HasGradient(Output))
            return;
        var gradient = plan.TakeGradients(Output)[0];
        foreach (var input in Inputs)
            if (plan.NeedsGradient.Contains(input))
                plan.Contribute(input, gradient, shared: true);
        plan.Release(gradient);
    }
}
