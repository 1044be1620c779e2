using System.Runtime.InteropServices;

namespace Nern.Imaging;

/// <summary>
/// libpng's simplified API as <c>png.h</c> declares it, names unchanged: it returns errors, where the rest of the library jumps
/// over the frames of its caller.
/// </summary>
internal static unsafe partial class Png
{
    internal const string Library = "png16";

    internal const uint PNG_IMAGE_VERSION = 1;

    /// <summary>Red, green, blue, opacity; a byte each.</summary>
    internal const uint PNG_FORMAT_RGBA = 3;

    /// <summary>Values of 16 bits are meant as those of 8 bits are.</summary>
    internal const uint PNG_IMAGE_FLAG_16BIT_sRGB = 4;

    static Png() => NativeLibraryResolver.Install();

    [LibraryImport(Library)] internal static partial int png_image_begin_read_from_memory(png_image* image, byte* memory, nuint size);

    [LibraryImport(Library)]
    internal static partial int png_image_finish_read(png_image* image, void* background, byte* buffer, int row_stride, void* colormap);

    [LibraryImport(Library)] internal static partial void png_image_free(png_image* image);

    /// <summary>png_image.</summary>
    internal struct png_image
    {
        internal nint opaque;
        internal uint version, width, height, format, flags, colormap_entries, warning_or_error;
        internal fixed byte message[64];
    }
}
