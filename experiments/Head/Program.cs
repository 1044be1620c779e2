// Puts a linear layer behind an ONNX model that ends in features: fc.weight [classes, features] and fc.bias [classes] of a safetensors file.
using Nern;
using Nern.NetworkFiles;
using Nern.Networks;

if (args is not [var model, var head, var result])
{
    Console.Error.WriteLine("usage: Head MODEL.onnx HEAD.safetensors RESULT.onnx");
    return 2;
}
try
{
    var features = NetworkFile.Load(model);
    var layer = NetworkFile.Open(head).Checkpoint().Tensors;
    var last = features.Graph.Nodes.Count - 1;
    var graph = new Graph([.. features.Graph.Nodes, new Gemm("fc", [last], layer["fc.weight"].Shape[0])]);
    NetworkFile.Save(result, new Network(graph, [.. features.Tensors, .. layer]));
    return 0;
}
catch (NernException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
