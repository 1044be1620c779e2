using System.Formats.Tar;
using System.IO.Compression;

namespace Nern.Tests.Data.Download;

/// <summary>Archives like the official ones, but small.</summary>
internal static class SmallArchive
{
    internal const string Folder = "cifar-10-batches-bin";

    internal static readonly string[] Images = ["data_batch_1.bin", "test_batch.bin"];

    /// <summary>An archive with all files that are wanted, and a few that are not.</summary>
    internal static byte[] Make(TarEntryFormat format = TarEntryFormat.Gnu) => Make(
        format,
        [
            new Entry($"{Folder}/", null), new Entry($"{Folder}/data_batch_1.bin", Records(1)),
            new Entry($"{Folder}/test_batch.bin", Records(2)),
            new Entry($"{Folder}/batches.meta.txt", "airplane\n"u8.ToArray()), new Entry($"{Folder}/run.sh", "true\n"u8.ToArray()),
            new Entry($"{Folder}/../outside.txt", [1]), new Entry($"{Folder}/deeper/more.txt", [1]),
            new Entry("/tmp/nern-absolute.txt", [1]),
            new Entry("elsewhere.txt", [1]),
        ]);

    internal static byte[] Make(TarEntryFormat format, IEnumerable<Entry> entries)
    {
        using var file = new MemoryStream();
        using (var packed = new GZipStream(file, CompressionLevel.Fastest))
        using (var writer = new TarWriter(packed, format))
            foreach (var entry in entries)
                writer.WriteEntry(entry.ToTar(format));
        return file.ToArray();
    }

    /// <summary>CIFAR-10 records of random pixels, so that they do not become smaller.</summary>
    internal static byte[] Records(ulong seed)
    {
        var generator = new Generator(seed);
        var records = new byte[30 * 3073];
        for (var i = 0; i < records.Length; i++)
            records[i] = (byte)generator.NextInt32(i % 3073 == 0 ? 10 : 256);
        return records;
    }

    /// <summary>A file of an archive, or a folder where it has no content, or a link.</summary>
    internal sealed record Entry(string Name, byte[]? Content, string? LinkTo = null)
    {
        internal TarEntry ToTar(TarEntryFormat format)
        {
            var type = LinkTo is not null ? TarEntryType.SymbolicLink
                : Content is null ? TarEntryType.Directory
                : format == TarEntryFormat.V7 ? TarEntryType.V7RegularFile
                : TarEntryType.RegularFile;
            TarEntry entry = format switch
            {
                TarEntryFormat.V7 => new V7TarEntry(type, Name),
                TarEntryFormat.Ustar => new UstarTarEntry(type, Name),
                TarEntryFormat.Pax => new PaxTarEntry(type, Name),
                _ => new GnuTarEntry(type, Name),
            };
            if (LinkTo is not null)
                entry.LinkName = LinkTo;
            else if (Content is not null)
                entry.DataStream = new MemoryStream(Content);
            return entry;
        }
    }
}
