using System.IO.Compression;
using Nern.Checkpoints.Torch;
using Nern.Tensors;

namespace Nern.Cli.Tests.Support;

/// <summary>Checkpoints as trainings leave them: several dictionaries of tensors in one, and numbers beside them.</summary>
internal static class TorchStates
{
    /// <summary>Writes a PyTorch checkpoint with these states.</summary>
    internal static void Save(string path, params (string Name, IReadOnlyList<KeyValuePair<string, Tensor>> Tensors)[] states)
    {
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        var pickle = new PickleWriter();
        pickle.OrderedDict();
        pickle.Write(PickleOpcode.Mark);
        pickle.Text("epoch");
        pickle.Integer(7);
        var key = 0;
        foreach (var (name, tensors) in states)
        {
            pickle.Text(name);
            pickle.OrderedDict();
            pickle.Write(PickleOpcode.Mark);
            foreach (var (tensorName, tensor) in tensors)
            {
                pickle.Text(tensorName);
                Rebuild(pickle, tensor, key);
                Add(archive, $"data/{key++}", tensor.Data.Span);
            }
            pickle.Write(PickleOpcode.SetItems);
        }
        pickle.Write(PickleOpcode.SetItems);
        Add(archive, "data.pkl", pickle.Finish());
        Add(archive, "byteorder", "little"u8);
        Add(archive, "version", "3\n"u8);
    }

    private static void Add(ZipArchive archive, string name, ReadOnlySpan<byte> content)
    {
        using var stream = archive.CreateEntry($"archive/{name}", CompressionLevel.NoCompression).Open();
        stream.Write(content);
    }

    private static void Rebuild(PickleWriter pickle, Tensor tensor, int key)
    {
        pickle.Global("torch._utils", "_rebuild_tensor_v2");
        pickle.Write(PickleOpcode.Mark);
        pickle.Write(PickleOpcode.Mark);
        pickle.Text("storage");
        pickle.Global("torch", TorchGlobals.StorageOf(tensor.Type));
        pickle.Text($"{key}");
        pickle.Text("cpu");
        pickle.Integer(tensor.Count);
        pickle.Write(PickleOpcode.Tuple);
        pickle.Write(PickleOpcode.BinPersistentId);
        pickle.Integer(0);
        pickle.Tuple(tensor.Shape);
        pickle.Tuple(tensor.Shape.Select((_, axis) => tensor.Shape.Skip(axis + 1).Aggregate(1, (product, length) => product * length)));
        pickle.Write(PickleOpcode.NewFalse);
        pickle.OrderedDict();
        pickle.Write(PickleOpcode.Tuple);
        pickle.Write(PickleOpcode.Reduce);
    }
}
