using FsCheck;
using FsCheck.Fluent;
using Nern.Data.Folders;

namespace Nern.Tests.Data.Folders;

/// <summary>Files that were tampered with are read or refused; anything else would end the process.</summary>
public sealed class HostileFileTests
{
    private static readonly byte[][] Files = [.. DecodingFixture.Names.Select(DecodingFixture.Read)];

    [Fact]
    public void A_changed_file_is_read_or_refused()
    {
        // Many PNG files are refused for their checksum alone unless that is made to fit again.
        var files =
            from file in Gen.Elements(Files)
            from places in Gen.Choose(0, int.MaxValue - 1).ArrayOf(4)
            from values in Gen.Choose(0, 255).ArrayOf(4)
            from count in Gen.Choose(1, 4)
            from fixesChecksums in Gen.Elements(true, false)
            select (file, places, values, count, fixesChecksums);
        var read = 0;
        Prop.ForAll(files.ToArbitrary(), change =>
        {
            var file = change.file.ToArray();
            for (var i = 0; i < change.count; i++)
                file[change.places[i] % file.Length] = (byte)change.values[i];
            if (change.fixesChecksums)
                PngChunks.FixChecksums(file);
            try
            {
                using var bitmap = ImageFile.Decode(file);
                read++;
                return bitmap.ByteCount <= Bitmap.MostPixels * Bitmap.PixelBytes;
            }
            catch (ImagingException)
            {
                return true;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
        Assert.True(read > 100, $"Only {read} of the changed files could be read: the changes say little about decoding.");
    }

    [Fact]
    public void Two_files_spliced_are_read_or_refused()
    {
        var pieces =
            from first in Gen.Elements(Files)
            from second in Gen.Elements(Files)
            from end in Gen.Choose(0, 1000)
            from start in Gen.Choose(0, 1000)
            select (first, second, end, start);
        Prop.ForAll(pieces.ToArbitrary(), splice =>
        {
            byte[] file =
            [
                .. splice.first.AsSpan(0, splice.first.Length * splice.end / 1000),
                .. splice.second.AsSpan(splice.second.Length * splice.start / 1000),
            ];
            try
            {
                ImageFile.Decode(file).Dispose();
            }
            catch (ImagingException)
            {
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }
}
