namespace Nern.OneDnn;

/// <summary>
/// Whether the library puts weights where they belong: oneDNN 3.7 (its issue 3280) moves them to wrong places wherever channels do not fill its
/// blocks and the kernel's places are innermost in the plain layout.
/// </summary>
internal static class LibraryCheck
{
    // Filters and channels that fill no block; at each of them it was seen to go wrong.
    private static readonly (DataType Type, int Filters, int Channels)[] Cases = [(DataType.Float32, 64, 40), (DataType.BFloat16, 40, 24)];

    private static readonly Lock Gate = new();
    private static bool? _misplaces;

    /// <summary>Checks the library, once a process: whether reorders of weights need a detour.</summary>
    /// <exception cref="OneDnnException">It computes wrong numbers even so.</exception>
    internal static bool Run(CpuEngine engine)
    {
        lock (Gate)
        {
            if (_misplaces is { } known)
                return known;
            engine.MisplacesWeights = !GivesBack(engine);
            if (engine.MisplacesWeights && !GivesBack(engine))
                throw new OneDnnException(
                    $"oneDNN {engine.Version} computes wrong numbers on this processor (weights in blocks that are not full): use another version of it, "
                    + "such as 2.6, by NERN_ONEDNN.");
            _misplaces = engine.MisplacesWeights;
            return engine.MisplacesWeights;
        }
    }

    private static bool GivesBack(CpuEngine engine)
    {
        foreach (var (type, filters, channels) in Cases)
        {
            if (type == DataType.BFloat16 && !engine.SupportsBFloat16)
                continue;
            using var convolution = Primitives.ConvolutionForward(
                engine, MemoryDescriptor.Any(type, 1, channels, 8, 8), MemoryDescriptor.Any(type, filters, channels, 3, 3), null,
                MemoryDescriptor.Any(type, 1, filters, 8, 8), Window.Square(1, 1));
            using var product = Primitives.MatMul(
                engine, MemoryDescriptor.RowMajor(type, 64, channels), MemoryDescriptor.Any(type, channels, filters), null,
                MemoryDescriptor.RowMajor(type, 64, filters));
            if (!GivesBack(engine, MemoryDescriptor.RowMajor(DataType.Float32, filters, channels, 3, 3), convolution[Argument.Weights])
                || !GivesBack(engine, MemoryDescriptor.RowMajor(DataType.Float32, channels, filters), product[Argument.Weights])
                || !GivesBack(engine, MemoryDescriptor.Transposed(DataType.Float32, channels, filters), product[Argument.Weights]))
                return false;
        }
        return true;
    }

    /// <summary>Whether weights come back from a layout as they were.</summary>
    private static bool GivesBack(CpuEngine engine, MemoryDescriptor plain, MemoryDescriptor layout)
    {
        using var before = new Memory(engine, plain);
        using var placed = new Memory(engine, layout);
        using var after = new Memory(engine, plain);
        var weights = before.AsSpan<float>();
        for (var i = 0; i < weights.Length; i++)
            // Whole numbers that bfloat16 has.
            weights[i] = i % 251;
        Copy(before, placed);
        Copy(placed, after);
        return weights.SequenceEqual(after.AsSpan<float>());

        void Copy(Memory from, Memory to)
        {
            using var reorder = Primitives.Reorder(engine, from.Descriptor, to.Descriptor);
            using var execution = reorder.Bind((Argument.Source, from), (Argument.Destination, to));
            execution.Run();
        }
    }
}
