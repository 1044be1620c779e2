using System.IO.Compression;
using Nern.Files;
using Nern.Tensors;

namespace Nern.Checkpoints.Torch;

/// <summary>
/// Writes a state dict as torch.save does: a zip archive, nothing compressed, with a pickle of the names and shapes and an entry
/// for the elements of each tensor. torch.load opens it with weights_only. The same tensors always give the same bytes.
/// </summary>
internal static class TorchZipWriter
{
    private const string Folder = "archive";

    // Zip archives know no earlier time; the time of writing would make equal networks unequal files.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes a file, atomically: <paramref name="path"/> is either complete or untouched.</summary>
    /// <param name="path">Where to; an existing file is replaced.</param>
    /// <param name="tensors">The tensors under their names.</param>
    /// <exception cref="NernException">The place cannot be written.</exception>
    public static void Save(string path, IReadOnlyCollection<KeyValuePair<string, Tensor>> tensors) =>
        AtomicFile.Write(path, stream => Write(stream, tensors));

    /// <summary>Writes the file's bytes to <paramref name="stream"/>.</summary>
    internal static void Write(Stream stream, IReadOnlyCollection<KeyValuePair<string, Tensor>> tensors)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(archive, "data.pkl", Pickle(tensors));
        Add(archive, "byteorder", "little"u8);
        foreach (var (i, (_, tensor)) in tensors.Index())
            Add(archive, $"data/{i}", tensor.Data.Span);
        Add(archive, "version", "3\n"u8);
    }

    private static void Add(ZipArchive archive, string name, ReadOnlySpan<byte> content)
    {
        var entry = archive.CreateEntry($"{Folder}/{name}", CompressionLevel.NoCompression);
        entry.LastWriteTime = Time;
        using var stream = entry.Open();
        stream.Write(content);
    }

    private static byte[] Pickle(IReadOnlyCollection<KeyValuePair<string, Tensor>> tensors)
    {
        var pickle = new PickleWriter();
        pickle.OrderedDict();
        pickle.Write(PickleOpcode.Mark);
        foreach (var (i, (name, tensor)) in tensors.Index())
        {
            pickle.Text(name);
            Rebuild(pickle, tensor, key: $"{i}");
        }
        pickle.Write(PickleOpcode.SetItems);
        return pickle.Finish();
    }

    // _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)
    private static void Rebuild(PickleWriter pickle, Tensor tensor, string key)
    {
        pickle.Global("torch._utils", "_rebuild_tensor_v2");
        pickle.Write(PickleOpcode.Mark);
        pickle.Write(PickleOpcode.Mark);
        pickle.Text("storage");
        pickle.Global("torch", TorchGlobals.StorageOf(tensor.Type));
        pickle.Text(key);
        pickle.Text("cpu");
        pickle.Integer(tensor.Count);
        pickle.Write(PickleOpcode.Tuple);
        pickle.Write(PickleOpcode.BinPersistentId);
        pickle.Integer(0);
        pickle.Tuple(tensor.Shape);
        pickle.Tuple(Strides(tensor.Shape));
        pickle.Write(PickleOpcode.NewFalse);
        pickle.OrderedDict();
        pickle.Write(PickleOpcode.Tuple);
        pickle.Write(PickleOpcode.Reduce);
    }

    private static int[] Strides(IReadOnlyList<int> shape)
    {
        var strides = new int[shape.Count];
        var step = 1;
        for (var i = strides.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= Math.Max(1, shape[i]);
        }
        return strides;
    }
}
