using Nern.Networks;
using Nern.OneDnn;
using PoolingKind = Nern.Networks.PoolingKind;

namespace Nern.Engine.Stages;

/// <summary>Maximum or average pooling over a sliding window.</summary>
internal sealed class PoolStage(int output, Pool node) : Stage(output)
{
    private readonly int _input = node.Inputs[0];
    private Primitive? _forward;
    private Memory? _workspace;

    internal override IEnumerable<int> Inputs => [_input];

    internal override void Forward(PlanBuilder plan)
    {
        var source = plan.Value(_input);
        _forward = plan.Own(Primitives.PoolingForward(
            plan.Engine, node.Kind.ForLibrary(), source.Descriptor, MemoryDescriptor.Any(plan.Type, plan.Dimensions(Output)),
            node.KernelHeight, node.KernelWidth, node.Window.ForLibrary()));
        var result = plan.Rent(_forward[Argument.Destination]);
        (Argument, Memory)[] arguments = [(Argument.Source, source), (Argument.Destination, result)];
        if (node.Kind == PoolingKind.Maximum)
        {
            _workspace = plan.Allocate(_forward[Argument.Workspace]);
            arguments = [.. arguments, (Argument.Workspace, _workspace)];
        }
        plan.ForwardSteps.Add(plan.Step("pooling", _forward, 0, arguments));
        plan.SetValue(Output, result);
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.NeedsGradient.Contains(_input) || !plan.HasGradient(Output))
            return;
        var gradient = plan.TakeGradients(Output)[0];
        var layout = plan.Value(_input).Descriptor;
        var primitive = plan.Own(Primitives.PoolingBackward(
            plan.Engine, node.Kind.ForLibrary(), _forward!, layout, gradient.Descriptor, node.KernelHeight, node.KernelWidth,
            node.Window.ForLibrary()));
        var result = plan.Rent(layout);
        (Argument, Memory)[] arguments = [(Argument.DestinationGradient, gradient), (Argument.SourceGradient, result)];
        plan.BackwardSteps.Add(plan.Step(
            "pooling backward", primitive, 0, _workspace is null ? arguments : [.. arguments, (Argument.Workspace, _workspace)]));
        plan.Release(gradient);
        plan.Contribute(_input, result);
    }
}
