namespace Nern.Runs;

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
