using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Engine.Stages;

/// <summary>A fully connected layer, in float32.</summary>
internal sealed class GemmStage(int output, Gemm node, bool learnable) : Stage(output)
{
    private readonly int _input = node.Inputs[0];
    private Memory? _source, _weights;

    internal override IEnumerable<int> Inputs => [_input];

    internal override bool Learns => learnable;

    internal override void Forward(PlanBuilder plan)
    {
        var features = plan.Network.Graph.ShapeOf(_input).Count;
        _source = plan.Reordered(
            plan.Value(_input), MemoryDescriptor.RowMajor(DataType.Float32, plan.Dimensions(_input)), plan.ForwardSteps);
        var source = Matrix(plan, _source, features);
        // [features, outputs] seen in PyTorch's [outputs, features].
        _weights = plan.Parameter($"{node.Name}.weight", MemoryDescriptor.Transposed(DataType.Float32, features, node.Outputs));
        plan.Network.Values($"{node.Name}.weight").CopyTo(_weights.AsSpan<float>());
        var bias = plan.Parameter($"{node.Name}.bias", MemoryDescriptor.RowMajor(DataType.Float32, 1, node.Outputs));
        if (node.HasBias)
            plan.Network.Values($"{node.Name}.bias").CopyTo(bias.AsSpan<float>());
        var result = plan.Allocate(MemoryDescriptor.RowMajor(DataType.Float32, plan.Dimensions(Output)));
        var matrix = Matrix(plan, result, node.Outputs);
        var primitive = plan.Own(Primitives.MatMul(
            plan.Engine, source.Descriptor, _weights.Descriptor, bias.Descriptor, matrix.Descriptor));
        plan.ForwardSteps.Add(plan.Step(
            "fully connected", primitive, 2.0 * plan.Batch * features * node.Outputs,
            (Argument.Source, source), (Argument.Weights, _weights), (Argument.Bias, bias), (Argument.Destination, matrix)));
        plan.SetValue(Output, result);
        if (learnable)
            plan.Keep(_input);
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.NeedsGradient.Contains(Output) || !plan.HasGradient(Output))
            return;
        var gradient = plan.TakeGradients(Output)[0];
        if (learnable)
            BackwardParameters(plan, gradient);
        if (plan.NeedsGradient.Contains(_input))
            BackwardData(plan, gradient);
        plan.Release(gradient);
    }

    private void BackwardParameters(PlanBuilder plan, Memory gradient)
    {
        var features = plan.Network.Graph.ShapeOf(_input).Count;
        var transposed = plan.Own(gradient.View(plan.Engine, MemoryDescriptor.Transposed(DataType.Float32, node.Outputs, plan.Batch)));
        AddProduct(transposed, Matrix(plan, _source!, features), "weight", node.Outputs, features);
        if (!node.HasBias)
            return;
        var ones = plan.Allocate(MemoryDescriptor.RowMajor(DataType.Float32, 1, plan.Batch));
        ones.AsSpan<float>().Fill(1);
        AddProduct(ones, Matrix(plan, gradient, node.Outputs), "bias", 1, node.Outputs);

        void AddProduct(Memory left, Memory right, string suffix, int rows, int columns)
        {
            var result = plan.ParameterGradient($"{node.Name}.{suffix}", MemoryDescriptor.RowMajor(DataType.Float32, rows, columns))!;
            var primitive = plan.Own(Primitives.MatMul(plan.Engine, left.Descriptor, right.Descriptor, null, result.Descriptor));
            plan.BackwardSteps.Add(plan.Step(
                "fully connected backward", primitive, 2.0 * plan.Batch * rows * columns,
                (Argument.Source, left), (Argument.Weights, right), (Argument.Destination, result)));
        }
    }

    private void BackwardData(PlanBuilder plan, Memory gradient)
    {
        var features = plan.Network.Graph.ShapeOf(_input).Count;
        var incoming = Matrix(plan, gradient, node.Outputs);
        var weights = plan.Own(_weights!.View(plan.Engine, MemoryDescriptor.RowMajor(DataType.Float32, node.Outputs, features)));
        var result = plan.Rent(_source!.Descriptor);
        var outgoing = Matrix(plan, result, features);
        var primitive = plan.Own(Primitives.MatMul(plan.Engine, incoming.Descriptor, weights.Descriptor, null, outgoing.Descriptor));
        plan.BackwardSteps.Add(plan.Step(
            "fully connected backward", primitive, 2.0 * plan.Batch * features * node.Outputs,
            (Argument.Source, incoming), (Argument.Weights, weights), (Argument.Destination, outgoing)));
        plan.Contribute(_input, result);
    }

    private static Memory Matrix(PlanBuilder plan, Memory memory, int columns) =>
        plan.Own(memory.View(plan.Engine, MemoryDescriptor.RowMajor(DataType.Float32, plan.Batch, columns)));
}
