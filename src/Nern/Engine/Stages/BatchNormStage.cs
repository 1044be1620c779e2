using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Engine.Stages;

/// <summary>
/// Batch normalisation in training: by mean and variance of the batch, with the ReLU behind it where there is one. The running
/// mean and variance follow those of the batch.
/// </summary>
/// <param name="output">The last node that is fused.</param>
/// <param name="node">The normalisation.</param>
/// <param name="relu">Whether it ends with a ReLU.</param>
internal sealed class BatchNormStage(int output, BatchNorm node, bool relu) : Stage(output)
{
    private readonly int _input = node.Inputs[0];
    private Primitive? _forward;
    private Memory? _source, _mean, _variance, _scale, _shift, _workspace;

    internal override IEnumerable<int> Inputs => [_input];

    internal override bool Learns => true;

    internal override void Forward(PlanBuilder plan)
    {
        var shape = plan.Network.Graph.ShapeOf(_input);
        var vector = MemoryDescriptor.RowMajor(DataType.Float32, shape.Channels);
        _source = plan.Value(_input);
        _forward = plan.Own(Primitives.BatchNormalizationForward(
            plan.Engine, _source.Descriptor, node.Epsilon, globalStatistics: false, relu));
        (_mean, _variance) = (plan.Allocate(vector), plan.Allocate(vector));
        _scale = plan.Parameter($"{node.Name}.weight", vector);
        _shift = plan.Parameter($"{node.Name}.bias", vector);
        _workspace = relu ? plan.Allocate(_forward[Argument.Workspace]) : null;
        var result = plan.Rent(_forward[Argument.Destination]);
        plan.Keep(_input);
        plan.ForwardSteps.Add(plan.Step(
            "batch normalisation", _forward, 0,
            WithWorkspace(
                (Argument.Source, _source), (Argument.Destination, result), (Argument.Mean, _mean), (Argument.Variance, _variance),
                (Argument.Scale, _scale), (Argument.Shift, _shift))));
        var count = (double)plan.Batch * shape.Height * shape.Width;
        Follow(_mean, "running_mean", 1);
        Follow(_variance, "running_var", count > 1 ? (float)(count / (count - 1)) : 1);
        plan.SetValue(Output, result);

        void Follow(Memory batch, string suffix, float correction) => plan.ForwardSteps.Add(
            new RunningStatisticStep(batch, plan.Parameters!.Statistics, plan.Parameters.OffsetOf($"{node.Name}.{suffix}"), correction));
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.HasGradient(Output))
            return;
        var gradient = plan.TakeGradients(Output)[0];
        var primitive = plan.Own(Primitives.BatchNormalizationBackward(
            plan.Engine, _forward!, gradient.Descriptor, _source!.Descriptor, node.Epsilon, globalStatistics: false, relu));
        var result = plan.Rent(_source.Descriptor);
        plan.BackwardSteps.Add(plan.Step(
            "batch normalisation backward", primitive, 0,
            WithWorkspace(
                (Argument.Source, _source), (Argument.Mean, _mean!), (Argument.Variance, _variance!), (Argument.Scale, _scale!),
                (Argument.Shift, _shift!), (Argument.DestinationGradient, gradient), (Argument.SourceGradient, result),
                (Argument.ScaleGradient, plan.ParameterGradient($"{node.Name}.weight", _scale!.Descriptor)!),
                (Argument.ShiftGradient, plan.ParameterGradient($"{node.Name}.bias", _shift!.Descriptor)!))));
        plan.Release(gradient);
        plan.Contribute(_input, result);
    }

    private (Argument, Memory)[] WithWorkspace(params (Argument, Memory)[] arguments) =>
        _workspace is null ? arguments : [.. arguments, (Argument.Workspace, _workspace)];
}
