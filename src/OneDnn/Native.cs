using System.Runtime.InteropServices;

namespace Nern.OneDnn;

/// <summary>
/// The part of oneDNN's C API that all its versions share, names unchanged. A memory descriptor is an address: of a struct that we
/// own in version 2, of an object of the library in version 3. What differs is in <see cref="Api"/>.
/// </summary>
internal static unsafe partial class Native
{
    internal const string Library = "dnnl";

    static Native() => NativeLibraryResolver.Install();

    [LibraryImport(Library)] internal static partial VersionRecord* dnnl_version();

    [LibraryImport(Library)] internal static partial int dnnl_engine_create(out nint engine, int kind, nuint index);
    [LibraryImport(Library)] internal static partial int dnnl_engine_destroy(nint engine);
    [LibraryImport(Library)] internal static partial int dnnl_stream_create(out nint stream, nint engine, uint flags);
    [LibraryImport(Library)] internal static partial int dnnl_stream_destroy(nint stream);
    [LibraryImport(Library)] internal static partial int dnnl_get_effective_cpu_isa();

    [LibraryImport(Library)] internal static partial int dnnl_memory_desc_equal(nint left, nint right);
    [LibraryImport(Library)] internal static partial nuint dnnl_memory_desc_get_size(nint descriptor);
    [LibraryImport(Library)] internal static partial int dnnl_memory_create(out nint memory, nint descriptor, nint engine, nint data);
    [LibraryImport(Library)] internal static partial int dnnl_memory_set_data_handle(nint memory, nint data);
    [LibraryImport(Library)] internal static partial int dnnl_memory_destroy(nint memory);

    [LibraryImport(Library)] internal static partial int dnnl_primitive_attr_create(out nint attributes);
    [LibraryImport(Library)] internal static partial int dnnl_primitive_attr_destroy(nint attributes);
    [LibraryImport(Library)] internal static partial int dnnl_primitive_attr_set_post_ops(nint attributes, nint postOps);
    [LibraryImport(Library)] internal static partial int dnnl_primitive_attr_set_scratchpad_mode(nint attributes, int mode);
    [LibraryImport(Library)] internal static partial int dnnl_post_ops_create(out nint postOps);
    [LibraryImport(Library)] internal static partial int dnnl_post_ops_destroy(nint postOps);
    [LibraryImport(Library)] internal static partial int dnnl_post_ops_append_binary(nint postOps, int algorithm, nint source1);

    [LibraryImport(Library)] internal static partial int dnnl_primitive_desc_query(nint descriptor, int what, int index, void* result);
    [LibraryImport(Library)] internal static partial int dnnl_primitive_desc_destroy(nint descriptor);
    [LibraryImport(Library)] internal static partial int dnnl_primitive_create(out nint primitive, nint descriptor);
    [LibraryImport(Library)] internal static partial int dnnl_primitive_destroy(nint primitive);
    // Runs for microseconds to milliseconds and never calls back: but other threads may collect meanwhile, so the transition stays.
    [LibraryImport(Library)]
    internal static partial int dnnl_primitive_execute(nint primitive, nint stream, int count, ExecutionArgument* arguments);

    [LibraryImport(Library)]
    internal static partial int dnnl_reorder_primitive_desc_create(
        out nint descriptor, nint source, nint sourceEngine, nint destination, nint destinationEngine, nint attributes);

    /// <summary>dnnl_version_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct VersionRecord
    {
        internal int Major, Minor, Patch;
        internal nint Hash;
        internal uint CpuRuntime, GpuRuntime;
    }

    /// <summary>dnnl_exec_arg_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct ExecutionArgument
    {
        internal int Role;
        internal nint Memory;
    }
}
