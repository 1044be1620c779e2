using Google.Protobuf;
using Nern.Onnx.Protocol;

namespace Nern.Tests.Fuzzing;

/// <summary>Alters what an ONNX model says, so that it stays a model.</summary>
internal static class OnnxMutation
{
    private static readonly string[] Operators =
    [
        "Conv", "BatchNormalization", "Gemm", "MatMul", "MaxPool", "AveragePool", "GlobalAveragePool", "ReduceMean", "Relu", "LeakyRelu",
        "Clip", "Sigmoid", "HardSwish", "Add", "Sub", "Mul", "Div", "Concat", "Softmax", "LogSoftmax", "Identity", "Dropout", "Cast",
        "Flatten",
        "Reshape", "Squeeze", "Unsqueeze", "Slice", "Pad", "Shape", "Constant", "ConstantOfShape", "Gather", "Transpose", "Floor", "Ceil",
        "Sqrt",
        "Loop", "",
    ];

    private static readonly string[] Attributes =
    [
        "axis", "axes", "pads", "strides", "dilations", "kernel_shape", "auto_pad", "ceil_mode", "group", "perm", "to", "epsilon", "alpha",
        "transB", "transA", "keepdims", "count_include_pad", "value", "min", "max", "mode", "start", "end", "allowzero", "shape", "starts",
        "ends",
    ];

    private static readonly long[] Numbers =
    [
        0, 1, 1, 2, 3, 4, 5, 8, 20, -1, -2, 7, 10, 11, 16, 255, 1 << 16, 1 << 29, int.MaxValue, int.MinValue, 1L << 32, 1L << 40,
        long.MaxValue,
        long.MinValue,
    ];

    private static readonly string[] Texts = ["SAME_UPPER", "SAME_LOWER", "VALID", "constant", "other\n", ""];

    internal static byte[] Alter(ModelProto original, Generator random)
    {
        var model = original.Clone();
        do
            Once(model, random);
        while (random.NextInt32(2) == 0);
        return model.ToByteArray();
    }

    private static void Once(ModelProto model, Generator random)
    {
        var graph = model.Graph;
        var names = graph.Node.SelectMany(node => node.Input.Concat(node.Output)).Append("").ToList();
        var node = Any(graph.Node);
        switch (random.NextInt32(18))
        {
            case 0:
                node.OpType = Any(Operators);
                break;
            case 1 when node.Input.Count > 0:
                node.Input[random.NextInt32(node.Input.Count)] = Any(names);
                break;
            case 2:
                node.Input.Insert(random.NextInt32(node.Input.Count + 1), Any(names));
                break;
            case 3 when node.Input.Count > 0:
                node.Input.RemoveAt(random.NextInt32(node.Input.Count));
                break;
            case 4:
                node.Output.Insert(random.NextInt32(node.Output.Count + 1), Any(names));
                break;
            case 5 when graph.Node.Count > 1:
                graph.Node.Remove(node);
                break;
            case 6:
                graph.Node.Insert(random.NextInt32(graph.Node.Count), node.Clone());
                break;
            case 7:
                // A chain goes on through one more node.
                var inserted = Any(graph.Node).Clone();
                if (inserted.Input.Count == 0 || node.Input.Count == 0)
                    break;
                (inserted.Input[0], node.Input[0]) = (node.Input[0], inserted.Output[0] = $"new{graph.Node.Count}");
                inserted.OpType = random.NextInt32(2) == 0 ? inserted.OpType : Any(Operators);
                graph.Node.Insert(graph.Node.IndexOf(node), inserted);
                break;
            case 8 or 9 when node.Attribute.Count > 0:
                Change(Any(node.Attribute));
                break;
            case 10:
                node.Attribute.Add(new AttributeProto { Name = Any(Attributes) });
                Change(node.Attribute[^1]);
                break;
            case 11 when graph.Initializer.Count > 0:
                ChangeTensor(Any(graph.Initializer));
                break;
            case 12 when graph.Initializer.Count > 0:
                var first = Any(graph.Initializer);
                (first.Name, Any(graph.Initializer).Name) = (Any(graph.Initializer).Name, first.Name);
                break;
            case 13 when graph.Input[0].Type.TensorType.Shape.Dim is [_, ..] dimensions:
                dimensions[random.NextInt32(dimensions.Count)] = new TensorShapeProto.Types.Dimension { DimValue = Any(Numbers) };
                break;
            case 14:
                model.OpsetImport[0].Version = random.NextInt32(20);
                break;
            case 15:
                graph.Output[0].Name = Any(names);
                break;
            case 16:
                node.Name = random.NextInt32(2) == 0 ? Any(graph.Node).Name : "";
                break;
            default:
                node.Domain = random.NextInt32(4) == 0 ? "other" : "";
                break;
        }

        void Change(AttributeProto attribute)
        {
            switch (random.NextInt32(7))
            {
                case 0:
                    attribute.Name = Any(Attributes);
                    break;
                case 1 or 2 when attribute.Ints.Count > 0:
                    attribute.Ints[random.NextInt32(attribute.Ints.Count)] = Any(Numbers);
                    break;
                case 3:
                    attribute.Ints.Add(Any(Numbers));
                    break;
                case 4 when attribute.T is { } tensor:
                    ChangeTensor(tensor);
                    break;
                case 5:
                    attribute.S = ByteString.CopyFromUtf8(Any(Texts));
                    break;
                default:
                    (attribute.I, attribute.F) = (Any(Numbers), Any(Numbers));
                    break;
            }
        }

        void ChangeTensor(TensorProto tensor)
        {
            switch (random.NextInt32(8))
            {
                case 0 when tensor.Dims.Count > 0:
                    tensor.Dims[random.NextInt32(tensor.Dims.Count)] = Any(Numbers);
                    break;
                case 1:
                    tensor.Dims.Add(random.NextInt32(2) == 0 ? 1 : Any(Numbers));
                    break;
                case 2 when tensor.Dims.Count > 0:
                    tensor.Dims.RemoveAt(random.NextInt32(tensor.Dims.Count));
                    break;
                case 3:
                    tensor.DataType = random.NextInt32(20);
                    break;
                case 4:
                    tensor.DataLocation = 1;
                    tensor.ExternalData.Add(new StringStringEntryProto
                    {
                        Key = "location",
                        Value = Any(["gone", "../up", "/root", "\0", "."])
                    });
                    break;
                case 5 when tensor.RawData.Length > 0:
                    tensor.RawData = ByteString.CopyFrom(tensor.RawData.Span[..random.NextInt32(tensor.RawData.Length)]);
                    break;
                case 6 when tensor is { DataType: 7, RawData.Length: >= 8 }:
                    // Shapes and the like, computed with.
                    var bytes = tensor.RawData.ToByteArray();
                    BitConverter.TryWriteBytes(bytes.AsSpan(8 * random.NextInt32(bytes.Length / 8)), Any(Numbers));
                    tensor.RawData = ByteString.CopyFrom(bytes);
                    break;
                default:
                    tensor.Int64Data.Add(Any(Numbers));
                    break;
            }
        }

        T Any<T>(IList<T> choices) => choices[random.NextInt32(choices.Count)];
    }
}
