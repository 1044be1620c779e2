using Nern.OneDnn;

namespace Nern.Engine.Operations;

/// <summary>A value as float32 vectors, channels outermost or innermost; a copy only where the order or type differs.</summary>
internal sealed class FlattenOperation(int output, int input, bool channelsLast) : Operation(output)
{
    internal override IEnumerable<int> Inputs => [input];

    internal override void Forward(PlanBuilder plan)
    {
        var plain = plan.Reordered(plan.Value(input), Order(plan), plan.ForwardSteps);
        // The result may be a view of it.
        plan.Keep(input);
        plan.SetValue(Output, plan.Own(plain.View(plan.Engine, MemoryDescriptor.RowMajor(DataType.Float32, plan.Dimensions(Output)))));
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.NeedsGradient.Contains(input) || !plan.HasGradient(Output))
            return;
        var gradient = plan.TakeGradients(Output)[0];
        var view = plan.Own(gradient.View(plan.Engine, Order(plan)));
        var result = plan.Rent(plan.Value(input).Descriptor);
        plan.BackwardSteps.Add(plan.Reorder(view, result));
        plan.Release(gradient);
        plan.Contribute(input, result);
    }

    private MemoryDescriptor Order(PlanBuilder plan)
    {
        var dimensions = plan.Dimensions(input);
        var (channels, width) = (dimensions[1], dimensions[3]);
        return channelsLast
            ? MemoryDescriptor.Strided(DataType.Float32, dimensions, [channels * dimensions[2] * width, 1, width * channels, channels])
            : MemoryDescriptor.RowMajor(DataType.Float32, dimensions);
    }
}
