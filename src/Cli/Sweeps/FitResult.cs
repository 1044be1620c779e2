using Nern.Evaluation;

namespace Nern.Cli.Sweeps;

/// <summary>What a fit has come to, at the evaluation that was kept.</summary>
/// <param name="Accuracy">On the test images, where there are some.</param>
/// <param name="Original">The original's accuracy on them.</param>
/// <param name="Agreement">With the original on them.</param>
/// <param name="ValidationKl">Mean KL on the inputs set aside.</param>
/// <param name="WeightError">|W - W^| / |W|.</param>
/// <param name="Step">The step that was kept.</param>
/// <param name="Seconds">What the whole fit took.</param>
/// <param name="PredictorBytes">What the predictor takes of the file.</param>
/// <param name="FileBytes">What the file takes.</param>
/// <param name="Precision">The precision of the fit.</param>
/// <param name="Threads">The threads of the fit.</param>
/// <param name="Processor">The processor's name.</param>
/// <param name="Version">The program's version.</param>
internal sealed record FitResult(
    Accuracy? Accuracy, Accuracy? Original, Agreement? Agreement, double ValidationKl, double WeightError, long Step, double Seconds,
    long PredictorBytes, long FileBytes, string Precision, int Threads, string Processor, string Version);
