using Nern.Optimizers;

namespace Nern.Runs;

/// <summary>Everything that changes while some training runs, at one step: with it the training goes on to the same bits.</summary>
internal sealed class Snapshot<TState> where TState : struct
{
    private const string OptimizerPrefix = "optimizer.";

    /// <summary>What is not an array.</summary>
    internal TState State { get; set; }

    /// <summary>Parameters, the best ones, what the optimiser remembers, …, by name.</summary>
    internal Dictionary<string, float[]> Arrays { get; init; } = [];

    /// <summary>Keeps a copy of <paramref name="values"/>; memory is taken the first time only.</summary>
    internal void Keep(string name, ReadOnlySpan<float> values)
    {
        if (!Arrays.TryGetValue(name, out var copy) || copy.Length != values.Length)
            Arrays[name] = copy = new float[values.Length];
        values.CopyTo(copy);
    }

    /// <summary>Keeps what an optimiser remembers, but for its <see cref="Optimizer.StepCount"/>.</summary>
    internal void Keep(Optimizer optimizer)
    {
        foreach (var (name, values) in optimizer.State)
            Keep(OptimizerPrefix + name, values.Span);
    }

    /// <summary>Gives an optimiser back what it remembered after <paramref name="steps"/> steps.</summary>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="steps">Its <see cref="Optimizer.StepCount"/>.</param>
    /// <param name="origin">Where the snapshot comes from, for the message.</param>
    /// <exception cref="NernException">It is of another optimiser.</exception>
    internal void Restore(Optimizer optimizer, long steps, string origin)
    {
        optimizer.StepCount = steps;
        foreach (var (name, values) in optimizer.State)
            Values(OptimizerPrefix + name, values.Length, origin).CopyTo(values.Span);
    }

    /// <summary>The array of this name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="length">How long it has to be.</param>
    /// <param name="origin">Where the snapshot comes from, for the message.</param>
    /// <exception cref="NernException">There is none of that length.</exception>
    internal ReadOnlySpan<float> Values(string name, int length, string origin) =>
        Arrays.GetValueOrDefault(name) is { } values && values.Length == length
            ? values
            : throw new NernException($"'{origin}' is of other work than this: expected {length} values of {name}.");
}

/// <summary>How long a step takes lately: an exponential average that begins with the first step.</summary>
internal struct StepTime
{
    private double _seconds;

    /// <summary>Seconds a step takes; 0 before the first.</summary>
    internal readonly double Seconds => _seconds;

    /// <summary>Steps a second; 0 before the first.</summary>
    internal readonly double Rate => _seconds > 0 ? 1 / _seconds : 0;

    /// <summary>Takes the time of a step.</summary>
    internal void Add(double seconds) => _seconds = _seconds == 0 ? seconds : (0.95 * _seconds) + (0.05 * seconds);
}
