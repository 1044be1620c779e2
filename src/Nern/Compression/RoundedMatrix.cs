using System.Numerics.Tensors;
using Nern.Coding;

namespace Nern.Compression;

/// <summary>
/// A matrix as integers times a step a row, and a bias a row as integers times a step of its own. What moves in training is the values
/// before rounding; gradients pass the rounding as if it were not there (straight through, Bengio et al. 2013). Weights that are given, since
/// they are predicted or stand for nothing but their factors, are not rounded: only the factors and biases move.
/// </summary>
internal sealed class RoundedMatrix
{
    /// <summary>The natural logarithm of what one exponent more multiplies a row with.</summary>
    private const float LogarithmOfExponent = 0.6931472f / CodedMatrix.ExponentsPerOctave;

    // So near the edge lies what rounding by inputs has not rounded to the nearest.
    private const float Edge = 0.1f;

    // Of the half a step to where another integer is nearer.
    private const float WithinCell = 0.45f;

    private readonly int _offset, _biasOffset, _biasSteps;
    private readonly float[] _integers, _signs;
    private readonly CodeLength _length = new();
    private readonly bool _hasBias;

    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="offset">Where the matrix begins in the vector of all values.</param>
    /// <param name="biasOffset">Where the bias begins in it.</param>
    /// <param name="biasSteps">Steps of a bias to their root mean square.</param>
    /// <param name="isGiven">Whether the weights come from elsewhere.</param>
    /// <param name="hasBias">Whether there is a bias; else it is 0 and stays so.</param>
    internal RoundedMatrix(int rows, int columns, int offset, int biasOffset, int biasSteps, bool isGiven = false, bool hasBias = true)
    {
        (Rows, Columns, _offset, _biasOffset, _biasSteps, IsGiven, _hasBias) = (rows, columns, offset, biasOffset, biasSteps, isGiven, hasBias);
        _integers = new float[rows * columns];
        _signs = new float[rows];
    }

    internal int Rows { get; }

    internal int Columns { get; }

    /// <summary>Whether the weights come from elsewhere.</summary>
    internal bool IsGiven { get; }

    /// <summary>Weights that move.</summary>
    internal int MovingWeights => IsGiven ? 0 : Rows * Columns;

    /// <summary>What an integer counts in a row without exponent.</summary>
    internal float Step { get; private set; } = 1;

    /// <summary>What an integer of a bias counts.</summary>
    internal float BiasStep { get; private set; } = 1;

    /// <summary>Weights in steps, before rounding; those that are given as they are.</summary>
    internal Memory<float> Weights { get; set; }

    /// <summary>Exponents of the rows, before rounding.</summary>
    internal Memory<float> Exponents { get; set; }

    /// <summary>Biases in steps, before rounding.</summary>
    internal Memory<float> Biases { get; set; }

    /// <summary>The bits of the weights' integers, about.</summary>
    internal double Bits => IsGiven ? 0 : _length.Bits;

    /// <summary>Begins with values.</summary>
    /// <param name="values">All values.</param>
    /// <param name="scales">The first factor of each row; the rows of negative ones are turned round, as the network has them.</param>
    /// <param name="step">A step, for a row of scale 1.</param>
    internal void Begin(ReadOnlySpan<float> values, IReadOnlyList<float> scales, double step)
    {
        (Step, BiasStep) = IsGiven ? (1, 1) : (OnGrid(step), 1);
        for (var row = 0; row < Rows; row++)
        {
            var scale = Math.Abs(scales[row]);
            // A given weight of 1 has all of its value from here; what is rounded is divided by it.
            _signs[row] = scales[row] < 0 ? -1 : IsGiven && scale == 0 ? 0 : 1;
            Exponents.Span[row] = scale > 0 ? CodedMatrix.ExponentsPerOctave * MathF.Log2(scale) : 0;
            if (!IsGiven)
                TensorPrimitives.Divide(
                    values.Slice(_offset + (row * Columns), Columns), Factor(row), Weights.Span.Slice(row * Columns, Columns));
        }
        var bias = values.Slice(_biasOffset, Rows);
        var size = TensorPrimitives.Norm(bias) / Math.Sqrt(Rows);
        BiasStep = size > 0 ? OnGrid(size / _biasSteps) : 1;
        TensorPrimitives.Divide(bias, BiasStep, Biases.Span);
    }

    /// <summary>Rounds such that what the rows do to inputs changes little, in the steps that were begun with.</summary>
    /// <param name="values">All values that it began with.</param>
    /// <param name="moments">Second moments of the inputs, of each of as many groups of rows [columns, columns].</param>
    internal void Round(ReadOnlySpan<float> values, IReadOnlyList<double[]> moments)
    {
        var rows = Rows / moments.Count;
        float[] factors = [.. Enumerable.Range(0, Rows).Select(Factor)];
        for (var group = 0; group < moments.Count; group++)
        {
            var integers = Gptq.Round(
                values.Slice(_offset + (group * rows * Columns), rows * Columns), factors.AsSpan(group * rows, rows), moments[group]);
            var weights = Weights.Span.Slice(group * rows * Columns, integers.Length);
            // As near to where they were as rounds to these, so that a step or two may change what little speaks for.
            for (var i = 0; i < integers.Length; i++)
                weights[i] = Math.Clamp(weights[i], integers[i] - WithinCell, integers[i] + WithinCell);
        }
    }

    /// <summary>Its weights and biases in all values.</summary>
    internal (ReadOnlyMemory<float> Weights, ReadOnlyMemory<float> Biases) Of(ReadOnlyMemory<float> values) =>
        (values.Slice(_offset, Rows * Columns), values.Slice(_biasOffset, Rows));

    /// <summary>Goes on with steps that were saved.</summary>
    internal void Restore(float step, float biasStep) => (Step, BiasStep) = (step, biasStep);

    /// <summary>Rounds, and writes the values that this gives.</summary>
    internal void Write(Span<float> values)
    {
        if (IsGiven)
            Weights.Span.CopyTo(_integers);
        else
            TensorPrimitives.Round(Weights.Span, _integers);
        for (var row = 0; row < Rows; row++)
        {
            TensorPrimitives.Multiply(
                _integers.AsSpan(row * Columns, Columns), Factor(row), values.Slice(_offset + (row * Columns), Columns));
            values[_biasOffset + row] = _hasBias ? BiasStep * MathF.Round(Biases.Span[row]) : 0;
        }
        if (!IsGiven)
            _length.Count(_integers);
    }

    /// <summary>What it takes to make each integer one less in magnitude, as they were last written.</summary>
    /// <param name="lowered">Receives the weights that are rounded so.</param>
    /// <param name="distances">
    /// Receives how far each is from where it would be so rounded; infinity where it is 0, and 1 more where it was rounded up by inputs, which makes up for
    /// what others were rounded down.
    /// </param>
    /// <param name="saved">Receives the bits that this saves.</param>
    internal void MeasureLowering(Span<float> lowered, Span<float> distances, Span<float> saved)
    {
        var weights = Weights.Span[..MovingWeights];
        for (var i = 0; i < weights.Length; i++)
        {
            var magnitude = Math.Abs(_integers[i]);
            var distance = Math.Abs(weights[i]) - magnitude + 0.5f;
            (lowered[i], distances[i], saved[i]) = magnitude == 0
                ? (weights[i], float.PositiveInfinity, 0)
                : (MathF.CopySign(magnitude - 1 + WithinCell, _integers[i]), distance < Edge ? 1 + distance : distance, _length.Saved(magnitude));
        }
    }

    /// <summary>From the gradient at the values to those of what moves.</summary>
    /// <param name="gradient">At all values.</param>
    /// <param name="rate">What a bit counts in the loss.</param>
    /// <param name="weights">Receives that of the weights, as they are before rounding, predicted or not.</param>
    /// <param name="exponents">Receives that of the exponents.</param>
    /// <param name="biases">Receives that of the biases.</param>
    internal void Backward(ReadOnlySpan<float> gradient, float rate, Span<float> weights, Span<float> exponents, Span<float> biases)
    {
        for (var row = 0; row < Rows; row++)
        {
            var slice = gradient.Slice(_offset + (row * Columns), Columns);
            var factor = Factor(row);
            exponents[row] = LogarithmOfExponent * factor * TensorPrimitives.Dot(slice, _integers.AsSpan(row * Columns, Columns));
            biases[row] = _hasBias ? BiasStep * gradient[_biasOffset + row] : 0;
            var target = weights.Slice(row * Columns, Columns);
            TensorPrimitives.Multiply(slice, factor, target);
            if (!IsGiven)
                _length.AddSlopes(Weights.Span.Slice(row * Columns, Columns), rate, target);
        }
    }

    /// <summary>The weights as integers, without what is a factor of a row.</summary>
    internal CodedMatrix ToWeights(bool withExponents) =>
        new(Integers(_integers), Step, withExponents ? ToExponents() : []);

    /// <summary>The factors of the rows, alone.</summary>
    internal CodedMatrix ToFactors(float step)
    {
        return new(Integers(_signs), step, ToExponents());
    }

    /// <summary>The biases as integers.</summary>
    internal CodedMatrix ToBiases()
    {
        var rounded = new float[Rows];
        TensorPrimitives.Round(Biases.Span, rounded);
        return new(Integers(rounded), BiasStep, []);
    }

    private int[] ToExponents() => [.. Enumerable.Range(0, Rows).Select(Exponent)];

    /// <summary>What an integer counts in a row.</summary>
    private float Factor(int row) => _signs[row] * Step * CodedMatrix.Factor(Exponent(row));

    private int Exponent(int row) =>
        (int)Math.Clamp(MathF.Round(Exponents.Span[row]), -CodedMatrix.LargestExponent, CodedMatrix.LargestExponent);

    private static int[] Integers(float[] rounded) => Array.ConvertAll(rounded, value => (int)value);

    private static float OnGrid(double step) => CodedMatrix.Factor(
        (int)Math.Clamp(Math.Round(Math.Log2(step) * CodedMatrix.ExponentsPerOctave), -CodedMatrix.LargestExponent, CodedMatrix.LargestExponent));
}
