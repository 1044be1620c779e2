using Nern.OneDnn;

namespace Nern.Engine;

/// <summary>One entry of a plan's flat list of work. Running it allocates nothing.</summary>
/// <param name="kind">What kind of work it is, for reports.</param>
/// <param name="floatingPointOperations">Multiplications and additions it does, counted from the shapes.</param>
internal abstract class Step(string kind, double floatingPointOperations = 0)
{
    /// <summary>The kind of work, for reports.</summary>
    internal string Kind { get; } = kind;

    /// <summary>Multiplications and additions.</summary>
    internal double FloatingPointOperations { get; } = floatingPointOperations;

    /// <summary>Times every run; null but while a profile is taken.</summary>
    internal StepClock? Clock { get; set; }

    /// <summary>Does the work.</summary>
    internal void Run()
    {
        Clock?.Enter();
        Work();
        Clock?.Leave(this);
    }

    /// <summary>The work itself.</summary>
    protected abstract void Work();
}

/// <summary>A primitive of the library.</summary>
internal sealed class PrimitiveStep(string kind, Execution execution, double floatingPointOperations = 0)
    : Step(kind, floatingPointOperations)
{
    protected override void Work() => execution.Run();

    public override string ToString() => $"{Kind}: {execution}";
}

/// <summary>A managed pass, shared out over the threads.</summary>
internal abstract class ParallelStep(string kind) : Step(kind), IParallelWork
{
    protected sealed override void Work() => ParallelRegion.Run(this);

    /// <inheritdoc/>
    public abstract void Execute(int part, int parts);
}
