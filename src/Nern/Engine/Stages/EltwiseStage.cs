using Nern.OneDnn;

namespace Nern.Engine.Stages;

/// <summary>A function of every element.</summary>
/// <param name="output">The node.</param>
/// <param name="input">What it is applied to.</param>
/// <param name="function">The function.</param>
/// <param name="alpha">Its first parameter, where it has one.</param>
/// <param name="beta">Its second.</param>
internal sealed class EltwiseStage(int output, int input, EltwiseFunction function, float alpha = 0, float beta = 0) : Stage(output)
{
    private Primitive? _forward;
    private Memory? _source;

    internal override IEnumerable<int> Inputs => [input];

    internal override void Forward(PlanBuilder plan)
    {
        _source = plan.Value(input);
        _forward = plan.Own(Primitives.EltwiseForward(plan.Engine, function, _source.Descriptor, alpha, beta));
        var goesBack = plan.HasBackward && plan.NeedsGradient.Contains(input);
        if (goesBack)
            plan.Keep(input);
        var result = goesBack ? plan.Rent(_source.Descriptor) : plan.RentInPlace(input);
        plan.ForwardSteps.Add(plan.Step("activation", _forward, 0, (Argument.Source, _source), (Argument.Destination, result)));
        plan.SetValue(Output, result);
    }

    internal override void Backward(PlanBuilder plan)
    {
        if (!plan.NeedsGradient.Contains(input) || !plan.HasGradient(Output))
            return;
        var gradient = plan.TakeGradients(Output)[0];
        var primitive = plan.Own(Primitives.EltwiseBackward(
            plan.Engine, function, _forward!, gradient.Descriptor, _source!.Descriptor, alpha, beta));
        var result = plan.IsExclusive(gradient) ? gradient : plan.Rent(_source.Descriptor);
        plan.BackwardSteps.Add(plan.Step(
            "activation backward", primitive, 0,
            (Argument.Source, _source), (Argument.DestinationGradient, gradient), (Argument.SourceGradient, result)));
        if (result != gradient)
            plan.Release(gradient);
        plan.Contribute(input, result);
    }
}
