using Nern.OneDnn;

namespace Nern.Engine.Operations;

/// <summary>A value as float32 vectors, channels outermost; a copy only where the order or type differs.</summary>
internal sealed class FlattenOperation(int output, int input) : Operation(output)
{
    internal override IEnumerable<int> Inputs => [input];

    internal override void Forward(PlanBuilder plan)
    {
        var plain = plan.Reordered(
            plan.Value(input), MemoryDescriptor.RowMajor(DataType.Float32, plan.Dimensions(input)), plan.ForwardSteps);
        // The result may be a view of it.
        plan.Keep(input);
        plan.SetValue(Output, plan.Own(plain.View(plan.Engine, MemoryDescriptor.RowMajor(DataType.Float32, plan.Dimensions(Output)))));
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.NeedsGradient.Contains(input) || !plan.HasGradient(Output))
            return;
        var gradient = plan.TakeGradients(Output)[0];
        var view = plan.Own(gradient.View(plan.Engine, MemoryDescriptor.RowMajor(DataType.Float32, plan.Dimensions(input))));
        var result = plan.Rent(plan.Value(input).Descriptor);
        plan.BackwardSteps.Add(plan.Reorder(view, result));
        plan.Release(gradient);
        plan.Contribute(input, result);
    }
}
