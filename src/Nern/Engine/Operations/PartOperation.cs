using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Engine.Operations;

/// <summary>Copies a part of a value, or a value into a part of zeros: strides say where it lies in a whole in plain order.</summary>
internal sealed class PartOperation : Operation
{
    private readonly int _input;
    private readonly bool _takes;
    private readonly Extent _channels, _rows, _columns;

    /// <summary>Takes channels, rows and columns of a value.</summary>
    internal PartOperation(int output, Slice node) : base(output)
    {
        (_input, _takes) = (node.Inputs[0], true);
        (_channels, _rows, _columns) = (node.Channels, node.Rows, node.Columns);
    }

    /// <summary>Puts a value of <paramref name="shape"/> among zeros.</summary>
    internal PartOperation(int output, Pad node, ImageShape shape) : base(output)
    {
        _input = node.Inputs[0];
        (_channels, _rows, _columns) = (new(0, shape.Channels), new(node.Top, shape.Height), new(node.Left, shape.Width));
    }

    internal override IEnumerable<int> Inputs => [_input];

    internal override void Forward(PlanBuilder plan)
    {
        var value = plan.Value(_input);
        var plain = MemoryDescriptor.RowMajor(value.Descriptor.Type, plan.Dimensions(Output));
        Memory result;
        if (_takes)
        {
            result = plan.Rent(plain);
            var whole = plan.Reordered(
                value, MemoryDescriptor.RowMajor(value.Descriptor.Type, plan.Dimensions(_input)), plan.ForwardSteps);
            plan.ForwardSteps.Add(plan.Reorder(Part(plan, whole), result));
        }
        else
        {
            result = Zeros(plan, plain);
            plan.ForwardSteps.Add(plan.Reorder(value, Part(plan, result)));
        }
        plan.SetValue(Output, result);
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.NeedsGradient.Contains(_input) || !plan.HasGradient(Output))
            return;
        var gradient = plan.TakeGradients(Output)[0];
        Memory result;
        if (_takes)
        {
            result = Zeros(plan, MemoryDescriptor.RowMajor(gradient.Descriptor.Type, plan.Dimensions(_input)));
            plan.BackwardSteps.Add(plan.Reorder(gradient, Part(plan, result)));
        }
        else
        {
            result = plan.Rent(plan.Value(_input).Descriptor);
            plan.BackwardSteps.Add(plan.Reorder(Part(plan, gradient), result));
        }
        plan.Release(gradient);
        plan.Contribute(_input, result);
    }

    /// <summary>Memory of its own, never shared with other values: only the part is written, and the rest stays zero.</summary>
    private static Memory Zeros(PlanBuilder plan, MemoryDescriptor plain) => plan.Allocate(plain);

    private Memory Part(PlanBuilder plan, Memory whole)
    {
        var order = whole.Descriptor;
        var (height, width) = (order.Dimensions[2], order.Dimensions[3]);
        var part = MemoryDescriptor.Strided(
            order.Type, [plan.Batch, _channels.Count, _rows.Count, _columns.Count],
            [order.Dimensions[1] * height * width, _channels.Step * height * width, _rows.Step * width, _columns.Step]);
        var first = (((_channels.Start * height) + _rows.Start) * width) + _columns.Start;
        return plan.Own(whole.View(plan.Engine, part, (long)first * order.Type.Size()));
    }
}
