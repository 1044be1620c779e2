using Nern.OneDnn;

namespace Nern.Engine.Stages;

/// <summary>A value as float32 vectors, channels outermost or innermost; a copy only where the layout or type differs.</summary>
internal sealed class FlattenStage(int output, int input, bool channelsLast) : Stage(output)
{
    internal override IEnumerable<int> Inputs => [input];

    internal override void Forward(PlanBuilder plan)
    {
        var plain = plan.Reordered(plan.Value(input), Layout(plan), plan.ForwardSteps);
        // The result may be a view of it.
        plan.Keep(input);
        plan.SetValue(Output, plan.Own(plain.View(plan.Engine, MemoryDescriptor.RowMajor(DataType.Float32, plan.Dimensions(Output)))));
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.NeedsGradient.Contains(input) || !plan.HasGradient(Output))
            return;
        var gradient = plan.TakeGradients(Output)[0];
        var view = plan.Own(gradient.View(plan.Engine, Layout(plan)));
        var result = plan.Rent(plan.Value(input).Descriptor);
        plan.BackwardSteps.Add(plan.Reorder(view, result));
        plan.Release(gradient);
        plan.Contribute(input, result);
    }

    private MemoryDescriptor Layout(PlanBuilder plan)
    {
        var dimensions = plan.Dimensions(input);
        var (channels, width) = (dimensions[1], dimensions[3]);
        return channelsLast
            ? MemoryDescriptor.Strided(DataType.Float32, dimensions, [channels * dimensions[2] * width, 1, width * channels, channels])
            : MemoryDescriptor.RowMajor(DataType.Float32, dimensions);
    }
}
