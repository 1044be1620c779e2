using System.Security.Cryptography;
using Nern.Files;
using Nern.Tensors;

namespace Nern.Networks;

/// <summary>The file a network was read from.</summary>
/// <param name="Name">Its name, without the folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256, in hexadecimal digits.</param>
/// <param name="Prefix">What its tensor names began with and the network's do not (module., …).</param>
/// <param name="KernelType">The element type of its kernels, where that is not float32: a floating-point one.</param>
/// <param name="OtherKernels">Kernels of another type, by the names of the network's tensors, if there are any.</param>
public sealed record NetworkSource(
    string Name, long Bytes, string Sha256, string Prefix, ElementType? KernelType = null,
    IReadOnlyDictionary<string, ElementType>? OtherKernels = null)
{
    /// <summary>Whether this very file, or a copy of it, is at <paramref name="path"/>.</summary>
    internal bool IsAt(string path) => File.Exists(path) && InputFile.LengthOf(path) == Bytes
        && Convert.ToHexStringLower(SHA256.HashData(InputFile.Read(path, "a network"))) == Sha256;

    /// <summary>
    /// The tensor in the type that the file has it in, if it is a kernel: values that are predicted are float32 at first.
    /// </summary>
    /// <exception cref="NernException">The source, which itself was read from a file, gives it a type that holds no kernels.</exception>
    internal Tensor InOwnType(string name, Tensor tensor)
    {
        if (tensor.Shape.Count != KernelRank)
            return tensor;
        var type = OtherKernels is not null && OtherKernels.TryGetValue(name, out var other) ? other : KernelType ?? ElementType.Float32;
        return IsFloatingPoint(type) ? tensor.As(type) : throw new NernException(
            $"The tensor {name} cannot be written as {type}: it holds kernels.");
    }

    internal static NetworkSource Of(string path, byte[] bytes, string prefix, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var kernels = tensors.Where(tensor => tensor.Value.Shape.Count == KernelRank && IsFloatingPoint(tensor.Value.Type)).ToList();
        var types = kernels.CountBy(kernel => kernel.Value.Type).ToList();
        var usual = types.Count == 0 ? ElementType.Float32 : types.MaxBy(type => type.Value).Key;
        return new(
            Path.GetFileName(path), bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), prefix,
            usual == ElementType.Float32 ? null : usual,
            types.Count < 2 ? null : kernels.Where(kernel => kernel.Value.Type != usual).ToDictionary(
                kernel => kernel.Key, kernel => kernel.Value.Type));
    }

    private const int KernelRank = 4;

    private static bool IsFloatingPoint(ElementType type) =>
        type is ElementType.Float32 or ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16;
}
