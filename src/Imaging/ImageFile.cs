namespace Nern.Imaging;

/// <summary>Image files to pixels.</summary>
public static class ImageFile
{
    /// <summary>Makes sure that the native libraries are there.</summary>
    /// <exception cref="DllNotFoundException">One is not; the message says what was tried and what to install.</exception>
    public static void CheckLibraries() => NativeLibraryResolver.LoadAll();

    /// <summary>Decodes a JPEG or PNG file, told apart by their first bytes; any number of threads may do it at once.</summary>
    /// <param name="file">All bytes of the file.</param>
    /// <returns>Red, green and blue, whatever the file holds: grey, a palette, inks, opacity (which is dropped) or 16 bits.</returns>
    /// <exception cref="ImagingException">It is neither, or damaged, cut short or too large.</exception>
    /// <exception cref="DllNotFoundException">A native library is not there.</exception>
    public static Bitmap Decode(ReadOnlySpan<byte> file) =>
        JpegDecoder.Recognises(file) ? JpegDecoder.Decode(file)
        : PngDecoder.Recognises(file) ? PngDecoder.Decode(file)
        : throw new ImagingException("it should be a JPEG or PNG file, and does not begin like one.");
}
