using Nern.Networks;
using Nern.OneDnn;

namespace Nern.Engine.Stages;

/// <summary>Copies a part of a value, or a value into a part of zeros: strides say where it lies in a whole in plain layout.</summary>
internal sealed class PartStage : Stage
{
    private readonly int _input;
    private readonly bool _takes;
    private readonly Extent _channels, _rows, _columns;

    /// <summary>Takes channels, rows and columns of a value.</summary>
    internal PartStage(int output, Slice node) : base(output)
    {
        (_input, _takes) = (node.Inputs[0], true);
        (_channels, _rows, _columns) = (node.Channels, node.Rows, node.Columns);
    }

    /// <summary>Puts a value of <paramref name="shape"/> among zeros.</summary>
    internal PartStage(int output, Pad node, ImageShape shape) : base(output)
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
            foreach (var (taken, place) in Pieces(plan, whole, result))
                plan.ForwardSteps.Add(plan.Reorder(taken, place));
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
            foreach (var (taken, place) in Pieces(plan, result, gradient))
                plan.BackwardSteps.Add(plan.Reorder(place, taken));
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

    /// <summary>What is taken of the whole, piece by piece, and where each piece lies in the part.</summary>
    private IEnumerable<(Memory Taken, Memory Place)> Pieces(PlanBuilder plan, Memory whole, Memory part)
    {
        var extents = whole.Descriptor.Dimensions;
        foreach (var channels in Runs(_channels, extents[1]))
            foreach (var rows in Runs(_rows, extents[2]))
                foreach (var columns in Runs(_columns, extents[3]))
                    yield return (
                        View(plan, whole, channels.Taken, rows.Taken, columns.Taken),
                        View(plan, part, channels.Place, rows.Place, columns.Place));
    }

    // The library wants strides under which no row reaches into the next, its last step included: where it would, the last place is alone.
    private static IEnumerable<(Extent Taken, Extent Place)> Runs(Extent extent, int length)
    {
        if (extent.Count == 1)
            return [(extent with { Step = 1 }, new(0, 1))];
        if ((long)extent.Count * extent.Step <= length)
            return [(extent, new(0, extent.Count))];
        var last = extent.Count - 1;
        return [(extent with { Count = last }, new(0, last)), (new(extent.Start + (last * extent.Step), 1), new(last, 1))];
    }

    private Memory Part(PlanBuilder plan, Memory whole) => View(plan, whole, _channels, _rows, _columns);

    private static Memory View(PlanBuilder plan, Memory whole, Extent channels, Extent rows, Extent columns)
    {
        var layout = whole.Descriptor;
        var (height, width) = (layout.Dimensions[2], layout.Dimensions[3]);
        var part = MemoryDescriptor.Strided(
            layout.Type, [plan.Batch, channels.Count, rows.Count, columns.Count],
            [layout.Dimensions[1] * height * width, channels.Step * height * width, rows.Step * width, columns.Step]);
        var first = (((channels.Start * height) + rows.Start) * width) + columns.Start;
        return plan.Own(whole.View(plan.Engine, part, (long)first * layout.Type.Size()));
    }
}
