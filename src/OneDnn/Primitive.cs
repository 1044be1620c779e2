using System.Runtime.InteropServices;

namespace Nern.OneDnn;

/// <summary>
/// A compiled operation. It knows the descriptors of its memories (with the layouts it chose) and runs through
/// <see cref="Bind"/>, which ties it to memories once so that running allocates nothing. Made by <see cref="Primitives"/>.
/// </summary>
public sealed unsafe class Primitive : IDisposable
{
    private const int ImplementationQuery = 8;
    private const int ScratchpadQuery = 136;
    private readonly PrimitiveDescriptorHandle _descriptor;
    private readonly string _what;
    private readonly Primitive? _before;

    /// <param name="engine">The engine.</param>
    /// <param name="descriptor">The library's descriptor of the primitive, which this owns from now on.</param>
    /// <param name="what">What it does, for messages.</param>
    /// <param name="unused">A role that is kept from the library.</param>
    /// <param name="before">What runs first and makes the source of this one; this owns it from now on.</param>
    internal Primitive(CpuEngine engine, nint descriptor, string what, Argument? unused = null, Primitive? before = null)
    {
        _before = before;
        Engine = engine;
        Unused = unused;
        _what = what;
        _descriptor = new PrimitiveDescriptorHandle(descriptor);
        Status.Check(Native.dnnl_primitive_create(out var primitive, descriptor), nameof(Native.dnnl_primitive_create), what);
        Handle = new PrimitiveHandle(primitive);
    }

    /// <summary>The kernel that was chosen, for example <c>jit:avx512_core</c>.</summary>
    public string Implementation
    {
        get
        {
            nint text;
            Status.Check(Native.dnnl_primitive_desc_query(Descriptor, ImplementationQuery, 0, &text),
                nameof(Native.dnnl_primitive_desc_query));
            return Marshal.PtrToStringUTF8(text) ?? "";
        }
    }

    /// <summary>
    /// Whether it is one of the library's plain loops, which take any layout and are hundreds of times as slow as its kernels.
    /// </summary>
    public bool IsReference => Implementation.StartsWith("ref", StringComparison.Ordinal);

    internal CpuEngine Engine { get; }

    /// <summary>A role that may be bound but is kept from the library.</summary>
    internal Argument? Unused { get; }

    internal nint Descriptor => _descriptor.Value;

    internal PrimitiveHandle Handle { get; }

    /// <summary>The working memory it needs while it runs, or null.</summary>
    internal MemoryDescriptor? Scratchpad => Query(ScratchpadQuery, 0, nameof(Scratchpad));

    /// <summary>The descriptor of the memory in a role, with the layout the primitive wants.</summary>
    /// <exception cref="OneDnnException">The primitive has no such memory.</exception>
    public MemoryDescriptor this[Argument argument] => Query(argument)
        ?? throw new OneDnnException($"{_what} has no {argument}.");

    /// <summary>Ties the primitive to memories. Each must have exactly the descriptor the primitive names.</summary>
    /// <exception cref="OneDnnException">A memory does not fit.</exception>
    public Execution Bind(params ReadOnlySpan<(Argument Role, Memory Memory)> arguments)
    {
        foreach (var (role, memory) in arguments)
            if (Query(role) is { } expected && !expected.Equals(memory.Descriptor))
                throw new OneDnnException($"{_what} wants {expected} as {role}; got {memory.Descriptor} in another shape, type or layout.");
        if (_before is null)
            return new Execution(this, arguments);
        using var between = new Memory(Engine, _before[Argument.Destination]);
        var first = new (Argument Role, Memory Memory)[1];
        var rest = arguments.ToArray();
        for (var i = 0; i < rest.Length; i++)
            if (rest[i].Role == Argument.Source)
                (first[0], rest[i]) = ((Argument.Source, rest[i].Memory), (Argument.Source, between));
        return new Execution(this, rest, _before.Bind([.. first, (Argument.Destination, between)]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _before?.Dispose();
        Handle.Dispose();
        _descriptor.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => _what;

    private MemoryDescriptor? Query(Argument argument)
    {
        if (argument == Argument.Source && _before is not null)
            return _before.Query(argument);
        // dnnl_query_*_md. The other roles (statistics, scale and shift) are plain vectors that the creation call fixed.
        var (what, index) = argument switch
        {
            Argument.Source => (129, 0),
            Argument.SourceGradient => (130, 0),
            Argument.Weights => (131, 0),
            Argument.Bias => (131, 1),
            Argument.WeightsGradient => (132, 0),
            Argument.BiasGradient => (132, 1),
            Argument.Destination => (133, 0),
            Argument.DestinationGradient => (134, 0),
            Argument.Workspace => (135, 0),
            >= Argument.MultipleSource and < Argument.PostOpSource => (129, argument - Argument.MultipleSource),
            _ => (0, 0),
        };
        return what == 0 ? null : Query(what, index, argument.ToString());
    }

    private MemoryDescriptor? Query(int what, int index, string role)
    {
        nint found;
        Status.Check(
            Native.dnnl_primitive_desc_query(Descriptor, what, index, &found), nameof(Native.dnnl_primitive_desc_query),
            $"{role} of {_what}");
        var copy = found == 0 ? null : MemoryDescriptor.Copy(found);
        GC.KeepAlive(this);
        return copy;
    }
}
