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

/// <summary>A managed pass, shared out over the threads where there is enough for them.</summary>
/// <param name="kind">What kind of work it is, for reports.</param>
/// <param name="over">What it goes over.</param>
internal abstract class ParallelStep(string kind, MemoryDescriptor over) : Step(kind), IParallelWork
{
    /// <summary>Below so many values one thread is done before the others have come.</summary>
    internal const int LeastShared = 1 << 15;

    private readonly bool _isShared = over.Dimensions.Aggregate(1L, (count, extent) => count * extent) >= LeastShared;

    protected sealed override void Work()
    {
        if (_isShared)
            ParallelRegion.Run(this);
        else
            Execute(0, 1);
    }

    /// <inheritdoc/>
    public abstract void Execute(int part, int parts);
}
