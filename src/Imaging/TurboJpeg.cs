using System.Runtime.InteropServices;

namespace Nern.Imaging;

/// <summary>
/// The part of libjpeg-turbo's TurboJPEG API (2.0 and later) that decoding takes, as <c>turbojpeg.h</c> declares it, names unchanged.
/// </summary>
internal static unsafe partial class TurboJpeg
{
    internal const string Library = "turbojpeg";

    /// <summary>enum TJPF: red, green, blue and a byte to fill up.</summary>
    internal const int TJPF_RGBX = 2;

    /// <summary>enum TJPF: four inks.</summary>
    internal const int TJPF_CMYK = 11;

    /// <summary>enum TJCS: four inks, plain.</summary>
    internal const int TJCS_CMYK = 3;

    /// <summary>enum TJCS: four inks, three of them as brightness and colour.</summary>
    internal const int TJCS_YCCK = 4;

    /// <summary>enum TJERR: the image was decoded all the same.</summary>
    internal const int TJERR_WARNING = 0;

    /// <summary>The integer transform JDCT_ISLOW, libjpeg's own default.</summary>
    internal const int TJFLAG_ACCURATEDCT = 4096;

    /// <summary>Refuses progressive images of more than 500 scans, which small files can have and take minutes for.</summary>
    internal const int TJFLAG_LIMITSCANS = 32768;

    static TurboJpeg() => NativeLibraryResolver.Install();

    [LibraryImport(Library)] internal static partial nint tjInitDecompress();
    [LibraryImport(Library)] internal static partial int tjDestroy(nint handle);

    // unsigned long is as wide as a pointer wherever this library is looked for.
    [LibraryImport(Library)]
    internal static partial int tjDecompressHeader3(
        TurboJpegHandle handle, byte* jpegBuf, nuint jpegSize, out int width, out int height, out int jpegSubsamp, out int jpegColorspace);

    [LibraryImport(Library)]
    internal static partial int tjDecompress2(
        TurboJpegHandle handle, byte* jpegBuf, nuint jpegSize, byte* dstBuf, int width, int pitch, int height, int pixelFormat, int flags);

    [LibraryImport(Library)] internal static partial int tjGetErrorCode(TurboJpegHandle handle);
    [LibraryImport(Library)] internal static partial byte* tjGetErrorStr2(TurboJpegHandle handle);
}

/// <summary>A decompressor of TurboJPEG; used by one thread at a time.</summary>
internal sealed class TurboJpegHandle : SafeHandle
{
    internal TurboJpegHandle() : base(0, ownsHandle: true) => SetHandle(TurboJpeg.tjInitDecompress());

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => TurboJpeg.tjDestroy(handle) == 0;
}
