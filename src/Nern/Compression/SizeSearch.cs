using Nern.Data;
using Nern.Fitting;
using Nern.Fitting.Resuming;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Representation;
using Nern.Tensors;

namespace Nern.Compression;

/// <summary>
/// Looks for the smallest file that loses little: short compressions at one size after another, each smaller than one that lost little enough and
/// larger than one that lost too much. The whole compression at the size that is found comes closer to the original than the short one did.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="original">The network.</param>
/// <param name="inputs">What to distil, choose and evaluate on.</param>
/// <param name="options">How; the size of them is not looked at.</param>
/// <param name="points">
/// Points of accuracy (hundredths of all inputs) that may be lost on inputs set aside, as the original expects it
/// (<see cref="Evaluation.Agreement.ExpectedLoss"/>).
/// </param>
/// <param name="start">A representation of the network to begin with, or null.</param>
public sealed class SizeSearch(
    CpuEngine engine, Network original, FitInputs inputs, CompressOptions options, double points, NeuralRepresentation? start = null)
{
    // Of the steps of a whole compression.
    private const int StepShare = 8;

    // The first size is this part of the weights as float32, and what names and shapes take at least; the most is all of them, and at most that.
    private const double First = 0.055;
    private const int LeastBeside = 1 << 10, MostBeside = 1 << 16;

    // Of one size to the next, and where two are near enough.
    private const double Ratio = 0.75, Near = 0.93;

    private readonly EpochPosition _images = inputs.Images?.Position ?? default;
    private readonly long _weights = sizeof(float)
        * original.Tensors.Values.Where(tensor => tensor.Type != ElementType.Int64).Sum(tensor => (long)tensor.Count);
    private readonly Lazy<string> _identity = new(() => UnfinishedFit.Identify(original, inputs, start));
    private readonly List<SizeTrial> _trials = [];

    /// <summary>What was tried.</summary>
    public IReadOnlyList<SizeTrial> Trials => _trials;

    /// <summary>The bytes to try next; null where it is known enough.</summary>
    /// <exception cref="NernException">Even large files lose too much.</exception>
    public long? Next
    {
        get
        {
            var (within, beyond) = (Smallest(), LargestBeyond());
            if (within is null && beyond >= _weights + MostBeside)
                throw new NernException($"Files of {Figures.Bytes(beyond.Value)} lose more than {points} points on inputs set aside.");
            double next = (within, beyond) switch
            {
                (null, null) => (First * _weights) + LeastBeside,
                (null, { } tooSmall) => tooSmall / Ratio,
                ({ } enough, null) => enough * Ratio,
                ({ } enough, { } tooSmall) => tooSmall >= Near * enough ? 0 : Math.Sqrt((double)enough * tooSmall),
            };
            return next >= 1 ? (long)next : null;
        }
    }

    /// <summary>The options of the whole compression, once <see cref="Next"/> is null.</summary>
    public CompressOptions Found => options with
    {
        Size = new(Smallest() ?? throw new InvalidOperationException("Nothing was tried."), IsPercent: false),
    };

    /// <summary>Tries <see cref="Next"/>. A trial that is stopped early counts nothing.</summary>
    /// <param name="progress">Hears of the compression.</param>
    /// <param name="cancellation">Asks for an early end.</param>
    /// <param name="preparation">Hears of the choice of its first integers, 0 to 1.</param>
    /// <exception cref="NernException">As of a compression.</exception>
    public void Try(
        Action<CompressProgress>? progress = null, CancellationToken cancellation = default, IProgress<double>? preparation = null)
    {
        var bytes = Next ?? throw new InvalidOperationException("The size is known.");
        var lost = Compress(bytes, progress, cancellation, preparation)?.ExpectedLoss * 100;
        if (!cancellation.IsCancellationRequested)
            _trials.Add(new(bytes, lost, lost <= points));
    }

    /// <summary>Goes on where an unfinished search stopped.</summary>
    /// <exception cref="NernException">It is another search's.</exception>
    public void Resume(UnfinishedSizeSearch unfinished)
    {
        unfinished.Check(options, points, _identity.Value);
        _trials.Clear();
        _trials.AddRange(unfinished.Trials);
    }

    /// <summary>Saves what was tried, atomically.</summary>
    /// <exception cref="NernException">The file cannot be written.</exception>
    public void Save(string path) => UnfinishedSizeSearch.Save(path, _trials, options, points, _identity.Value);

    private CompressEvaluation? Compress(
        long bytes, Action<CompressProgress>? progress, CancellationToken cancellation, IProgress<double>? preparation)
    {
        // Each begins with the same images.
        inputs.Images?.Position = _images;
        try
        {
            using var compressor = new Compressor(
                engine, original, inputs,
                options with { Size = new(bytes, IsPercent: false), Steps = Math.Max(1, options.StepsOn(inputs) / StepShare) }, start, resume: null,
                preparation, cancellation);
            return compressor.Run(progress, cancellation).Evaluation;
        }
        catch (Exception exception) when (exception is SizeTooSmallException or OperationCanceledException)
        {
            return null;
        }
        finally
        {
            inputs.Images?.Position = _images;
        }
    }

    private long? Smallest() => _trials.Where(trial => trial.IsWithin).Min(trial => (long?)trial.Bytes);

    private long? LargestBeyond() => _trials.Where(trial => !trial.IsWithin).Max(trial => (long?)trial.Bytes);
}

/// <summary>A size that was tried.</summary>
/// <param name="Bytes">The size that was wanted.</param>
/// <param name="Points">Points of accuracy that are expected to be lost; null where there is no file as small.</param>
/// <param name="IsWithin">Whether that is little enough.</param>
public readonly record struct SizeTrial(long Bytes, double? Points, bool IsWithin);
