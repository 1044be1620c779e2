using System.IO.Compression;
using Nern.Data.Folders;
using SkiaSharp;

namespace Nern.Tests.Data.Folders;

public sealed class ImageFileTests
{
    public static TheoryData<string> Names => [.. DecodingFixture.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Pixels_are_those_that_Pillow_decodes(string name)
    {
        using var bitmap = ImageFile.Decode(DecodingFixture.Read(name));
        Assert.Equal((DecodingFixture.Width, DecodingFixture.Height), (bitmap.Width, bitmap.Height));
        Assert.Equal(DecodingFixture.Read($"{name}.rgb"), Colours(bitmap));
    }

    [Theory]
    [InlineData("colour-420.jpg")]
    [InlineData("progressive.jpg")]
    [InlineData("colour.png")]
    [InlineData("interlaced.png")]
    public void A_file_that_is_cut_short_is_refused_wherever_it_is_cut(string name)
    {
        var file = DecodingFixture.Read(name);
        // The last chunk of a PNG says nothing but that it ends.
        var needed = name.EndsWith(".png", StringComparison.Ordinal) ? file.Length - 12 : file.Length;
        for (var length = 0; length < needed; length++)
            Assert.Throws<ImagingException>(() => ImageFile.Decode(file.AsSpan(0, length)));
    }

    [Fact]
    public void Bytes_too_many_before_a_marker_are_passed_over()
    {
        var file = DecodingFixture.Read("colour-420.jpg");
        using var bitmap = ImageFile.Decode([.. file[..^2], 0, 0, 0, .. file[^2..]]);
        Assert.Equal(DecodingFixture.Read("colour-420.jpg.rgb"), Colours(bitmap));
    }

    [Fact]
    public void Of_16_bits_the_upper_8_are_taken()
    {
        var values = Enumerable.Range(0, 256).Select(i => (ushort)(i * 257 ^ 0xFF)).ToArray();
        using var deep = new MemoryStream();
        deep.Write([0x89, .. "PNG\r\n\x1A\n"u8, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 1, 0, 0, 0, 0, 1, 16, 0, 0, 0, 0, 0, 0, 0, 0]);
        using (var packed = new MemoryStream())
        {
            using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                zlib.Write([0, .. values.SelectMany(value => new[] { (byte)(value >> 8), (byte)value })]);
            deep.Write([0, 0, (byte)(packed.Length >> 8), (byte)packed.Length, .. "IDAT"u8, .. packed.ToArray(), 0, 0, 0, 0]);
        }
        deep.Write([0, 0, 0, 0, .. "IEND"u8, 0, 0, 0, 0]);
        var file = deep.ToArray();
        PngChunks.FixChecksums(file);

        using var bitmap = ImageFile.Decode(file);

        Assert.Equal(values.Select(value => (byte)(value >> 8)), Colours(bitmap).Where((_, i) => i % 3 == 0));
    }

    [Fact]
    public void A_JPEG_file_of_endless_scans_is_refused()
    {
        var file = DecodingFixture.Read("progressive.jpg");
        var scan = file.AsSpan(file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA])..^2).ToArray();
        byte[] endless = [.. file[..^2], .. Enumerable.Repeat(scan, 500).SelectMany(bytes => bytes), .. file[^2..]];
        Assert.Contains("500 scans", Assert.Throws<ImagingException>(() => ImageFile.Decode(endless)).Message);
    }

    [Fact]
    public void Orientation_and_profiles_are_passed_over()
    {
        // EXIF: the one entry is the orientation, a quarter turn.
        byte[] turned =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
        ];
        byte[] profile;
        using (var bitmap = new SKBitmap(new SKImageInfo(8, 8, SKColorType.Rgba8888, SKAlphaType.Opaque, SKColorSpace.CreateRgb(
            SKColorSpaceTransferFn.Linear, SKColorSpaceXyz.DisplayP3))))
        using (var encoded = bitmap.Encode(SKEncodedImageFormat.Jpeg, 80))
        {
            var bytes = encoded.AsSpan();
            var start = bytes.IndexOf("ICC_PROFILE"u8) - 4;
            profile = bytes.Slice(start, 2 + ((bytes[start + 2] << 8) | bytes[start + 3])).ToArray();
        }
        var file = DecodingFixture.Read("colour-420.jpg");
        byte[] marked = [.. file[..2], .. turned, .. profile, .. file[2..]];
        using (var data = SKData.CreateCopy(marked))
        using (var codec = SKCodec.Create(data))
            Assert.Equal((SKEncodedOrigin.RightTop, false), (codec.EncodedOrigin, codec.Info.ColorSpace.IsSrgb));

        using var decoded = ImageFile.Decode(marked);

        Assert.Equal((DecodingFixture.Width, DecodingFixture.Height), (decoded.Width, decoded.Height));
        Assert.Equal(DecodingFixture.Read("colour-420.jpg.rgb"), Colours(decoded));
    }

    [Fact]
    public void A_marker_that_is_none_is_damage()
    {
        var file = DecodingFixture.Read("colour-420.jpg");
        (file[^200], file[^199]) = (0xFF, 0x37);
        Assert.Contains("0x37", Assert.Throws<ImagingException>(() => ImageFile.Decode(file)).Message);
    }

    [Fact]
    public void What_is_no_image_is_named()
    {
        Assert.Contains("JPEG or PNG", Assert.Throws<ImagingException>(() => ImageFile.Decode("GIF89a"u8)).Message);
        Assert.Contains("JPEG or PNG", Assert.Throws<ImagingException>(() => ImageFile.Decode([])).Message);
    }

    [Theory]
    [InlineData("colour-420.jpg")]
    [InlineData("colour.png")]
    public void A_size_beyond_all_images_is_refused_before_memory_is_taken(string name)
    {
        var file = WithSize(DecodingFixture.Read(name), 65000, 65000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("65000 x 65000", Assert.Throws<ImagingException>(() => ImageFile.Decode(file)).Message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 100_000);
    }

    [Fact]
    public void A_copy_stays_when_its_original_goes()
    {
        var bitmap = ImageFile.Decode(DecodingFixture.Read("colour.png"));
        var copy = bitmap.Copy();
        bitmap.Dispose();
        copy.Dispose();
        Assert.Equal(DecodingFixture.Read("colour.png.rgb"), Colours(copy));
        Assert.Throws<ObjectDisposedException>(() => bitmap.Pixels.Length);
    }

    private static byte[] Colours(Bitmap bitmap) => [.. bitmap.Pixels.ToArray().Where((_, i) => i % Bitmap.PixelBytes < 3)];

    private static byte[] WithSize(byte[] file, int width, int height)
    {
        var size = new byte[] { (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width };
        if (file[0] == 0xFF)
        {
            // SOF0: marker, length and precision come before the size.
            size.CopyTo(file, file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]) + 5);
            return file;
        }
        byte[] wide = [0, 0, size[2], size[3], 0, 0, size[0], size[1]];
        wide.CopyTo(file, 16);
        PngChunks.FixChecksums(file);
        return file;
    }
}
