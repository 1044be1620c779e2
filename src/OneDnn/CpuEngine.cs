namespace Nern.OneDnn;

/// <summary>oneDNN's CPU engine with one in-order stream, on which every execution runs to its end before it returns.</summary>
public sealed unsafe class CpuEngine : IDisposable
{
    private readonly EngineHandle _engine;
    private readonly StreamHandle _stream;
    private readonly ThreadLocal<Scratchpad> _scratchpad = new(() => new());

    /// <summary>Opens the engine.</summary>
    /// <exception cref="OneDnnException">The library is missing, is none of 2.5 to 3.x, or computes wrong numbers on this processor.</exception>
    public CpuEngine()
    {
        var version = Native.dnnl_version();
        _ = Api.Current;
        Version = new Version(version->Major, version->Minor, version->Patch);
        Status.Check(Native.dnnl_engine_create(out var engine, kind: 1, index: 0), nameof(Native.dnnl_engine_create), "cpu");
        _engine = new EngineHandle(engine);
        Status.Check(Native.dnnl_stream_create(out var stream, engine, flags: 1), nameof(Native.dnnl_stream_create), "in order");
        _stream = new StreamHandle(stream);
        try
        {
            MisplacesWeights = LibraryCheck.Run(this);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The library's version.</summary>
    public Version Version { get; }

    /// <summary>
    /// Whether there are kernels for bfloat16 at all: the processor needs AVX-512 (with BW, DQ and VL), and the library must not misplace weights, since
    /// not for all of its layouts of pairs a detour is known.
    /// </summary>
    public bool SupportsBFloat16 => !MisplacesWeights && (Native.dnnl_get_effective_cpu_isa() & Avx512Core) == Avx512Core;

    /// <summary>Whether the processor multiplies bfloat16 natively (AVX-512 BF16 or AMX); without, it is emulated and slow.</summary>
    public bool HasNativeBFloat16 => SupportsBFloat16 && (Native.dnnl_get_effective_cpu_isa() & AvxBFloat16) == AvxBFloat16;

    /// <summary>Whether this version of the library puts weights to wrong places in blocks that are not full, but for a detour.</summary>
    public bool MisplacesWeights { get; internal set; }

    // dnnl_cpu_isa_avx512_core.
    private const int Avx512Core = 0x27;

    // dnnl_cpu_isa_avx512_core_bf16; AMX levels contain these bits.
    private const int AvxBFloat16 = 0xe7;

    internal nint Engine => _engine.Value;

    internal nint Stream => _stream.Value;

    /// <summary>The calling thread's own.</summary>
    internal Scratchpad Scratchpad => _scratchpad.Value!;

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _engine.Dispose();
        _scratchpad.Dispose();
    }
}
