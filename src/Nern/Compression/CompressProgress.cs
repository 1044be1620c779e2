using Nern.Evaluation;

namespace Nern.Compression;

/// <summary>Where a compression stands.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Kd">Mean divergence of the logits in the last step (paper, equation 5).</param>
/// <param name="Fmd">Mean relative squared error of the feature maps in it.</param>
/// <param name="Bytes">About the bytes of the file now.</param>
/// <param name="LearningRate">Of the last step.</param>
/// <param name="ImagesPerSecond">Lately.</param>
/// <param name="Elapsed">Time since it began.</param>
/// <param name="Remaining">Time left, as far as can be told.</param>
/// <param name="Evaluation">The last evaluation; new if its step is <paramref name="Step"/>.</param>
public sealed record CompressProgress(
    long Step, long Steps, double Kd, double Fmd, long Bytes, double LearningRate, double ImagesPerSecond, TimeSpan Elapsed,
    TimeSpan? Remaining, CompressEvaluation? Evaluation)
{
    /// <summary>What the user should know, in a sentence; null mostly.</summary>
    public string? Notice { get; init; }
}

/// <summary>The small file at some step.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Elapsed">Time since it began.</param>
/// <param name="Bytes">The bytes of the file.</param>
/// <param name="Validation">
/// The mean KL to the original on inputs set aside and, where some are mixed, as many mixtures of them; the best is chosen by it.
/// </param>
/// <param name="ValidationAgreement">The share of inputs set aside that both put into one class.</param>
/// <param name="ExpectedLoss">The accuracy that the original expects to be lost on them (<see cref="Evaluation.Agreement.ExpectedLoss"/>).</param>
/// <param name="IsBest">Whether this is the best so far of those that are small enough.</param>
/// <param name="Accuracy">On the test images, where there are some; never used to choose anything.</param>
/// <param name="Agreement">With the original, on the test images.</param>
public sealed record CompressEvaluation(
    long Step, TimeSpan Elapsed, long Bytes, double Validation, double ValidationAgreement, double ExpectedLoss, bool IsBest,
    Accuracy? Accuracy, Agreement? Agreement);
