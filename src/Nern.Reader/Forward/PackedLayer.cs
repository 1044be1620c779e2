using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nern.Forward;

/// <summary>
/// A linear layer as the forward pass takes it: outputs in panels of twice the lanes, each with all inputs one behind the other. What a sum
/// is made of never changes: the bias, then each input times its weight in the order of the inputs, each in one fused step.
/// </summary>
internal sealed class PackedLayer<T> where T : struct, ILanes<T>
{
    /// <summary>Rows whose sums stay in registers together.</summary>
    internal const int RowsAtOnce = 4;

    private readonly int _inputs, _panels;
    private readonly float[] _weights, _biases;

    /// <param name="weights">[outputs, …], of each row the <paramref name="inputs"/> from <paramref name="first"/> on.</param>
    /// <param name="stride">From one row to the next.</param>
    /// <param name="first">The first input.</param>
    /// <param name="inputs">How many.</param>
    /// <param name="biases">[outputs]; empty for none.</param>
    /// <param name="outputs">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal PackedLayer(ReadOnlySpan<float> weights, int stride, int first, int inputs, ReadOnlySpan<float> biases, int outputs)
    {
        _inputs = inputs;
        _panels = PaddedOutputs(outputs) / PanelSize;
        _weights = new float[_panels * inputs * PanelSize];
        _biases = new float[Outputs];
        biases.CopyTo(_biases);
        for (var output = 0; output < outputs; output++)
        {
            var (panel, lane) = Math.DivRem(output, PanelSize);
            for (var input = 0; input < inputs; input++)
                _weights[(((panel * inputs) + input) * PanelSize) + lane] = weights[(output * stride) + first + input];
        }
    }

    private static int PanelSize => 2 * T.Count;

    /// <summary>So many rows or more as <see cref="Run"/> takes.</summary>
    internal static int PaddedRows(int rows) => Padded(rows, RowsAtOnce);

    /// <summary>So many outputs with what pads the last panel.</summary>
    internal static int PaddedOutputs(int outputs) => Padded(outputs, PanelSize);

    private static int Padded(int count, int multiple) => (count + multiple - 1) / multiple * multiple;

    /// <summary>Outputs, of which the last may be padding.</summary>
    internal int Outputs => _panels * PanelSize;

    /// <summary>What the layer gives.</summary>
    /// <param name="rows">How many rows, a multiple of <see cref="RowsAtOnce"/>.</param>
    /// <param name="inputs">[rows, stride].</param>
    /// <param name="stride">From a row of inputs to the next.</param>
    /// <param name="outputs">[rows, <see cref="Outputs"/>].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal void Run(int rows, ReadOnlySpan<float> inputs, int stride, Span<float> outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows % RowsAtOnce, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, _inputs);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs.Length, rows * stride);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs.Length, rows * Outputs);
        ref var weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        ref var biases = ref MemoryMarshal.GetArrayDataReference(_biases);
        ref var results = ref MemoryMarshal.GetReference(outputs);
        var (lanes, step) = ((nuint)T.Count, (nuint)PanelSize);
        for (var panel = 0; panel < _panels; panel++)
        {
            var place = (nuint)(panel * PanelSize);
            var (left, right) = (T.Load(ref biases, place), T.Load(ref biases, place + lanes));
            for (var row = 0; row < rows; row += RowsAtOnce)
            {
                ref var a = ref Unsafe.Add(ref MemoryMarshal.GetReference(inputs), row * stride);
                ref var b = ref Unsafe.Add(ref a, stride);
                ref var c = ref Unsafe.Add(ref b, stride);
                ref var d = ref Unsafe.Add(ref c, stride);
                var (a0, a1, b0, b1, c0, c1, d0, d1) = (left, right, left, right, left, right, left, right);
                var weight = (nuint)(panel * _inputs) * step;
                for (var input = 0; input < _inputs; input++, weight += step)
                {
                    var (w0, w1) = (T.Load(ref weights, weight), T.Load(ref weights, weight + lanes));
                    var x = T.All(Unsafe.Add(ref a, input));
                    (a0, a1) = (T.MultiplyAdd(x, w0, a0), T.MultiplyAdd(x, w1, a1));
                    x = T.All(Unsafe.Add(ref b, input));
                    (b0, b1) = (T.MultiplyAdd(x, w0, b0), T.MultiplyAdd(x, w1, b1));
                    x = T.All(Unsafe.Add(ref c, input));
                    (c0, c1) = (T.MultiplyAdd(x, w0, c0), T.MultiplyAdd(x, w1, c1));
                    x = T.All(Unsafe.Add(ref d, input));
                    (d0, d1) = (T.MultiplyAdd(x, w0, d0), T.MultiplyAdd(x, w1, d1));
                }
                var at = ((nuint)row * (nuint)Outputs) + place;
                a0.Store(ref results, at);
                a1.Store(ref results, at + lanes);
                b0.Store(ref results, at += (nuint)Outputs);
                b1.Store(ref results, at + lanes);
                c0.Store(ref results, at += (nuint)Outputs);
                c1.Store(ref results, at + lanes);
                d0.Store(ref results, at += (nuint)Outputs);
                d1.Store(ref results, at + lanes);
            }
        }
    }
}
