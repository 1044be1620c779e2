namespace Nern.Onnx;

/// <summary>A node of an ONNX model asks for something that is not supported; the message goes on from the node's name.</summary>
internal sealed class UnsupportedNodeException(string message) : Exception(message);
