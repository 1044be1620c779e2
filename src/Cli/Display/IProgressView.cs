using Spectre.Console.Rendering;

namespace Nern.Cli.Display;

/// <summary>What a live display shows of long work.</summary>
/// <typeparam name="TProgress">What the work reports.</typeparam>
internal interface IProgressView<in TProgress>
{
    /// <summary>Whether a stop was asked for; set from another thread.</summary>
    bool IsStopping { get; set; }

    /// <summary>Takes over where the work stands.</summary>
    void Show(TProgress progress);

    /// <summary>The state as it is now.</summary>
    IRenderable Render();
}
