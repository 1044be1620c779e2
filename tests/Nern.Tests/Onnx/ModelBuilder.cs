using System.Runtime.InteropServices;
using Google.Protobuf;
using Nern.Networks;
using Nern.Onnx;
using Nern.Onnx.Protocol;

namespace Nern.Tests.Onnx;

/// <summary>Small ONNX models, node by node: images 'x', the value 'y' as result.</summary>
internal sealed class ModelBuilder
{
    internal ModelBuilder(int channels = 3, int height = 8, int width = 8, int batch = 1, int operatorSet = 14)
    {
        Model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = operatorSet });
        Model.Graph.Input.Add(Describe("x", batch, channels, height, width));
        Model.Graph.Output.Add(new ValueInfoProto { Name = "y" });
    }

    internal ModelProto Model { get; } = new() { IrVersion = 8, Graph = new GraphProto { Name = "test" } };

    internal static ValueInfoProto Describe(string name, params long[] extents)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(extents.Select(extent => new TensorShapeProto.Types.Dimension { DimValue = extent }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = shape } }
        };
    }

    /// <summary>
    /// A node that yields <paramref name="output"/>; attributes are int, long, float, string, int[], long[], float[] or a tensor.
    /// </summary>
    internal ModelBuilder Node(string type, string[] inputs, string output, params (string Name, object Value)[] attributes)
    {
        Model.Graph.Node.Add(NodeOf(type, inputs, output, attributes));
        return this;
    }

    internal static NodeProto NodeOf(string type, string[] inputs, string output, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = type, Name = $"{output} by {type}" };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach (var (name, value) in attributes)
        {
            var attribute = new AttributeProto { Name = name };
            switch (value)
            {
                case int or long: (attribute.Type, attribute.I) = (2, Convert.ToInt64(value)); break;
                case float number: (attribute.Type, attribute.F) = (1, number); break;
                case string text: (attribute.Type, attribute.S) = (3, ByteString.CopyFromUtf8(text)); break;
                case int[] numbers: attribute.Type = 7; attribute.Ints.AddRange(numbers.Select(number => (long)number)); break;
                case long[] numbers: attribute.Type = 7; attribute.Ints.AddRange(numbers); break;
                case float[] numbers: attribute.Type = 6; attribute.Floats.AddRange(numbers); break;
                case TensorProto tensor: (attribute.Type, attribute.T) = (4, tensor); break;
                default: throw new ArgumentException($"{value.GetType()}", nameof(attributes));
            }
            node.Attribute.Add(attribute);
        }
        return node;
    }

    internal ModelBuilder Integers(string name, params long[] values) => Store(name, Tensor(name, [values.Length], values));

    internal ModelBuilder Floats(string name, long[] shape, params float[] values) => Store(name, Tensor(name, shape, values));

    /// <summary>Weights of this shape, of which no two are equal.</summary>
    internal ModelBuilder Weights(string name, params long[] shape) =>
        Floats(name, shape, [.. Enumerable.Range(1, (int)shape.Aggregate(1L, (product, extent) => product * extent)).Select(i => i / 16f)]);

    /// <summary>Weights of the usual magnitudes.</summary>
    internal ModelBuilder Random(string name, params long[] shape)
    {
        var random = new Generator((ulong)Model.Graph.Initializer.Count + 1);
        var count = (int)shape.Aggregate(1L, (product, extent) => product * extent);
        return Floats(name, shape, [.. Enumerable.Range(0, count)
            .Select(_ => (float)(random.NextNormal() / Math.Sqrt((double)count / shape[0])))]);
    }

    internal static TensorProto Tensor<T>(string name, long[] shape, T[] values) where T : struct
    {
        var type = typeof(T) == typeof(float) ? 1 : typeof(T) == typeof(int) ? 6 : typeof(T) == typeof(double) ? 11 : 7;
        var tensor = new TensorProto
        {
            Name = name,
            DataType = type,
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan()))
        };
        tensor.Dims.AddRange(shape);
        return tensor;
    }

    /// <summary>The model; where 'y' is maps, it ends with a vector made of them, as classifiers do.</summary>
    internal byte[] Bytes()
    {
        var model = Model.Clone();
        model.Graph.Node.Add(NodeOf("Flatten", ["y"], "scores"));
        model.Graph.Output[0].Name = "scores";
        return model.ToByteArray();
    }

    internal Network Read() => OnnxFile.Read(Bytes(), "a.onnx");

    /// <summary>The nodes between the images and the vector that <see cref="Bytes"/> makes of 'y'.</summary>
    internal IReadOnlyList<Node> Nodes() => [.. Read().Graph.Nodes.Skip(1).Where(node => node.Name != "scores by Flatten")];

    /// <summary>Why the model, with 'y' as it is, is refused.</summary>
    internal string Refused() => Assert.Throws<NernException>(() => OnnxFile.Read(Model.ToByteArray(), "a.onnx")).Message;

    private ModelBuilder Store(string name, TensorProto tensor)
    {
        Assert.Equal(name, tensor.Name);
        Model.Graph.Initializer.Add(tensor);
        return this;
    }
}
