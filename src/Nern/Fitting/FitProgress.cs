using Nern.Evaluation;
using Nern.Objectives;

namespace Nern.Fitting;

/// <summary>Where a fit stands.</summary>
/// <param name="Phase">What it is doing, in a word or two.</param>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all, or null where time alone decides.</param>
/// <param name="Losses">Of the last step.</param>
/// <param name="Total">Their weighted sum (paper, equation 2).</param>
/// <param name="LearningRate">Of the last step.</param>
/// <param name="StepsPerSecond">Lately.</param>
/// <param name="ImagesPerSecond">Lately; 0 while no images are used.</param>
/// <param name="Elapsed">Time since the fit began.</param>
/// <param name="Remaining">Time left, as far as can be told.</param>
/// <param name="Evaluation">The last evaluation; new if its step is <paramref name="Step"/>.</param>
public sealed record FitProgress(
    string Phase, long Step, long? Steps, Losses Losses, double Total, double LearningRate, double StepsPerSecond, double ImagesPerSecond,
    TimeSpan Elapsed, TimeSpan? Remaining, FitEvaluation? Evaluation)
{
    /// <summary>What the user should know, in a sentence: a divergence, a checkpoint that could not be written, or too little time; null mostly.</summary>
    public string? Notice { get; init; }
}

/// <summary>The reconstruction at some step.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Elapsed">Time since the fit began.</param>
/// <param name="Validation">
/// The mean KL to the original on inputs set aside from the training images (or on noise); of a network that ends in features their relative
/// error. The best reconstruction is chosen by it.
/// </param>
/// <param name="RelativeError">|W - W^| / |W| over all learnable weights.</param>
/// <param name="IsBest">Whether this is the best so far.</param>
/// <param name="Accuracy">On the test images, where there are some; never used to choose anything.</param>
/// <param name="Agreement">With the original, on the test images.</param>
public sealed record FitEvaluation(
    long Step, TimeSpan Elapsed, double Validation, double RelativeError, bool IsBest, Accuracy? Accuracy, Agreement? Agreement)
{
    /// <summary>Whether <see cref="Validation"/> is the relative error of features.</summary>
    public bool IsOfFeatures { get; init; }

    /// <summary>How alike features are to the original's on the test images, in place of accuracy and agreement, of a network that ends in them.</summary>
    public FeatureAgreement? Features { get; init; }

    /// <summary>The error of each learnable layer's weights, in the order of the network.</summary>
    public IReadOnlyList<WeightError> LayerErrors { get; init; } = [];
}
