namespace Nern.OnnxModels;

/// <summary>ONNX's numbers of the fields that are written, and of those in which a model without its values names what belongs there.</summary>
internal static class OnnxFields
{
    internal static class Model
    {
        internal const int IrVersion = 1, ProducerName = 2, ProducerVersion = 3, Graph = 7, OperatorSets = 8;
    }

    internal static class OperatorSet
    {
        internal const int Domain = 1, Version = 2;
    }

    internal static class Graph
    {
        internal const int Nodes = 1, Name = 2, Initializers = 5, Inputs = 11, Outputs = 12;
    }

    internal static class Node
    {
        internal const int Inputs = 1, Outputs = 2, Name = 3, OperatorType = 4, Attributes = 5;
    }

    internal static class Attribute
    {
        internal const int Name = 1, Float = 2, Integer = 3, Tensor = 5, Integers = 8, Type = 20;
    }

    internal static class Tensor
    {
        internal const int Dimensions = 1, DataType = 2, FloatData = 4, Int32Data = 5, Int64Data = 7, Name = 8, RawData = 9, DoubleData = 10,
            ExternalData = 13, DataLocation = 14;
    }

    internal static class Entry
    {
        internal const int Key = 1, Value = 2;
    }

    internal static class Value
    {
        internal const int Name = 1, Type = 2;
    }

    internal static class Type
    {
        internal const int Tensor = 1, ElementType = 1, Shape = 2;
    }

    internal static class Shape
    {
        internal const int Dimensions = 1, DimensionValue = 1, DimensionName = 2;
    }
}
