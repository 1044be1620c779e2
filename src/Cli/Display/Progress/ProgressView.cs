using Spectre.Console;
using Spectre.Console.Rendering;

namespace Nern.Cli.Display.Progress;

/// <summary>What a live display shows of long work.</summary>
/// <typeparam name="TProgress">What the work reports.</typeparam>
internal abstract class ProgressView<TProgress>
{
    /// <summary>What is shown once a stop was asked for.</summary>
    internal const string Stopping = "stopping after this step; Ctrl-C again ends at once and leaves the last checkpoint";

    private volatile bool _isStopping;

    /// <summary>Whether a stop was asked for; set from another thread.</summary>
    internal bool IsStopping
    {
        get => _isStopping;
        set => _isStopping = value;
    }

    /// <summary>Takes over where the work stands.</summary>
    internal abstract void Show(TProgress progress);

    /// <summary>The state as it is now.</summary>
    internal abstract IRenderable Render();

    /// <summary>The phase of the work, or that it is stopping.</summary>
    private protected Markup Phase(string phase) => new(IsStopping ? $"[yellow]{Stopping}[/]" : phase);
}
