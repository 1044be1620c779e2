using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Engine.Operations;

/// <summary>A fully connected layer, in float32.</summary>
internal sealed class GemmOperation(int output, Gemm node) : Operation(output)
{
    private readonly int _input = node.Inputs[0];
    private Memory? _weights;

    internal override IEnumerable<int> Inputs => [_input];

    internal override void Forward(PlanBuilder plan)
    {
        var features = plan.Network.Graph.ShapeOf(_input).Count;
        var source = Matrix(plan, plan.Value(_input), features);
        // [features, outputs] seen in PyTorch's [outputs, features].
        _weights = plan.Allocate(MemoryDescriptor.Transposed(DataType.Float32, features, node.Outputs));
        plan.Network.Values($"{node.Name}.weight").CopyTo(_weights.AsSpan<float>());
        var bias = plan.Allocate(MemoryDescriptor.RowMajor(DataType.Float32, 1, node.Outputs));
        if (node.HasBias)
            plan.Network.Values($"{node.Name}.bias").CopyTo(bias.AsSpan<float>());
        var result = plan.Allocate(MemoryDescriptor.RowMajor(DataType.Float32, plan.Dimensions(Output)));
        var matrix = Matrix(plan, result, node.Outputs);
        var primitive = plan.Own(Primitives.MatMul(plan.Engine, source.Descriptor, _weights.Descriptor, bias.Descriptor, matrix.Descriptor));
        plan.ForwardSteps.Add(plan.Step(
            "fully connected", primitive, 2.0 * plan.Batch * features * node.Outputs,
            (Argument.Source, source), (Argument.Weights, _weights), (Argument.Bias, bias), (Argument.Destination, matrix)));
        plan.SetValue(Output, result);
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.NeedsGradient.Contains(_input) || !plan.HasGradient(Output))
            return;
        var features = plan.Network.Graph.ShapeOf(_input).Count;
        var gradient = plan.TakeGradients(Output)[0];
        var incoming = Matrix(plan, gradient, node.Outputs);
        var weights = plan.Own(_weights!.View(plan.Engine, MemoryDescriptor.RowMajor(DataType.Float32, node.Outputs, features)));
        var result = plan.Rent(plan.Value(_input).Descriptor);
        var outgoing = Matrix(plan, result, features);
        var primitive = plan.Own(Primitives.MatMul(plan.Engine, incoming.Descriptor, weights.Descriptor, null, outgoing.Descriptor));
        plan.BackwardSteps.Add(plan.Step(
            "fully connected backward", primitive, 2.0 * plan.Batch * features * node.Outputs,
            (Argument.Source, incoming), (Argument.Weights, weights), (Argument.Destination, outgoing)));
        plan.Release(gradient);
        plan.Contribute(_input, result);
    }

    private static Memory Matrix(PlanBuilder plan, Memory memory, int columns) =>
        plan.Own(memory.View(plan.Engine, MemoryDescriptor.RowMajor(DataType.Float32, plan.Batch, columns)));
}
