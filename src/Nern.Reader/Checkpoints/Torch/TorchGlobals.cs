using System.Collections.Frozen;
using Nern.Tensors;

namespace Nern.Checkpoints.Torch;

/// <summary>The Python names that tensors are made with, and what they mean here.</summary>
internal static class TorchGlobals
{
    private static readonly FrozenDictionary<string, object> Table = new Dictionary<string, object>
    {
        ["collections.OrderedDict"] = (PickleFunction)OrderedDict,
        ["torch.Size"] = (PickleFunction)Size,
        ["torch._utils._rebuild_tensor"] = (PickleFunction)RebuildTensor,
        ["torch._utils._rebuild_tensor_v2"] = (PickleFunction)RebuildTensor,
        ["torch._utils._rebuild_parameter"] = (PickleFunction)RebuildParameter,
        ["torch._utils._rebuild_parameter_with_state"] = (PickleFunction)RebuildParameter,
        ["torch._tensor._rebuild_from_type_v2"] = (PickleFunction)RebuildFromType,
        ["torch.DoubleStorage"] = StorageElements.Of(ElementType.Float64),
        ["torch.FloatStorage"] = StorageElements.Of(ElementType.Float32),
        ["torch.HalfStorage"] = StorageElements.Of(ElementType.Float16),
        ["torch.BFloat16Storage"] = StorageElements.Of(ElementType.BFloat16),
        ["torch.LongStorage"] = StorageElements.Of(ElementType.Int64),
        ["torch.IntStorage"] = StorageElements.Of(ElementType.Int32),
        ["torch.ShortStorage"] = StorageElements.Of(ElementType.Int16),
        ["torch.CharStorage"] = StorageElements.Of(ElementType.Int8),
        ["torch.ByteStorage"] = StorageElements.Of(ElementType.UInt8),
        ["torch.BoolStorage"] = StorageElements.Of(ElementType.Boolean),
        ["torch.ComplexDoubleStorage"] = new StorageElements("complex128", 16),
        ["torch.ComplexFloatStorage"] = new StorageElements("complex64", 8),
        ["torch.QInt8Storage"] = new StorageElements("qint8", 1),
        ["torch.QUInt8Storage"] = new StorageElements("quint8", 1),
        ["torch.QUInt4x2Storage"] = new StorageElements("quint4x2", 1),
        ["torch.QUInt2x4Storage"] = new StorageElements("quint2x4", 1),
        ["torch.QInt32Storage"] = new StorageElements("qint32", 4),
        ["torch.storage.UntypedStorage"] = new StorageElements("untyped bytes", 1),
    }.ToFrozenDictionary();

    /// <summary>A <see cref="PickleFunction"/>, <see cref="StorageElements"/>, or null for every other name.</summary>
    public static object? Find(string name) => Table.GetValueOrDefault(name);

    /// <summary>The storage class in the module torch for elements of a type.</summary>
    public static string StorageOf(ElementType type) =>
        Table.First(entry => entry.Value.Equals(StorageElements.Of(type))).Key["torch.".Length..];

    // Python 2 hands over a list of [key, value] lists; Python 3 sets the items afterwards.
    private static object OrderedDict(object?[] arguments)
    {
        var dictionary = new PickleDictionary();
        if (arguments.Length == 0)
            return dictionary;
        if (arguments is not [List<object?> pairs])
            return Unknown("collections.OrderedDict", arguments);
        foreach (var pair in pairs)
        {
            if (pair is not List<object?> { Count: 2 } keyAndValue)
                return Unknown("collections.OrderedDict", arguments);
            dictionary.Set(keyAndValue[0], keyAndValue[1]);
        }
        return dictionary;
    }

    private static object Size(object?[] arguments) => arguments is [object?[] sizes] ? sizes : Unknown("torch.Size", arguments);

    // (storage, offset, size, stride), and from version 2 on requires_grad, hooks and metadata, which only training needs.
    private static object RebuildTensor(object?[] arguments) =>
        arguments is [TorchStorage storage, var offset, var size, var stride, ..]
            ? new TorchTensor(storage, offset, size, stride)
            : Unknown("torch._utils._rebuild_tensor", arguments);

    private static object RebuildParameter(object?[] arguments) =>
        arguments is [TorchTensor tensor, ..] ? tensor : Unknown("torch._utils._rebuild_parameter", arguments);

    // (function, type, its arguments, state): a tensor with attributes, or of a class of its own.
    private static object RebuildFromType(object?[] arguments) => arguments is [PickleFunction function, _, object?[] inner, ..]
        && function.Method == ((PickleFunction)RebuildTensor).Method
            ? RebuildTensor(inner)
            : new PickleObject("torch._tensor._rebuild_from_type_v2");

    // What is made of something unknown is unknown itself.
    private static PickleObject Unknown(string function, object?[] arguments) => arguments.OfType<PickleObject>().FirstOrDefault()
        ?? throw new InvalidDataException(
            $"has a damaged pickle: '{function}' does not take ({string.Join(", ", arguments.Take(8).Select(Unpickler.Describe))}).");
}
