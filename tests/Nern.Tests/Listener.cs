namespace Nern.Tests;

/// <summary>Hears of each part of some work as it is reported.</summary>
internal sealed class Listener(Action<double> hear) : IProgress<double>
{
    public void Report(double value) => hear(value);
}
