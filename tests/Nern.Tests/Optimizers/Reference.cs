using MathNet.Numerics.LinearAlgebra;
using Nern.Optimizers;

namespace Nern.Tests.Optimizers;

/// <summary>The papers' algorithms, one double at a time.</summary>
internal sealed class Reference(IReadOnlyList<float> start)
{
    private readonly double[] _m = new double[start.Count];
    private readonly double[] _v = new double[start.Count];
    private readonly double[] _slow = [.. start.Select(value => (double)value)];
    private int _t;

    public double[] Parameters { get; } = [.. start.Select(value => (double)value)];

    public void StepAdamW(AdamWOptions o, float[] gradient, double rate)
    {
        _t++;
        MoveByAdamW(o, gradient, rate, Enumerable.Range(0, Parameters.Length));
    }

    private void MoveByAdamW(AdamWOptions o, float[] gradient, double rate, IEnumerable<int> places)
    {
        foreach (var i in places)
        {
            double g = gradient[i];
            _m[i] = o.Beta1 * _m[i] + (1 - o.Beta1) * g;
            _v[i] = o.Beta2 * _v[i] + (1 - o.Beta2) * g * g;
            var unbiasedM = _m[i] / (1 - Math.Pow(o.Beta1, _t));
            var unbiasedV = _v[i] / (1 - Math.Pow(o.Beta2, _t));
            Parameters[i] -= rate * (unbiasedM / (Math.Sqrt(unbiasedV) + o.Epsilon) + o.WeightDecay * Parameters[i]);
        }
    }

    public void StepMuon(MuonOptions o, IEnumerable<ParameterBlock> blocks, float[] gradient, double rate)
    {
        _t++;
        foreach (var block in blocks)
        {
            var places = Enumerable.Range(block.Offset, block.Length).ToArray();
            if (!block.IsMatrix)
            {
                MoveByAdamW(new() { Beta2 = o.Beta2, WeightDecay = o.WeightDecay }, gradient, rate, places);
                continue;
            }
            foreach (var i in places)
                _m[i] = (o.Momentum * _m[i]) + gradient[i];
            var momentum = Matrix<double>.Build.Dense(
                block.Rows, block.Columns, (row, column) => Nesterov(block.Offset + (row * block.Columns) + column));
            var direction = Orthogonalized(momentum, NewtonSchulz.Iterations);
            var length = rate * 0.2 * Math.Sqrt(Math.Max(block.Rows, block.Columns));
            foreach (var i in places)
            {
                var (row, column) = Math.DivRem(i - block.Offset, block.Columns);
                Parameters[i] -= (rate * o.WeightDecay * Parameters[i]) + (length * direction[row, column]);
            }
        }

        double Nesterov(int i) => gradient[i] + (o.Momentum * _m[i]);
    }

    /// <summary>The iteration as it acts on each singular value.</summary>
    public static Matrix<double> Orthogonalized(Matrix<double> matrix, int iterations)
    {
        var svd = (matrix / matrix.FrobeniusNorm()).Svd();
        var values = svd.S.Clone();
        for (var i = 0; i < iterations; i++)
            values.MapInplace(s => (3.4445 * s) - (4.7750 * Math.Pow(s, 3)) + (2.0315 * Math.Pow(s, 5)));
        var diagonal = Matrix<double>.Build.DenseOfDiagonalVector(matrix.RowCount, matrix.ColumnCount, values);
        return svd.U * diagonal * svd.VT;
    }

    public void StepRanger(RangerOptions o, IEnumerable<ParameterBlock> blocks, float[] gradient, double rate)
    {
        _t++;
        var g = gradient.Select(value => (double)value).ToArray();
        if (o.CentralizeGradient)
            Centralize(g, blocks.Where(block => block.IsMatrix));

        var longest = 2 / (1 - o.Beta2) - 1;
        var length = longest - 2 * _t * Math.Pow(o.Beta2, _t) / (1 - Math.Pow(o.Beta2, _t));
        for (var i = 0; i < Parameters.Length; i++)
        {
            _m[i] = o.Beta1 * _m[i] + (1 - o.Beta1) * g[i];
            _v[i] = o.Beta2 * _v[i] + (1 - o.Beta2) * g[i] * g[i];
            Parameters[i] -= o.WeightDecay * rate * Parameters[i];
            var step = _m[i] / (1 - Math.Pow(o.Beta1, _t));
            if (length > o.RectificationThreshold)
            {
                var rectification = Math.Sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
                step *= rectification * Math.Sqrt(1 - Math.Pow(o.Beta2, _t)) / (Math.Sqrt(_v[i]) + o.Epsilon);
            }

            Parameters[i] -= rate * step;
            if (_t % o.LookaheadSteps == 0)
                Parameters[i] = _slow[i] += o.LookaheadAlpha * (Parameters[i] - _slow[i]);
        }
    }

    /// <summary>The largest deviation of <paramref name="parameters"/>, relative to the largest of them.</summary>
    public double ErrorOf(float[] parameters) =>
        Parameters.Zip(parameters, (expected, actual) => Math.Abs(expected - actual)).Max() / Parameters.Max(Math.Abs);

    private static void Centralize(double[] gradient, IEnumerable<ParameterBlock> matrices)
    {
        foreach (var matrix in matrices)
        {
            for (var row = 0; row < matrix.Rows; row++)
            {
                var values = gradient.AsSpan(matrix.Offset + row * matrix.Columns, matrix.Columns);
                var mean = values.ToArray().Average();
                foreach (ref var value in values)
                    value -= mean;
            }
        }
    }
}
