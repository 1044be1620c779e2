using Google.Protobuf;
using Nern.Checkpoints;
using Nern.Networks;
using Nern.Onnx.Protocol;

namespace Nern.Onnx;

/// <summary>ONNX files: convolutional classifiers that other tools wrote, and those that are written for them.</summary>
public static class OnnxFile
{
    /// <summary>Reads a classifier; a Softmax at its end is left out, so that it yields logits.</summary>
    /// <param name="path">The file. Data outside of it has to be in its folder.</param>
    /// <param name="shape">The shape of an image, where the model leaves it open.</param>
    /// <exception cref="NernException">The file cannot be read, or has nodes that cannot be run; the message names each of them.</exception>
    public static Network Load(string path, ImageShape? shape = null)
    {
        var bytes = Checkpoint.ReadFile(path);
        var (graph, tensors, _) = MalformedFile.Report(path, () => Parse(bytes, new ExternalData(path), shape));
        return new Network(graph, tensors, NetworkSource.Of(path, prefix: ""));
    }

    private static (Graph, IReadOnlyList<KeyValuePair<string, Tensors.Tensor>>, IReadOnlyList<StoredParameter>) Parse(
        byte[] bytes, ExternalData external, ImageShape? shape)
    {
        try
        {
            return OnnxImport.Read(ModelProto.Parser.ParseFrom(bytes), external, shape);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException($"is no ONNX model: {MalformedFile.Shorten(exception.Message)}", exception);
        }
        catch (NernException exception)
        {
            throw new InvalidDataException($"is an ONNX model that does not fit together: {exception.Message}", exception);
        }
    }
}
