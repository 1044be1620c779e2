using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Nern.Data;
using Nern.Networks;

namespace Nern.Training;

/// <summary>What an original is trained and tested on.</summary>
/// <param name="Train">Labelled training images.</param>
/// <param name="Normalization">How images are normalised.</param>
/// <param name="Test">Test images, for accuracies that are printed and nothing else.</param>
public sealed record TrainInputs(LabelledImages Train, Normalization Normalization, LabelledImages? Test = null)
{
    /// <summary>The images to train on, and those set aside.</summary>
    /// <param name="aside">How many to set aside; of fewer than eight times as many, an eighth.</param>
    internal (LabelledImages Train, LabelledImages? Validation) Split(int aside)
    {
        aside = Math.Min(aside, Train.Count / 8);
        return aside == 0 ? (Train, null) : Train.SetAside(aside);
    }

    private IEnumerable<float> Unusual =>
        Normalization is { Range: 1, Order: ChannelOrder.Rgb } ? [] : [Normalization.Range, (float)Normalization.Order];

    /// <summary>Tells an architecture and what it is trained on from others.</summary>
    internal string Identify(Graph graph)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, shape) in graph.Parameters)
        {
            hash.AppendData(MemoryMarshal.AsBytes(name.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(shape.AsSpan()));
        }
        Train.Identify(hash);
        Span<byte> number = stackalloc byte[sizeof(float)];
        foreach (var value in Normalization.Mean.Concat(Normalization.Std).Concat(Unusual))
        {
            BinaryPrimitives.WriteSingleLittleEndian(number, value);
            hash.AppendData(number);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
