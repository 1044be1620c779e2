using System.Runtime.InteropServices;

namespace Nern.OneDnn;

/// <summary>The OpenMP runtime that oneDNN itself runs on: GNU's, or another that has its interface.</summary>
internal static unsafe partial class OpenMp
{
    internal const string Library = "OpenMP";

    static OpenMp() => NativeLibraryResolver.Install();

    [LibraryImport(Library)] internal static partial int omp_get_max_threads();
    [LibraryImport(Library)] internal static partial int omp_get_num_threads();
    [LibraryImport(Library)] internal static partial int omp_get_thread_num();
    [LibraryImport(Library)] internal static partial int omp_in_parallel();
    [LibraryImport(Library)] internal static partial void omp_set_num_threads(int threads);
    [LibraryImport(Library)]
    internal static partial void GOMP_parallel(delegate* unmanaged<void*, void> body, void* data, uint threads, uint flags);
}
