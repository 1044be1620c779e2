using Nern.Coding;
using Nern.Engine;
using Nern.Networks;
using Nern.OneDnn;
using Nern.Predictor;
using Nern.Representation;
using Nern.Tensors;

namespace Nern.Compression;

/// <summary>
/// A folded network whose layers are integers, or predicted by a predictor whose parameters are: what is stored, and what moves in training.
/// </summary>
internal sealed class RoundedNetwork
{
    /// <summary>What a bias is rounded to, in parts of the root mean square of a layer's.</summary>
    private const int BiasSteps = 16, PredictorBiasSteps = 64;

    // In a last layer errors meet no other that could mend them.
    private const double CoarsestLastLayer = 0.5;

    private readonly Network _original;
    private readonly FoldedNetwork _start;
    private readonly PredictorDesign? _design;
    private readonly RoundedMatrix[] _layers, _predictor;
    private readonly double[] _sizes;
    private readonly float[] _weights;
    private readonly int[] _places;

    /// <param name="engine">The engine.</param>
    /// <param name="original">The network, which is what is distilled.</param>
    /// <param name="start">A network of the same graph, with whose weights to begin.</param>
    /// <param name="design">What predicts some of its layers, if anything does.</param>
    internal RoundedNetwork(CpuEngine engine, Network original, Network start, PredictorDesign? design)
    {
        _original = original;
        _design = design;
        Folded = FoldedNetwork.Of(original);
        _start = original == start ? Folded : FoldedNetwork.Of(start);
        var places = design?.Layout.Layers.Index().ToDictionary(layer => layer.Item.Name, layer => layer.Index) ?? [];
        _places = [.. Folded.Layers.Select(layer => layer.Weights is { } name && places.TryGetValue(name, out var place) ? place : -1)];
        using var parameters = new NetworkParameters(engine, _start.Network);
        _weights = parameters.Values.ToArray();
        Values = [.. _weights];
        _layers = [.. Folded.Layers.Select((layer, l) => new RoundedMatrix(
            layer.Rows, layer.Columns, parameters.OffsetOf($"{layer.Name}.weight"), parameters.OffsetOf($"{layer.Name}.bias"), BiasSteps,
            isGiven: layer.Weights is null || _places[l] >= 0, hasBias: layer.Norm is not null || layer.HasBias))];
        _predictor = design is null ? [] : [.. Enumerable.Range(0, design.Shape.Depth).Select(layer => new RoundedMatrix(
            design.Shape.RowsOf(layer), design.Shape.ColumnsOf(layer), design.Shape.WeightOffset(layer), design.Shape.BiasOffset(layer),
            PredictorBiasSteps))];
        Parameters = new float[design?.Shape.ParameterCount ?? 0];
        Matrices = [.. _layers, .. _predictor];
        Moving = [new float[Matrices.Sum(m => m.MovingWeights)], new float[Matrices.Sum(m => m.Rows)], new float[Matrices.Sum(m => m.Rows)]];
        var (weight, row) = (0, 0);
        foreach (var matrix in Matrices)
        {
            matrix.Weights = matrix.IsGiven ? new float[matrix.Rows * matrix.Columns] : Moving[0].AsMemory(weight, matrix.MovingWeights);
            // A normalisation by itself is nothing but factors; what is predicted comes later.
            if (matrix.IsGiven)
                matrix.Weights.Span.Fill(1);
            matrix.Exponents = Moving[1].AsMemory(row, matrix.Rows);
            matrix.Biases = Moving[2].AsMemory(row, matrix.Rows);
            (weight, row) = (weight + matrix.MovingWeights, row + matrix.Rows);
        }
        _sizes = [.. _start.Layers.Select(layer => Size(layer))];
    }

    /// <summary>The original, folded.</summary>
    internal FoldedNetwork Folded { get; }

    /// <summary>What it begins with, folded.</summary>
    internal Network Start => _start.Network;

    /// <summary>All values of the folded network, as <see cref="NetworkParameters"/> lays them out.</summary>
    internal float[] Values { get; }

    /// <summary>All parameters of the predictor.</summary>
    internal float[] Parameters { get; }

    /// <summary>Those of the layers, then those of the predictor.</summary>
    internal IReadOnlyList<RoundedMatrix> Matrices { get; }

    /// <summary>What moves: weights, exponents of rows, biases, each of all matrices one after another.</summary>
    internal float[][] Moving { get; }

    /// <summary>Those of the predictor.</summary>
    internal IReadOnlyList<RoundedMatrix> Predictor => _predictor;

    /// <summary>Those of the layers.</summary>
    internal IReadOnlyList<RoundedMatrix> Layers => _layers;

    /// <summary>The bits of all integers of weights, about.</summary>
    internal double Bits => Matrices.Sum(matrix => matrix.Bits);

    /// <summary>What the steps of each layer, and behind them those of the predictor, are beside those of the others (<see cref="StepShares"/>); null until they are known.</summary>
    internal IReadOnlyList<double>? Shares { get; set; }

    /// <summary>Begins with the network's weights, and those of a predictor, in steps so large that they take so many bits.</summary>
    internal void Begin(ReadOnlySpan<float> parameters, double bits)
    {
        // Twice the step is about a bit less each. Finer than the least there is nothing to gain, and magnitudes would be beyond what is counted.
        var (least, most) = (1.0 / 16, 1e3);
        for (var halving = 0; halving < 30; halving++)
        {
            var ratio = Math.Sqrt(least * most);
            BeginInSteps(parameters, ratio);
            (least, most) = Bits > bits ? (ratio, most) : (least, ratio);
        }
    }

    /// <summary>Begins with the network's weights, and those of a predictor.</summary>
    /// <param name="parameters">Of the predictor.</param>
    /// <param name="ratio">
    /// The step of a layer of share 1 to the root mean square of its weights; where no shares are set, that of the last is no larger than a half.
    /// </param>
    internal void BeginInSteps(ReadOnlySpan<float> parameters, double ratio)
    {
        for (var l = 0; l < _layers.Length; l++)
            _layers[l].Begin(
                _weights, _start.Layers[l].Scales,
                _sizes[l] * (Shares is null && IsLast(l) ? Math.Min(ratio, CoarsestLastLayer) : ratio * ShareOf(l)));
        for (var l = 0; l < _predictor.Length; l++)
            _predictor[l].Begin(parameters, RowSizes(parameters, l), ratio * ShareOf(_layers.Length));
        Write();
    }

    /// <summary>Rounds the predictor anew, such that what each layer makes of its inputs changes little (<see cref="Gptq"/>).</summary>
    /// <param name="parameters">That it began with.</param>
    /// <param name="inputs">What its layers see.</param>
    internal void RoundByInputs(ReadOnlySpan<float> parameters, PredictorInputs inputs)
    {
        for (var layer = 0; layer < _predictor.Length; layer++)
        {
            _predictor[layer].Round(parameters, [inputs.Moments(Parameters, layer)]);
            _predictor[layer].Write(Parameters);
        }
    }

    /// <summary>
    /// Rounds the layers that are not predicted anew, one after another, each such that what it makes of its inputs in the network that is
    /// rounded so far changes little (<see cref="Gptq"/>).
    /// </summary>
    internal void RoundByInputs(LayerInputs inputs)
    {
        for (var l = 0; l < _layers.Length; l++)
        {
            if (_layers[l].IsGiven)
                continue;
            _layers[l].Round(_weights, inputs.Moments(ToNetwork(), Folded.Layers[l].Name));
            _layers[l].Write(Values);
        }
    }

    /// <summary>The weights that move of each layer and, behind them, of the predictor where there is one: what has steps of its own.</summary>
    internal IReadOnlyList<int> Parts =>
        [.. _layers.Select(layer => layer.MovingWeights), .. IsPredicted ? [_predictor.Sum(matrix => matrix.MovingWeights)] : Array.Empty<int>()];

    /// <summary>Rounds one of <see cref="Parts"/> anew, and writes it with all others as they began; predicted weights are to be predicted from that.</summary>
    /// <param name="part">Its place.</param>
    /// <param name="parameters">That the predictor began with.</param>
    /// <param name="inputs">What layers see where nothing is rounded; of those, places only rise.</param>
    /// <param name="predictor">What the predictor's layers see.</param>
    internal void WriteAlone(int part, ReadOnlySpan<float> parameters, LayerInputs inputs, PredictorInputs? predictor)
    {
        _weights.CopyTo(Values, 0);
        parameters.CopyTo(Parameters);
        if (part == _layers.Length)
        {
            RoundByInputs(parameters, predictor!);
            return;
        }
        _layers[part].Round(_weights, inputs.Moments(Start, Folded.Layers[part].Name));
        _layers[part].Write(Values);
    }

    /// <summary>Rounds all, and writes <see cref="Parameters"/> and, but for predicted weights, <see cref="Values"/>.</summary>
    internal void Write()
    {
        foreach (var matrix in _predictor)
            matrix.Write(Parameters);
        foreach (var matrix in _layers)
            matrix.Write(Values);
    }

    /// <summary>
    /// Takes about so many bits off by making integers one less in magnitude, first those that were nearly rounded so, last those that make up for
    /// others. What was last written is what is lowered; it is to be written anew.
    /// </summary>
    /// <returns>Whether any integer could be lowered.</returns>
    internal bool Lower(double bits)
    {
        var weights = Moving[0];
        var (lowered, distances, saved) = (new float[weights.Length], new float[weights.Length], new float[weights.Length]);
        var first = 0;
        foreach (var matrix in Matrices)
        {
            var count = matrix.MovingWeights;
            matrix.MeasureLowering(lowered.AsSpan(first, count), distances.AsSpan(first, count), saved.AsSpan(first, count));
            first += count;
        }
        int[] order = [.. Enumerable.Range(0, weights.Length)];
        Array.Sort(distances, order);
        var next = 0;
        for (; bits > 0 && next < order.Length && float.IsFinite(distances[next]); next++)
        {
            weights[order[next]] = lowered[order[next]];
            bits -= saved[order[next]];
        }
        return next > 0;
    }

    /// <summary>Takes over predictions, [kernels, K x K].</summary>
    internal void Predict(ReadOnlySpan<float> rows)
    {
        for (var l = 0; l < _layers.Length; l++)
            if (_places[l] >= 0)
            {
                _design!.Layout.ReadPredicted(rows, _places[l], _layers[l].Weights.Span);
                _layers[l].Write(Values);
            }
    }

    /// <summary>Whether a predictor gives some of its layers.</summary>
    internal bool IsPredicted => _design is not null;

    /// <summary>The place of each layer in the predictor's design; -1 where it is not predicted.</summary>
    internal IReadOnlyList<int> Places => _places;

    /// <summary>What is stored.</summary>
    internal NeuralRepresentation Represent(Provenance provenance)
    {
        var coded = new Dictionary<string, CodedMatrix>();
        for (var l = 0; l < _layers.Length; l++)
        {
            var (layer, matrix) = (Folded.Layers[l], _layers[l]);
            if (layer.Weights is { } weights && !matrix.IsGiven)
                coded.Add($"network.{weights}.weight", matrix.ToWeights(withExponents: layer.Norm is null));
            if (layer.Norm is { } norm)
            {
                // What the normalisation divides by, with the usual variance, is 1 but for its epsilon.
                var epsilon = norm is BatchNorm { Epsilon: var own } ? own : 1e-5f;
                var root = norm is BatchNorm ? (float)Math.Sqrt(UsualTensor.Variance + (double)epsilon) : 1;
                coded.Add($"network.{norm.Name}.weight", matrix.ToFactors(Math.Abs(root - 1) < 1e-6 ? 1 : root));
                coded.Add($"network.{norm.Name}.bias", matrix.ToBiases());
                if (layer.HasBias)
                    coded.Add($"network.{layer.Weights}.bias", new(new int[matrix.Rows], 1, []));
            }
            else if (layer.HasBias)
                coded.Add($"network.{layer.Weights}.bias", matrix.ToBiases());
        }
        for (var layer = 0; layer < _predictor.Length; layer++)
        {
            coded.Add($"predictor.{layer}.weight", _predictor[layer].ToWeights(withExponents: true));
            coded.Add($"predictor.{layer}.bias", _predictor[layer].ToBiases());
        }
        var absent = _design?.Layout.Layers.Select(layer => layer.Weight).ToHashSet() ?? [];
        return new NeuralRepresentation(
            _original.Graph, _design, Parameters.ToArray(),
            [.. _original.Tensors.Select(tensor => KeyValuePair.Create(
                tensor.Key, absent.Contains(tensor.Key) ? null : Stored(tensor.Key, tensor.Value, coded)))],
            provenance)
        {
            Coded = coded,
            OnnxSkeleton = _original.OnnxSkeleton,
        };
    }

    /// <summary>The folded network with the values that are written.</summary>
    internal Network ToNetwork()
    {
        var values = new Dictionary<string, float[]>();
        for (var l = 0; l < _layers.Length; l++)
        {
            var (weights, biases) = _layers[l].Of(Values);
            values.Add($"{Folded.Layers[l].Name}.weight", weights.ToArray());
            values.Add($"{Folded.Layers[l].Name}.bias", biases.ToArray());
        }
        return Folded.Network.With(values);
    }

    private float[] RowSizes(ReadOnlySpan<float> parameters, int layer)
    {
        var (matrix, first) = (_predictor[layer], _design!.Shape.WeightOffset(layer));
        var sizes = new float[matrix.Rows];
        for (var row = 0; row < sizes.Length; row++)
            sizes[row] = (float)Math.Max(1e-6, Deviation(parameters.Slice(first + (row * matrix.Columns), matrix.Columns), 1));
        return sizes;
    }

    private static Tensor Stored(string name, Tensor tensor, Dictionary<string, CodedMatrix> coded) =>
        coded.TryGetValue($"network.{name}", out var matrix)
            ? Tensor.From(tensor.Shape, matrix.ToFloats()) : UsualTensor.Of(name, tensor.Shape) ?? tensor;

    private double ShareOf(int part) => Shares?[part] ?? 1;

    private bool IsLast(int layer) => layer == _layers.Length - 1;

    /// <summary>The root mean square of a layer's weights as they are at the start, before its normalisation is folded in.</summary>
    private double Size(FoldedLayer layer)
    {
        var weights = _start.Network.Values($"{layer.Name}.weight");
        var sum = 0.0;
        for (var row = 0; row < layer.Rows; row++)
            if (layer.Scales[row] != 0)
                sum += Math.Pow(Deviation(weights.AsSpan(row * layer.Columns, layer.Columns), layer.Scales[row]), 2) / layer.Rows;
        return sum > 0 ? Math.Sqrt(sum) : 1;
    }

    private static double Deviation(ReadOnlySpan<float> weights, double scale)
    {
        var sum = 0.0;
        foreach (var weight in weights)
            sum += weight / scale * (weight / scale);
        return Math.Sqrt(sum / weights.Length);
    }
}
