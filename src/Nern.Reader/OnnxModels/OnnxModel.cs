using Nern.Networks;

namespace Nern.OnnxModels;

/// <summary>
/// A network as an ONNX model: the one that it came from with its weights, or a new one that takes images [N, C, H, W] and yields its
/// logits, [N, logits].
/// </summary>
public static class OnnxModel
{
    /// <summary>The bytes of the model, as an inference session takes them.</summary>
    /// <exception cref="NernException">The network cannot be written as ONNX, or is too large for one array.</exception>
    public static byte[] ToOnnx(this Network network)
    {
        var model = Of(network);
        var bytes = new byte[model.Size()];
        model.WriteTo(new MemoryStream(bytes));
        return bytes;
    }

    /// <summary>Writes the model to <paramref name="stream"/>.</summary>
    /// <exception cref="NernException">The network cannot be written as ONNX.</exception>
    public static void WriteOnnx(this Network network, Stream stream) => Of(network).WriteTo(stream);

    private static WireMessage Of(Network network)
    {
        try
        {
            var model = network.OnnxSkeleton is { } skeleton ? OnnxSkeleton.Fill(skeleton, network) : OnnxGraphWriter.Write(network);
            // A reader of protocol buffers takes no more.
            return model.Size() <= int.MaxValue
                ? model : throw new NernException($"A model of {model.Size()} bytes does not fit an ONNX file; {int.MaxValue} are the most.");
        }
        catch (InvalidDataException exception)
        {
            throw new NernException($"The network does not fit the ONNX model that it came from: it {exception.Message}.", exception);
        }
    }
}
