using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Engine.Stages;

/// <summary>Channels in another order: one copy between two ways to see plain memory as groups of channels.</summary>
internal sealed class ShuffleStage(int output, ChannelShuffle node) : Stage(output)
{
    private readonly int _input = node.Inputs[0];

    internal override IEnumerable<int> Inputs => [_input];

    internal override void Forward(PlanBuilder plan)
    {
        var value = plan.Value(_input);
        var plain = MemoryDescriptor.RowMajor(value.Descriptor.Type, plan.Dimensions(Output));
        var result = plan.Rent(plain);
        Copy(plan, plan.Reordered(value, plain, plan.ForwardSteps), result, plan.ForwardSteps);
        plan.SetValue(Output, result);
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.NeedsGradient.Contains(_input) || !plan.HasGradient(Output))
            return;
        var gradient = plan.TakeGradients(Output)[0];
        var result = plan.Rent(gradient.Descriptor);
        Copy(plan, result, gradient, plan.BackwardSteps, reverse: true);
        plan.Release(gradient);
        plan.Contribute(_input, result);
    }

    private void Copy(PlanBuilder plan, Memory grouped, Memory shuffled, List<Step> steps, bool reverse = false)
    {
        var (channels, pixels) = (grouped.Descriptor.Dimensions[1], grouped.Descriptor.Dimensions[2] * grouped.Descriptor.Dimensions[3]);
        int[] dimensions = [plan.Batch, node.Groups, channels / node.Groups, pixels];
        var from = View(grouped, [channels * pixels, dimensions[2] * pixels, pixels, 1]);
        var to = View(shuffled, [channels * pixels, pixels, node.Groups * pixels, 1]);
        steps.Add(reverse ? plan.Reorder(to, from) : plan.Reorder(from, to));

        Memory View(Memory memory, int[] strides) =>
            plan.Own(memory.View(plan.Engine, MemoryDescriptor.Strided(memory.Descriptor.Type, dimensions, strides)));
    }
}
