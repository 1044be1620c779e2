using Nern.OneDnn;

namespace Nern.Engine.Stages;

/// <summary>Values joined along the channels.</summary>
internal sealed class ConcatStage(int output, IReadOnlyList<int> inputs) : Stage(output)
{
    internal override IEnumerable<int> Inputs => inputs;

    internal override void Forward(PlanBuilder plan)
    {
        var sources = inputs.Select(plan.Value).ToArray();
        var primitive = plan.Own(Primitives.Concatenate(
            plan.Engine, axis: 1, [.. sources.Select(s => s.Descriptor)], MemoryDescriptor.Any(plan.Type, plan.Dimensions(Output))));
        var result = plan.Rent(primitive[Argument.Destination]);
        plan.ForwardSteps.Add(plan.Step(
            "concatenation", primitive, 0,
            [.. sources.Select((source, i) => (Argument.MultipleSource + i, source)), (Argument.Destination, result)]));
        plan.SetValue(Output, result);
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.HasGradient(Output))
            return;
        var gradient = plan.TakeGradients(Output)[0];
        var channel = 0;
        foreach (var input in inputs)
        {
            var dimensions = plan.Dimensions(input);
            if (plan.NeedsGradient.Contains(input))
            {
                var part = plan.Own(gradient.View(plan.Engine, gradient.Descriptor.Part(dimensions, [0, channel, 0, 0])));
                var result = plan.Rent(plan.Value(input).Descriptor);
                plan.BackwardSteps.Add(plan.Reorder(part, result));
                plan.Contribute(input, result);
            }
            channel += dimensions[1];
        }
        plan.Release(gradient);
    }
}
