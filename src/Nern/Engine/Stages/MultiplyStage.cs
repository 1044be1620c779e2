using Nern.OneDnn;

namespace Nern.Engine.Stages;

/// <summary>The product of two values, of which one may count for several places of the other.</summary>
internal sealed class MultiplyStage(int output, int first, int second) : Stage(output)
{
    private Memory? _whole, _part;

    internal override IEnumerable<int> Inputs => [first, second];

    internal override void Forward(PlanBuilder plan)
    {
        var (whole, part) = Operands(plan);
        _whole = plan.Value(whole);
        var type = _whole.Descriptor.Type;
        _part = plan.Reordered(
            plan.Value(part), IsSpread(plan)
                ? MemoryDescriptor.RowMajor(type, plan.Dimensions(part)) : _whole.Descriptor, plan.ForwardSteps);
        var result = plan.Rent(_whole.Descriptor);
        plan.ForwardSteps.Add(Product(plan, _whole, _part, result));
        plan.SetValue(Output, result);
        if (!plan.HasBackward)
            return;
        plan.Keep(whole);
        plan.Keep(part);
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.NeedsGradient.Contains(Output) || !plan.HasGradient(Output))
            return;
        var (whole, part) = Operands(plan);
        var gradient = plan.TakeGradients(Output)[0];
        if (plan.NeedsGradient.Contains(whole))
            plan.Contribute(whole, Multiplied(_part!));
        if (plan.NeedsGradient.Contains(part))
        {
            var product = Multiplied(_whole!);
            plan.Contribute(part, IsSpread(plan) ? Summed(product) : product);
        }
        plan.Release(gradient);

        Memory Multiplied(Memory factor)
        {
            var product = plan.Rent(gradient.Descriptor);
            plan.BackwardSteps.Add(Product(plan, gradient, factor, product));
            return product;
        }

        Memory Summed(Memory product)
        {
            var sum = plan.Rent(MemoryDescriptor.RowMajor(DataType.Float32, plan.Dimensions(part)));
            plan.BackwardSteps.Add(plan.Step(
                "gradient sum", plan.Own(Primitives.Sum(plan.Engine, product.Descriptor, sum.Descriptor)), 0,
                (Argument.Source, product), (Argument.Destination, sum)));
            plan.Release(product);
            return sum;
        }
    }

    /// <summary>The operand that has the product's shape, and the other.</summary>
    private (int Whole, int Part) Operands(PlanBuilder plan)
    {
        var graph = plan.Network.Graph;
        return graph.ShapeOf(first) == graph.ShapeOf(Output) ? (first, second) : (second, first);
    }

    private bool IsSpread(PlanBuilder plan) => plan.Network.Graph.ShapeOf(first) != plan.Network.Graph.ShapeOf(second);

    private static PrimitiveStep Product(PlanBuilder plan, Memory whole, Memory part, Memory result) => plan.Step(
        "product",
        plan.Own(Primitives.Product(plan.Engine, whole.Descriptor, part.Descriptor, result.Descriptor)), 0,
        (Argument.Source, whole), (Argument.Source1, part), (Argument.Destination, result));
}
