using Nern.Files;

namespace Nern.Data;

/// <summary>Reads CIFAR-10 and CIFAR-100 in the official binary version; a file may hold any whole number of records.</summary>
internal static class CifarReader
{
    private const int Side = 32;
    private const int ImageBytes = 3 * Side * Side;

    /// <summary>Reads one file.</summary>
    /// <exception cref="NernException">The file is missing, empty, ragged, or has a label out of range.</exception>
    public static ImageSet Read(string path, CifarFormat format) => Read([path], format);

    /// <summary>Reads several files, one after the other, as one set.</summary>
    /// <exception cref="NernException">A file is missing, empty, ragged, or has a label out of range.</exception>
    public static ImageSet Read(IReadOnlyList<string> paths, CifarFormat format) =>
        Read([.. paths.Select(path => (path, InputFile.Read(path, $"a file of {format} images")))], format);

    /// <summary>Reads files that are already in memory.</summary>
    internal static ImageSet Read(IReadOnlyList<(string Path, byte[] Records)> files, CifarFormat format)
    {
        foreach (var (path, records) in files)
            Check(path, records, format);
        var recordBytes = RecordBytes(format);
        var total = files.Sum(file => file.Records.LongLength) / recordBytes;
        if (total * ImageBytes > Array.MaxLength)
            throw new NernException($"The {files.Count} files from '{files[0].Path}' on hold {total} images, more than fit one set.");

        var pixels = new byte[total * ImageBytes];
        var labels = new int[total];
        var image = 0;
        foreach (var (_, records) in files)
        {
            for (var start = 0; start < records.Length; start += recordBytes, image++)
            {
                var record = records.AsSpan(start, recordBytes);
                labels[image] = record[recordBytes - ImageBytes - 1];
                record[^ImageBytes..].CopyTo(pixels.AsSpan(image * ImageBytes));
            }
        }
        return new ImageSet(pixels, labels, channels: 3, Side, Side, Classes(format));
    }

    /// <summary>
    /// Reads the training images of a folder: those of data_batch_1.bin to data_batch_5.bin that are there, else train.bin.
    /// </summary>
    /// <exception cref="NernException">The folder or its files are missing, or a file cannot be used.</exception>
    public static ImageSet ReadTrain(string directory, CifarFormat format)
    {
        var batches = Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin").Where(name => File.Exists(Path.Combine(directory, name)));
        return ReadFirst(directory, format, "data_batch_1.bin to data_batch_5.bin or train.bin", [.. batches], ["train.bin"]);
    }

    /// <summary>Reads the test images of a folder: test_batch.bin, else test.bin.</summary>
    /// <exception cref="NernException">The folder or its files are missing, or a file cannot be used.</exception>
    public static ImageSet ReadTest(string directory, CifarFormat format) =>
        ReadFirst(directory, format, "test_batch.bin or test.bin", ["test_batch.bin"], ["test.bin"]);

    private static ImageSet ReadFirst(string directory, CifarFormat format, string expected, params string[][] choices)
    {
        if (!Directory.Exists(directory))
            throw new NernException($"There is no folder '{directory}' to read {format} images from.");
        foreach (var names in choices)
        {
            string[] paths = [.. names.Select(name => Path.Combine(directory, name))];
            if (paths.Length > 0 && paths.All(File.Exists))
                return Read(paths, format);
        }
        throw new NernException($"The folder '{directory}' should hold {expected}; it holds none of them.");
    }

    private static void Check(string path, byte[] records, CifarFormat format)
    {
        var recordBytes = RecordBytes(format);
        if (records.Length == 0)
            throw new NernException($"'{path}' is empty; a {format} file holds records of {recordBytes} bytes.");
        if (records.Length % recordBytes != 0)
            throw new NernException(
                $"'{path}' is {records.Length} bytes long, which is not a whole number of {format} records of {recordBytes} bytes.");
        for (var record = 0; record < records.Length / recordBytes; record++)
        {
            var label = records[((record + 1) * recordBytes) - ImageBytes - 1];
            if (label >= Classes(format))
                throw new NernException($"'{path}' has label {label} in record {record}; {format} labels lie in 0..{Classes(format) - 1}.");
        }
    }

    private static int RecordBytes(CifarFormat format) => ImageBytes + (format == CifarFormat.Cifar10 ? 1 : 2);

    private static int Classes(CifarFormat format) => format == CifarFormat.Cifar10 ? 10 : 100;
}

/// <summary>The two official CIFAR binary formats; pixels are the planes R, G, B of 32 x 32 bytes.</summary>
public enum CifarFormat
{
    /// <summary>A record is 1 label byte and 3072 pixels.</summary>
    Cifar10,
    /// <summary>A record is a coarse label byte (not used), a fine label byte and 3072 pixels.</summary>
    Cifar100,
}
