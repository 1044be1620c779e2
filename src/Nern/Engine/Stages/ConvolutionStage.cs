using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Engine.Stages;

/// <summary>
/// A convolution with everything oneDNN can do in the same sweep: folded batch normalisation, the addition of another
/// value, a ReLU (inference only: training needs the value before it).
/// </summary>
internal sealed class ConvolutionStage : Stage
{
    private readonly FoldedConvolution _convolution;
    private readonly Convolution _node;
    private readonly int _input;
    private readonly int? _addend;
    private readonly Relu? _relu;
    private DataType _type;
    private Primitive? _forward;
    private Memory? _source, _foldedWeights;

    /// <param name="convolution">The convolution.</param>
    /// <param name="output">The last node that is fused.</param>
    /// <param name="addend">A value to be added, or null.</param>
    /// <param name="relu">The ReLU it ends with, or null.</param>
    /// <param name="learnable">Whether its weights change and want a gradient.</param>
    internal ConvolutionStage(FoldedConvolution convolution, int output, int? addend, Relu? relu, bool learnable) : base(output)
    {
        _convolution = convolution;
        _node = convolution.Node;
        _input = _node.Inputs[0];
        _addend = addend;
        _relu = relu;
        Learnable = learnable;
    }

    /// <summary>Whether its weights change and want a gradient.</summary>
    internal bool Learnable { get; }

    internal override bool Learns => Learnable;

    /// <summary>Its weights in the plan, once <see cref="Forward"/> has run.</summary>
    internal ConvolutionWeights? Weights { get; private set; }

    internal override IEnumerable<int> Inputs => _addend is { } addend ? [_input, addend] : [_input];

    internal override void Forward(PlanBuilder plan)
    {
        // What is pooled globally, and what follows, is float32 in any plan.
        _type = _convolution.KeepsType && plan.HasValue(_input) ? plan.Value(_input).Descriptor.Type : plan.Type;
        _forward = CreateForward(plan, _addend is { } a ? plan.Value(a).Descriptor : null);
        _source = plan.Reordered(
            plan.HasValue(_input) ? plan.Value(_input) : plan.Images, _forward[Argument.Source], plan.ForwardSteps);
        if (!plan.HasValue(_input))
            plan.SetValue(_input, _source);

        _foldedWeights = plan.Parameter($"{_node.Name}.weight", MemoryDescriptor.RowMajor(DataType.Float32, WeightDimensions(plan)));
        Weights = new ConvolutionWeights(_node.Name, WeightShape(plan), _convolution.Scales, _foldedWeights);
        Weights.Load(_convolution.Weights);
        var weights = plan.Reordered(_foldedWeights, _forward[Argument.Weights], plan.WeightSteps);
        var bias = plan.Parameter($"{_node.Name}.bias", MemoryDescriptor.RowMajor(DataType.Float32, _node.Filters));
        _convolution.Bias.CopyTo(bias.AsSpan<float>());

        var result = plan.Rent(_forward[Argument.Destination]);
        if (Learnable && plan.HasBackward)
            plan.Keep(_input);
        (Argument, Memory)[] arguments =
            [(Argument.Source, _source), (Argument.Weights, weights), (Argument.Bias, bias), (Argument.Destination, result)];
        if (_addend is { } value)
            arguments =
            [
                .. arguments,
                (Argument.PostOpSource, plan.Reordered(plan.Value(value), _forward[Argument.Destination], plan.ForwardSteps)),
            ];
        plan.ForwardSteps.Add(plan.Step("convolution forward", _forward, Flops(plan), arguments));
        plan.SetValue(Output, result);
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.HasGradient(Output))
            return;
        var gradient = plan.TakeGradients(Output)[0];
        if (Learnable)
            BackwardWeights(plan, gradient);
        if (plan.NeedsGradient.Contains(_input))
            BackwardData(plan, gradient);
        if (_addend is { } addend && plan.NeedsGradient.Contains(addend))
            plan.Contribute(addend, gradient, shared: true);
        plan.Release(gradient);
    }

    private void BackwardWeights(PlanBuilder plan, Memory gradient)
    {
        var bias = plan.ParameterGradient($"{_node.Name}.bias", MemoryDescriptor.RowMajor(DataType.Float32, _node.Filters));
        var primitive = PrimitiveBetween(
            plan, _source!.Descriptor, gradient.Descriptor, (source, destination) => Primitives.ConvolutionBackwardWeights(
            plan.Engine, _forward!, source, MemoryDescriptor.Any(DataType.Float32, WeightDimensions(plan)), bias?.Descriptor, destination,
            _node.Window.ForLibrary()));
        var result = plan.Allocate(primitive[Argument.WeightsGradient]);
        (Argument, Memory)[] arguments =
        [
            (Argument.Source, plan.Reordered(_source, primitive[Argument.Source], plan.BackwardSteps)),
            (Argument.DestinationGradient, plan.Reordered(gradient, primitive[Argument.DestinationGradient], plan.BackwardSteps)),
            (Argument.WeightsGradient, result),
        ];
        plan.BackwardSteps.Add(plan.Step(
            "convolution backward weights", primitive, Flops(plan), bias is null
                ? arguments : [.. arguments, (Argument.BiasGradient, bias)]));
        if (plan.ParameterGradient($"{_node.Name}.weight", _foldedWeights!.Descriptor) is { } whole)
            plan.BackwardSteps.Add(plan.Reorder(result, whole));
        else
            Weights!.SetGradient(result, ElementPlaces.Of(plan.Engine, _foldedWeights.Descriptor, result.Descriptor));
    }

    private void BackwardData(PlanBuilder plan, Memory gradient)
    {
        var primitive = PrimitiveBetween(
            plan, _source!.Descriptor, gradient.Descriptor, (source, destination) => Primitives.ConvolutionBackwardData(
            plan.Engine, _forward!, source, MemoryDescriptor.Any(_type, WeightDimensions(plan)), destination, _node.Window.ForLibrary()));
        var weights = plan.Reordered(_foldedWeights!, primitive[Argument.Weights], plan.WeightSteps);
        var result = plan.Rent(primitive[Argument.SourceGradient]);
        plan.BackwardSteps.Add(plan.Step(
            "convolution backward data", primitive, Flops(plan),
            (Argument.DestinationGradient, plan.Reordered(gradient, primitive[Argument.DestinationGradient], plan.BackwardSteps)),
            (Argument.Weights, weights), (Argument.SourceGradient, result)));
        plan.Contribute(_input, result);
    }

    /// <summary>
    /// The forward primitive; it adds a value of the layout <paramref name="addend"/>, or of its own where no kernel takes that.
    /// </summary>
    private Primitive CreateForward(PlanBuilder plan, MemoryDescriptor? addend)
    {
        var free = MemoryDescriptor.Any(_type, plan.Dimensions(Output));
        return PrimitiveBetween(plan, SourceLayout(plan), addend ?? free, (source, destination) =>
        {
            if (addend is null)
                return Create(source, destination, null);
            if (destination.Size > 0)
                return Create(source, destination, destination);
            using var alone = Create(source, free, null);
            return Create(source, alone[Argument.Destination], alone[Argument.Destination]);
        });

        Primitive Create(MemoryDescriptor source, MemoryDescriptor destination, MemoryDescriptor? added) => Primitives.ConvolutionForward(
            plan.Engine, source, MemoryDescriptor.Any(_type, WeightDimensions(plan)),
            MemoryDescriptor.RowMajor(DataType.Float32, _node.Filters), destination, _node.Window.ForLibrary(), PostOperations(added));
    }

    /// <summary>
    /// A primitive between two layouts; where the library has no kernel for them, between the layout it prefers and the second, or
    /// between two that it prefers. Copying costs less than its plain loops.
    /// </summary>
    private Primitive PrimitiveBetween(
        PlanBuilder plan, MemoryDescriptor source, MemoryDescriptor destination, Func<MemoryDescriptor, MemoryDescriptor, Primitive> create)
    {
        var first = plan.Own(create(source, destination));
        if (!first.IsReference)
            return first;
        source = MemoryDescriptor.Any(source.Type, [.. source.Dimensions]);
        var second = plan.Own(create(source, destination));
        if (!second.IsReference)
            return second;
        var third = plan.Own(create(source, MemoryDescriptor.Any(destination.Type, [.. destination.Dimensions])));
        return third.IsReference ? first : third;
    }

    /// <summary>
    /// The layout the value has; its own choice for what is only of the wrong type, or was put into plain layout by something other than
    /// a convolution.
    /// </summary>
    private MemoryDescriptor SourceLayout(PlanBuilder plan)
    {
        var dimensions = plan.Dimensions(_input);
        return plan.HasValue(_input) && plan.Value(_input).Descriptor is var layout
            && layout.Type == _type && !layout.Equals(MemoryDescriptor.RowMajor(_type, dimensions))
            ? layout
            : MemoryDescriptor.Any(_type, dimensions);
    }

    private PostOperations PostOperations(MemoryDescriptor? addend) => _relu switch
    {
        null => new(addend),
        { Ceiling: { } ceiling } => new(addend, Function: EltwiseFunction.BoundedRelu, Alpha: ceiling),
        _ => new(addend, Function: EltwiseFunction.Relu),
    };

    private int[] WeightShape(PlanBuilder plan) =>
        [_node.Filters, plan.Network.Graph.ShapeOf(_input).Channels / _node.Groups, _node.KernelHeight, _node.KernelWidth];

    private int[] WeightDimensions(PlanBuilder plan)
    {
        var shape = WeightShape(plan);
        return _node.Groups == 1 ? shape : [_node.Groups, shape[0] / _node.Groups, .. shape[1..]];
    }

    private double Flops(PlanBuilder plan)
    {
        var output = plan.Network.Graph.ShapeOf(Output);
        return 2.0 * plan.Batch * output.Count * WeightShape(plan)[1] * _node.KernelHeight * _node.KernelWidth;
    }
}
