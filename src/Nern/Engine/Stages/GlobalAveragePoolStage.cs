using Nern.OneDnn;

namespace Nern.Engine.Stages;

/// <summary>The mean over each channel's pixels, always in float32: logits come from few numbers, which keep all their digits.</summary>
internal sealed class GlobalAveragePoolStage(int output, int input) : Stage(output)
{
    private Primitive? _forward;
    private Memory? _source;

    internal override IEnumerable<int> Inputs => [input];

    internal override void Forward(PlanBuilder plan)
    {
        var dimensions = plan.Dimensions(input);
        _source = plan.Reordered(plan.Value(input), MemoryDescriptor.RowMajor(DataType.Float32, dimensions), plan.ForwardSteps);
        _forward = plan.Own(Primitives.PoolingForward(
            plan.Engine, PoolingKind.AverageWithPadding, _source.Descriptor,
            MemoryDescriptor.RowMajor(DataType.Float32, plan.Dimensions(Output)), dimensions[2], dimensions[3], Window.Square(1, 0)));
        var result = plan.Rent(_forward[Argument.Destination]);
        plan.ForwardSteps.Add(plan.Step("pooling", _forward, 0, (Argument.Source, _source), (Argument.Destination, result)));
        plan.SetValue(Output, result);
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.NeedsGradient.Contains(input) || !plan.HasGradient(Output))
            return;
        var gradient = plan.TakeGradients(Output)[0];
        var dimensions = plan.Dimensions(input);
        var primitive = plan.Own(Primitives.PoolingBackward(
            plan.Engine, PoolingKind.AverageWithPadding, _forward!, _source!.Descriptor, gradient.Descriptor,
            dimensions[2], dimensions[3], Window.Square(1, 0)));
        var result = plan.Rent(_source.Descriptor);
        plan.BackwardSteps.Add(plan.Step(
            "pooling backward", primitive, 0, (Argument.DestinationGradient, gradient), (Argument.SourceGradient, result)));
        plan.Release(gradient);
        plan.Contribute(input, result);
    }
}
