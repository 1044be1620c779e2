using System.Collections.Frozen;
using Nern.Tensors;

namespace Nern.Checkpoints.Torch;

/// <summary>The only Python names that a PyTorch checkpoint may use, and what they mean here.</summary>
internal static class TorchGlobals
{
    private static readonly FrozenDictionary<string, object> Table = new Dictionary<string, object>
    {
        ["collections.OrderedDict"] = (PickleFunction)OrderedDict,
        ["torch.Size"] = (PickleFunction)Size,
        ["torch._utils._rebuild_tensor"] = (PickleFunction)RebuildTensor,
        ["torch._utils._rebuild_tensor_v2"] = (PickleFunction)RebuildTensor,
        ["torch._utils._rebuild_parameter"] = (PickleFunction)RebuildParameter,
        ["torch.DoubleStorage"] = ElementType.Float64,
        ["torch.FloatStorage"] = ElementType.Float32,
        ["torch.HalfStorage"] = ElementType.Float16,
        ["torch.BFloat16Storage"] = ElementType.BFloat16,
        ["torch.LongStorage"] = ElementType.Int64,
        ["torch.IntStorage"] = ElementType.Int32,
        ["torch.ShortStorage"] = ElementType.Int16,
        ["torch.CharStorage"] = ElementType.Int8,
        ["torch.ByteStorage"] = ElementType.UInt8,
        ["torch.BoolStorage"] = ElementType.Boolean,
    }.ToFrozenDictionary();

    /// <summary>A <see cref="PickleFunction"/>, an <see cref="ElementType"/>, or null for every other name.</summary>
    public static object? Find(string name) => Table.GetValueOrDefault(name);

    /// <summary>The storage class in the module torch for elements of a type.</summary>
    public static string StorageOf(ElementType type) => Table.First(entry => entry.Value.Equals(type)).Key["torch.".Length..];

    // Python 2 hands over a list of [key, value] lists; Python 3 sets the items afterwards.
    private static PickleDictionary OrderedDict(object?[] arguments)
    {
        var dictionary = new PickleDictionary();
        if (arguments.Length == 0)
            return dictionary;
        if (arguments is not [List<object?> pairs])
            throw Unexpected("collections.OrderedDict", arguments);
        foreach (var pair in pairs)
        {
            if (pair is not List<object?> { Count: 2 } keyAndValue)
                throw Unexpected("collections.OrderedDict", arguments);
            dictionary.Set(keyAndValue[0], keyAndValue[1]);
        }
        return dictionary;
    }

    private static object?[] Size(object?[] arguments) =>
        arguments is [object?[] sizes] ? sizes : throw Unexpected("torch.Size", arguments);

    // (storage, offset, size, stride), and from version 2 on requires_grad, hooks and metadata, which only training needs.
    private static TorchTensor RebuildTensor(object?[] arguments) =>
        arguments is [TorchStorage storage, var offset, var size, var stride, ..]
            ? new TorchTensor(storage, offset, size, stride)
            : throw Unexpected("torch._utils._rebuild_tensor", arguments);

    private static TorchTensor RebuildParameter(object?[] arguments) =>
        arguments is [TorchTensor tensor, ..] ? tensor : throw Unexpected("torch._utils._rebuild_parameter", arguments);

    private static InvalidDataException Unexpected(string function, object?[] arguments) =>
        new($"has a damaged pickle: '{function}' does not take ({string.Join(", ", arguments.Take(8).Select(Unpickler.Describe))}).");
}
