using System.Runtime.CompilerServices;
using Nern.OneDnn.Tests.References;
using Nern.OneDnn.Tests.Support;

namespace Nern.OneDnn.Tests;

public class ExecutionTests
{
    private static readonly MemoryDescriptor Order = MemoryDescriptor.RowMajor(DataType.Float32, 1000);

    [SkippableTheory]
    [InlineData(DataType.Float32)]
    [InlineData(DataType.BFloat16)]
    public void Running_allocates_nothing(DataType type)
    {
        using var bench = new Workbench();
        var shape = new ConvolutionCase(bench, type);
        var forward = shape.Forward(bench);
        using var execution = forward.Bind(shape.Arguments(bench, forward, bench.Empty(forward[Argument.Destination])));
        for (var i = 0; i < 3; i++)
            execution.Run();
        Allocation.AssertNone(20, execution.Run);
    }

    [Fact]
    public void Keeps_alive_what_was_disposed_before_it_runs()
    {
        using var bench = new Workbench();
        var source = new Memory(bench.Engine, Order);
        var between = new Memory(bench.Engine, Order);
        var result = bench.Empty(Order);
        source.AsSpan<float>().Fill(3);
        var relu = Primitives.EltwiseForward(bench.Engine, EltwiseFunction.Relu, Order);
        using var first = relu.Bind((Argument.Source, source), (Argument.Destination, between));
        using var second = relu.Bind((Argument.Source, between), (Argument.Destination, result));
        relu.Dispose();
        source.Dispose();
        between.Dispose();
        // Memory of the same size would be given the freed bytes.
        for (var i = 0; i < 4; i++)
            bench.Empty(Order).AsSpan<float>().Fill(-1);
        first.Run();
        second.Run();
        Assert.All(bench.Get(result), value => Assert.Equal(3, value));
    }

    [Fact]
    public void Survives_the_collection_of_everything_else()
    {
        using var bench = new Workbench();
        var result = bench.Empty(Order);
        using var execution = BindForgotten(bench.Engine, result);
        Collect();
        execution.Run();
        Assert.All(bench.Get(result), value => Assert.Equal(3, value));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static Execution BindForgotten(CpuEngine engine, Memory result)
        {
            var source = new Memory(engine, Order);
            source.AsSpan<float>().Fill(3);
            return Primitives.EltwiseForward(engine, EltwiseFunction.Relu, Order)
                .Bind((Argument.Source, source), (Argument.Destination, result));
        }
    }

    [Fact]
    public void Binding_what_was_disposed_fails_without_a_trace()
    {
        using var engine = new CpuEngine();
        using var live = new Memory(engine, Order);
        var dead = new Memory(engine, Order);
        dead.Dispose();
        using var relu = Primitives.EltwiseForward(engine, EltwiseFunction.Relu, Order);
        for (var i = 0; i < 10; i++)
            Assert.Throws<ObjectDisposedException>(() => relu.Bind((Argument.Source, live), (Argument.Destination, dead)));
        // Finalizers meet executions whose constructor threw; were they to throw, the process would end.
        Collect();
        live.AsSpan<float>().Fill(1);
        Assert.Equal(1, live.AsSpan<float>()[999]);
    }

    [Fact]
    public void Refuses_to_run_once_disposed()
    {
        using var bench = new Workbench();
        var memory = bench.Empty(Order);
        var relu = bench.Own(Primitives.EltwiseForward(bench.Engine, EltwiseFunction.Relu, Order));
        var execution = relu.Bind((Argument.Source, memory), (Argument.Destination, memory));
        execution.Dispose();
        execution.Dispose();
        Assert.Throws<ObjectDisposedException>(execution.Run);
    }

    [SkippableTheory]
    [InlineData(DataType.Float32)]
    [InlineData(DataType.BFloat16)]
    public void Runs_on_another_thread_than_the_one_that_made_it(DataType type)
    {
        // Many shapes, because only some kernels need working memory.
        for (var seed = 0; seed < 12; seed++)
        {
            using var bench = new Workbench(seed);
            var shape = new ConvolutionCase(bench, type);
            var backward = bench.Own(Primitives.ConvolutionBackwardWeights(
                bench.Engine, shape.Forward(bench), shape.AnySource, shape.AnyWeights(DataType.Float32), null,
                shape.AnyDestination, shape.Window));
            var result = bench.Empty(backward[Argument.WeightsGradient]);
            using var execution = backward.Bind(
                (Argument.Source, bench.Put(backward[Argument.Source], shape.Source.Values)),
                (Argument.DestinationGradient, bench.Put(backward[Argument.DestinationGradient], shape.Gradient.Values)),
                (Argument.WeightsGradient, result));
            var thread = new Thread(execution.Run);
            thread.Start();
            thread.Join();
            var expected = ReferenceConvolution.BackwardWeights(shape.Source, shape.Weights, shape.Gradient, shape.Window, shape.Groups);
            Closeness.AssertClose(expected.Values, bench.Get(result), Closeness.Tolerance(type));
        }
    }

    [Fact]
    public void Different_executions_of_one_engine_run_at_the_same_time()
    {
        using var bench = new Workbench();
        var runs = new List<(Execution Execution, Memory Result, double[] Expected)>();
        for (var i = 0; i < 8; i++)
        {
            var shape = new ConvolutionCase(bench, DataType.Float32);
            var forward = shape.Forward(bench);
            var result = bench.Empty(forward[Argument.Destination]);
            var execution = bench.Own(forward.Bind(shape.Arguments(bench, forward, result)));
            runs.Add((execution, result, shape.Expected().Values));
        }
        var threads = runs.Select(run => new Thread(() =>
        {
            for (var i = 0; i < 20; i++)
                run.Execution.Run();
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        foreach (var (_, result, expected) in runs)
            Closeness.AssertClose(expected, bench.Get(result), Closeness.Float32Tolerance);
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
    }
}
