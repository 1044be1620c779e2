using Nern.Evaluation;

namespace Nern.Fitting;

/// <summary>The reconstruction at some step.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Elapsed">Time since the fit began.</param>
/// <param name="Validation">
/// The mean KL to the original on inputs set aside from the training images (or on noise). The best reconstruction is chosen by it.
/// </param>
/// <param name="RelativeError">|W - W^| / |W| over all learnable weights.</param>
/// <param name="IsBest">Whether this is the best so far.</param>
/// <param name="Accuracy">On the test images, where there are some; never used to choose anything.</param>
/// <param name="Agreement">With the original, on the test images.</param>
public sealed record FitEvaluation(
    long Step, TimeSpan Elapsed, double Validation, double RelativeError, bool IsBest, Accuracy? Accuracy, Agreement? Agreement)
{
    /// <summary>The error of each learnable layer's weights, in the order of the network.</summary>
    public IReadOnlyList<WeightError> LayerErrors { get; init; } = [];
}
