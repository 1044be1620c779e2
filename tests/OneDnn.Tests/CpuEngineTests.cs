namespace Nern.OneDnn.Tests;

public class CpuEngineTests
{
    [Fact]
    public void Knows_the_version_of_the_library()
    {
        using var engine = new CpuEngine();
        Assert.InRange(engine.Version, new Version(2, 5), new Version(4, 0));
    }

    [Fact]
    public void Refuses_work_once_disposed()
    {
        var engine = new CpuEngine();
        var order = MemoryDescriptor.RowMajor(DataType.Float32, 4);
        engine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Primitives.EltwiseForward(engine, EltwiseFunction.Relu, order));
        Assert.Throws<ObjectDisposedException>(() => new Memory(engine, order));
    }
}
