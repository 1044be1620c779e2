using Nern.Evaluation;

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

/// <summary>A network in training, after an epoch.</summary>
/// <param name="Epoch">Epochs done; not whole where the training was stopped within one.</param>
/// <param name="Elapsed">Time since the training began.</param>
/// <param name="Loss">The mean cross-entropy on the training images since the last evaluation.</param>
/// <param name="ImagesPerSecond">Of the steps since the last evaluation.</param>
/// <param name="TrainingAccuracy">On the same images as they were seen, cropped and mirrored.</param>
/// <param name="Smoothness">The regulariser's sum over all layers, without its factor (paper, equation 6); 0 where it has none.</param>
/// <param name="Validation">On the images set aside, where there are some: the epoch that is kept is chosen by it.</param>
/// <param name="Test">On the test images, where there are some; never used to choose anything.</param>
/// <param name="IsBest">Whether this is what would be kept.</param>
public sealed record TrainEvaluation(
    double Epoch, TimeSpan Elapsed, double Loss, double ImagesPerSecond, double TrainingAccuracy, double Smoothness, Accuracy? Validation,
    Accuracy? Test, bool IsBest);
