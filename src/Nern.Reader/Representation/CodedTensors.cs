using System.Numerics;
using Nern.Coding;
using Nern.Files;
using Nern.Kernels;
using Nern.Orderings;
using Nern.Tensors;

namespace Nern.Representation;

/// <summary>
/// The tensors of a small .nern file as one arithmetic-coded stream (docs/formats.md): integers as such, what is usual as nothing, anything
/// else byte by byte. Writing and reading are the same walk.
/// </summary>
internal sealed class CodedTensors
{
    /// <summary>
    /// What a byte of the stream may stand for at most, so that a small file cannot ask for much memory. The coder could make less of an
    /// integer that is 0, down to 1/22,000 of a byte; but a network with an eighth of a bit for a weight has next to nothing in it.
    /// </summary>
    internal const int MostIntegersPerByte = 64;

    // Beside those, for tensors that take nothing.
    private const int FreeIntegers = 1 << 14;

    private const int Forms = 3;
    private const int Usual = 0, Integers = 1, Raw = 2;

    private readonly BitCoder _coder;
    private readonly IntegerModel _weights = new(), _rows = new();
    private readonly ReadOnlyMemory<byte> _read;
    private long _spent;

    private CodedTensors(BitCoder coder, ReadOnlyMemory<byte> read, long most) => (_coder, _read, Most) = (coder, read, most);

    /// <summary>A walk that writes.</summary>
    internal static CodedTensors Writer() => new(BitCoder.Writer(), default, long.MaxValue);

    /// <summary>A walk that reads what one wrote.</summary>
    internal static CodedTensors Reader(ReadOnlyMemory<byte> bytes) =>
        new(BitCoder.Reader(bytes), bytes, ((long)bytes.Length * MostIntegersPerByte) + FreeIntegers);

    /// <summary>How many integers its bytes can hold.</summary>
    internal long Most { get; }

    /// <summary>All that was written, long enough for a reader to accept it.</summary>
    internal byte[] Finish()
    {
        var bytes = _coder.Finish();
        // Zeros behind the end are what a reader takes to be there.
        Array.Resize(ref bytes, (int)Math.Max(bytes.Length, LeastBytes));
        return bytes;
    }

    /// <summary>Makes sure that nothing follows what was read.</summary>
    /// <exception cref="InvalidDataException">Something does.</exception>
    internal void CheckEnd()
    {
        if (_read.Length > Math.Max(_coder.Position, LeastBytes)
            || _read.Span[Math.Min(_coder.Position, _read.Length)..].ContainsAnyExcept((byte)0))
            throw new InvalidDataException("its numbers go on behind the last of its tensors.");
    }

    // So many are there even where the coder takes fewer.
    private long LeastBytes => (Math.Max(0, _spent - FreeIntegers) + MostIntegersPerByte - 1) / MostIntegersPerByte;

    /// <summary>Makes sure that streams can hold so many integers.</summary>
    /// <exception cref="InvalidDataException">They cannot.</exception>
    internal static void Check(long integers, params IEnumerable<CodedTensors> streams)
    {
        if (integers > streams.Sum(stream => stream.Most - stream._spent))
            throw new InvalidDataException("it declares more weights than its bytes can hold.");
    }

    /// <summary>Codes a tensor of a known shape.</summary>
    /// <param name="name">Its name in the network, or of a parameter of the predictor.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="tensor">The tensor, where the walk writes.</param>
    /// <param name="matrix">Its integers, where the walk writes and it has some.</param>
    /// <returns>The tensor, and its integers where it has some.</returns>
    internal (Tensor Tensor, CodedMatrix? Matrix) Code(string name, IReadOnlyList<int> shape, Tensor? tensor, CodedMatrix? matrix)
    {
        var count = shape.Aggregate(1L, (product, dimension) => checked(product * dimension));
        Spend(count);
        if (count > Array.MaxLength)
            throw new InvalidDataException("it declares a tensor of more elements than can be held.");
        var form = _coder.CodeEven(
            tensor is null ? 0 : matrix is not null ? Integers : UsualTensor.IsUsual(name, tensor) ? Usual : Raw, Forms);
        switch (form)
        {
            case Usual:
                return (UsualTensor.Of(name, shape)
                    ?? throw new InvalidDataException($"the tensor {MalformedFile.Shorten(name)} is missing: there is no usual one."), null);
            case Integers:
                var coded = CodeMatrix(matrix ?? new([], 0, []), shape, (int)count);
                return (tensor ?? coded.ToTensor(shape), coded);
            default:
                return (CodeRaw(tensor, shape, count), null);
        }
    }

    /// <summary>Codes an order of the kernels of a layer.</summary>
    internal Ordering Code(Ordering? ordering, OrderingKind kind, int filters, int channels)
    {
        switch (kind)
        {
            case OrderingKind.CrossFilter:
                return Ordering.CrossFilter(
                    filters, channels, CodePermutation(ordering is null ? default : ordering.KernelAt, checked(filters * channels)));
            case OrderingKind.InFilter:
                var path = CodePermutation(ordering is null ? default : ordering.FilterPath, filters);
                Check(filters * SpentOnPermutation(channels), this);
                var paths = new int[checked(filters * channels)];
                for (var filter = 0; filter < filters; filter++)
                    CodePermutation(
                        ordering is null ? default : ordering.ChannelPaths.Slice(filter * channels, channels), channels)
                        .CopyTo(paths, filter * channels);
                return Ordering.InFilter(filters, channels, path, paths);
            case OrderingKind.Axes:
                return Ordering.Axes(
                    filters, channels, CodePermutation(ordering is null ? default : ordering.FilterPath, filters),
                    CodePermutation(ordering is null ? default : ordering.ChannelPaths, channels));
            default:
                return Ordering.None(filters, channels);
        }
    }

    /// <summary>Codes the order of the values in the rows of a layer (<see cref="KernelLayout.ValueOrders"/>).</summary>
    internal int[] CodeValueOrder(ReadOnlyMemory<int> order, KernelLayout layout, int layer)
    {
        var (rows, of) = (layout.Counts[layer], layout.Layers[layer]);
        // The last of a filter takes no more than the others.
        Check((rows - of.Filters) * SpentOnPermutation(layout.Positions(layer).Length), this);
        var result = new int[checked(of.Kernels * of.KernelSize)];
        var remaining = new RemainingNumbers(0);
        for (var row = 0; row < rows; row++)
        {
            var (first, count) = layout.WeightsOf(layer, row);
            if (remaining.Count == count)
                remaining.PutBack();
            else
                remaining = new(count);
            CodePermutation(order.IsEmpty ? default : order.Span.Slice(first, count), remaining, result.AsSpan(first, count));
        }
        return result;
    }

    /// <summary>
    /// A permutation by its rank: each entry is one of those that are left, all alike likely, so that all take log2(count!) bits.
    /// </summary>
    private int[] CodePermutation(ReadOnlySpan<int> permutation, int count)
    {
        Check(SpentOnPermutation(count), this);
        var result = new int[count];
        CodePermutation(permutation, new(count), result);
        return result;
    }

    private void CodePermutation(ReadOnlySpan<int> permutation, RemainingNumbers remaining, Span<int> result)
    {
        Spend(SpentOnPermutation(result.Length));
        for (var i = 0; i < result.Length; i++)
            result[i] = remaining.Take(_coder.CodeEven(permutation.IsEmpty ? 0 : remaining.RankOf(permutation[i]), result.Length - i));
    }

    /// <summary>An entry of a long one cannot but take bytes: log2(count!) is more than count (log2 count - 2).</summary>
    private static long SpentOnPermutation(int count) =>
        count * Math.Max(1, (BitOperations.Log2((uint)count) - 2L) * (MostIntegersPerByte / 8));

    private CodedMatrix CodeMatrix(CodedMatrix matrix, IReadOnlyList<int> shape, int count)
    {
        var step = CodeStep(matrix.Step);
        var rows = shape.Count == 0 ? 1 : shape[0];
        var exponents = matrix.Exponents;
        if (_coder.CodeEven(exponents.Length > 0 ? 1 : 0, 2) != 0)
        {
            Spend(rows);
            exponents = CodeRows(exponents, rows);
            if (exponents.Any(exponent => Math.Abs(exponent) > CodedMatrix.LargestExponent))
                throw new InvalidDataException("an exponent of its integers is out of range.");
        }
        var columns = rows == 0 ? 0 : count / rows;
        // A vector varies as rows do.
        return new(
            columns <= 1 ? CodeRows(matrix.Integers, count)
                : _weights.Code(_coder, matrix.Integers, count, columns, shape.Count == 4 ? shape[2] * shape[3] : 1),
            step, exponents);
    }

    /// <summary>A step that is itself a power by 32nds of an octave takes two bytes.</summary>
    private float CodeStep(float step)
    {
        var exponent = step > 0 ? (int)Math.Clamp(
            Math.Round(Math.Log2(step) * CodedMatrix.ExponentsPerOctave), -CodedMatrix.LargestExponent, CodedMatrix.LargestExponent) : 0;
        if (_coder.CodeEven(CodedMatrix.Factor(exponent) == step ? 1 : 0, 2) != 0)
        {
            exponent = _coder.CodeNear(exponent);
            return Math.Abs(exponent) <= CodedMatrix.LargestExponent
                ? CodedMatrix.Factor(exponent) : throw new InvalidDataException("a step of its integers is out of range.");
        }
        step = BitConverter.UInt32BitsToSingle(_coder.CodeWord(BitConverter.SingleToUInt32Bits(step)));
        return float.IsFinite(step) ? step : throw new InvalidDataException("a step of its integers is no number.");
    }

    /// <summary>Numbers of rows, about their mean.</summary>
    private int[] CodeRows(int[] values, int count)
    {
        if (count == 0)
            return [];
        var mean = _coder.CodeNear(_coder.Reads ? 0 : (int)Math.Round(values.Average()));
        var differences = _rows.Code(_coder, Array.ConvertAll(values, value => value - mean), count, count, 1);
        for (var i = 0; i < differences.Length; i++)
            differences[i] += mean;
        return differences;
    }

    private Tensor CodeRaw(Tensor? tensor, IReadOnlyList<int> shape, long count)
    {
        var type = (ElementType)_coder.CodeEven((int)(tensor?.Type ?? 0), Enum.GetValues<ElementType>().Length);
        // A byte takes a byte; the elements were counted as such.
        Spend(checked(count * ((Tensor.SizeOf(type) * MostIntegersPerByte) - 1)));
        var data = tensor is null ? new byte[count * Tensor.SizeOf(type)] : tensor.Data.ToArray();
        for (var i = 0; i < data.Length; i++)
            data[i] = (byte)_coder.CodeEven(data[i], 256);
        return new Tensor(type, shape, data);
    }

    private void Spend(long integers)
    {
        Check(integers, this);
        _spent += integers;
    }
}
