using System.Globalization;
using Nern.Files;
using Nern.Onnx.Protocol;

namespace Nern.Onnx;

/// <summary>Data that a model keeps in files beside it; never outside of its folder.</summary>
/// <param name="modelPath">The model's file.</param>
internal sealed class ExternalData(string modelPath)
{
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(modelPath))!;
    private readonly Dictionary<string, long> _read = [];

    /// <summary>The bytes of <paramref name="stored"/>.</summary>
    /// <exception cref="InvalidDataException">There is no such file in the model's folder, or it is too short.</exception>
    internal ReadOnlyMemory<byte> Read(TensorProto stored, long expected)
    {
        var name = OnnxTensor.Quote(stored);
        var location = Value(stored, "location") ?? throw new InvalidDataException($"has {name} in another file that it does not name.");
        var (offset, length) = (Number(stored, "offset") ?? 0, Number(stored, "length") ?? expected);
        try
        {
            var path = Inside(location)
                ?? throw new InvalidDataException(
                    $"has {name} in {MalformedFile.Quote(location)}, which is not a file in the model's folder.");
            using var file = File.OpenRead(path);
            if (length != expected || offset > file.Length - length)
                throw new InvalidDataException(
                    $"has {name} at bytes {offset} to {(Int128)offset + length} of {MalformedFile.Quote(location)}, which has {file.Length}; expected {expected} bytes.");
            // A few bytes of a model can name all of a file again and again.
            var read = _read.GetValueOrDefault(path) + expected;
            if (read > 2 * file.Length)
                throw new InvalidDataException($"reads {MalformedFile.Quote(location)} more than twice over.");
            _read[path] = read;
            var bytes = new byte[expected];
            file.Position = offset;
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            throw new InvalidDataException(
                $"has {name} in {MalformedFile.Quote(location)}, which cannot be read: {exception.Message}", exception);
        }
    }

    // Links are followed before the place is judged.
    private string? Inside(string location)
    {
        if (location.Length == 0 || location.Contains('\0') || Path.IsPathRooted(location))
            return null;
        var path = Path.GetFullPath(Path.Combine(_folder, location));
        if (!File.Exists(path))
            return null;
        var folder = Resolved(_folder);
        var place = Resolved(path);
        return place.StartsWith(Path.EndsInDirectorySeparator(folder)
            ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? place
            : null;
    }

    private static string Resolved(string path)
    {
        if (Path.GetDirectoryName(path) is not { } parent)
            return path;
        FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        return entry.ResolveLinkTarget(returnFinalTarget: true) is { } target
            ? Resolved(target.FullName)
            : Path.Combine(Resolved(parent), Path.GetFileName(path));
    }

    private static string? Value(TensorProto stored, string key) => stored.ExternalData.FirstOrDefault(entry => entry.Key == key)?.Value;

    private static long? Number(TensorProto stored, string key) => Value(stored, key) switch
    {
        null => null,
        var text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        var text =>
            throw new InvalidDataException(
                $"has {OnnxTensor.Quote(stored)} with the {key} {MalformedFile.Quote(text)}; expected a number."),
    };
}
