using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class PrimitiveTests
{
    [Theory]
    [InlineData(Argument.Source)]
    [InlineData(Argument.Weights)]
    [InlineData(Argument.Bias)]
    [InlineData(Argument.Destination)]
    public void Refuses_a_memory_of_another_shape_and_names_its_role(Argument role)
    {
        using var bench = new Workbench();
        var forward = new ConvolutionCase(bench, DataType.Float32).Forward(bench);
        var wrong = bench.Empty(MemoryDescriptor.RowMajor(DataType.Float32, 3, 2));
        var message = Assert.Throws<OneDnnException>(() => forward.Bind((role, wrong))).Message;
        Assert.StartsWith("convolution Float32[", message);
        Assert.Contains($"wants {forward[role]} as {role}; got Float32[3, 2]", message);
    }

    [Fact]
    public void Refuses_a_memory_of_the_right_shape_in_another_layout()
    {
        using var bench = new Workbench();
        var product = bench.Own(Primitives.MatMul(
            bench.Engine, MemoryDescriptor.RowMajor(DataType.Float32, 3, 3), MemoryDescriptor.Transposed(DataType.Float32, 3, 3), null,
            MemoryDescriptor.RowMajor(DataType.Float32, 3, 3)));
        var plain = bench.Empty(MemoryDescriptor.RowMajor(DataType.Float32, 3, 3));
        var message = Assert.Throws<OneDnnException>(() => product.Bind((Argument.Weights, plain))).Message;
        Assert.Contains("as Weights; got Float32[3, 3] in another shape, type or layout", message);
    }

    [Fact]
    public void Refuses_impossible_shapes_with_the_call_the_status_and_the_shapes()
    {
        using var bench = new Workbench();
        // A 3x3 kernel over 8x8 pixels without padding leaves 6x6, not 8x8.
        var message = Assert.Throws<OneDnnException>(() => Primitives.ConvolutionForward(
            bench.Engine, MemoryDescriptor.Any(DataType.Float32, 1, 3, 8, 8), MemoryDescriptor.Any(DataType.Float32, 5, 3, 3, 3), null,
            MemoryDescriptor.Any(DataType.Float32, 1, 5, 8, 8), Window.Square(1, 0))).Message;
        Assert.Matches(
            @"^dnnl_\w+ failed: invalid arguments \(.+ Float32\[1, 3, 8, 8\] \* Float32\[5, 3, 3, 3\] to Float32\[1, 5, 8, 8\]\)\.$",
            message);
    }

    [Fact]
    public void Refuses_types_that_no_kernel_takes()
    {
        using var bench = new Workbench();
        var message = Assert.Throws<OneDnnException>(() => Primitives.ConvolutionForward(
            bench.Engine, MemoryDescriptor.Any(DataType.Int32, 1, 3, 8, 8), MemoryDescriptor.Any(DataType.BFloat16, 5, 3, 3, 3), null,
            MemoryDescriptor.Any(DataType.Float32, 1, 5, 8, 8), Window.Square(1, 1))).Message;
        Assert.Matches(
            @"^dnnl_\w+ failed: unimplemented \(.+ Int32\[1, 3, 8, 8\] \* BFloat16\[5, 3, 3, 3\] to Float32\[1, 5, 8, 8\]\)\.$",
            message);
    }

    [Fact]
    public void A_run_without_all_arguments_fails_by_name()
    {
        using var bench = new Workbench();
        var order = MemoryDescriptor.RowMajor(DataType.Float32, 4);
        var relu = bench.Own(Primitives.EltwiseForward(bench.Engine, EltwiseFunction.Relu, order));
        using var execution = relu.Bind((Argument.Source, bench.Empty(order)));
        var message = Assert.Throws<OneDnnException>(execution.Run).Message;
        Assert.Equal("dnnl_primitive_execute failed: invalid arguments (Relu of Float32[4]).", message);
    }
}
