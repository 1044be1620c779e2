using Google.Protobuf;
using Nern.Files;
using Nern.Networks;
using Nern.Onnx.Protocol;
using Nern.OnnxModels;

namespace Nern.Onnx;

/// <summary>ONNX files: convolutional classifiers that other tools wrote, and those that are written for them.</summary>
public static class OnnxFile
{
    /// <summary>Reads a classifier; a Softmax or the Sigmoid of a single logit at its end is left out, so that it yields logits.</summary>
    /// <param name="path">The file. Data outside of it has to be in its folder.</param>
    /// <param name="options">What the model leaves open.</param>
    /// <exception cref="NernException">The file cannot be read, or has nodes that cannot be run; the message names them.</exception>
    public static Network Load(string path, OnnxOptions? options = null) =>
        Read(InputFile.Read(path, "an ONNX model"), path, options);

    /// <summary>Reads a file that is already in memory; data outside of it has to be in the folder of <paramref name="path"/>.</summary>
    internal static Network Read(byte[] bytes, string path, OnnxOptions? options = null) =>
        MalformedFile.Report(path, () => Parse(bytes, path, options ?? new()));

    /// <summary>
    /// Writes a model with the weights of <paramref name="network"/>: the one that it came from, or a new one that takes images
    /// [N, C, H, W] and yields its logits, [N, logits].
    /// </summary>
    /// <exception cref="NernException">The file cannot be written.</exception>
    public static void Save(string path, Network network) => AtomicFile.Write(path, network.WriteOnnx);

    private static Network Parse(byte[] bytes, string path, OnnxOptions options)
    {
        try
        {
            ModelMemory.Check(bytes);
            var model = ModelProto.Parser.ParseFrom(bytes);
            var external = new ExternalData(path);
            var imported = OnnxImport.Read(model, external, options);
            if (UnusableNumbers.Find(imported.Graph, imported.Tensors!) is { } unusable)
                throw new InvalidDataException(unusable);
            return new Network(imported.Graph, imported.Tensors, NetworkSource.Of(path, bytes, prefix: "", imported.Tensors))
            {
                OnnxSkeleton = ModelWithoutValues.Of(model, imported, external),
            };
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException($"is no ONNX model: {MalformedFile.Shorten(exception.Message)}", exception);
        }
        catch (NernException exception)
        {
            throw new InvalidDataException(
                $"is an ONNX model that does not fit together: {MalformedFile.Shorten(exception.Message)}", exception);
        }
    }
}
