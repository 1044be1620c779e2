namespace Nern.Training;

/// <summary>Where a training stands.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Epoch">Epochs done, with the part of the running one.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Loss">The cross-entropy of the last step.</param>
/// <param name="LearningRate">Of the last step.</param>
/// <param name="ImagesPerSecond">Lately.</param>
/// <param name="Elapsed">Time since the training began.</param>
/// <param name="Remaining">Time left, as far as can be told.</param>
/// <param name="Evaluation">The last evaluation; another object after each epoch.</param>
public sealed record TrainProgress(
    long Step, long Steps, double Epoch, int Epochs, double Loss, double LearningRate, double ImagesPerSecond, TimeSpan Elapsed,
    TimeSpan? Remaining, TrainEvaluation? Evaluation)
{
    /// <summary>What the user should know, in a sentence: a checkpoint that could not be written; null mostly.</summary>
    public string? Notice { get; init; }
}
