namespace Nern.OneDnn.Tests;

public class StatusTests
{
    [Fact]
    public void Success_passes() => Status.Check(0, "call");

    [Theory]
    [InlineData(1, "call failed: out of memory (shapes).")]
    [InlineData(2, "call failed: invalid arguments (shapes).")]
    [InlineData(3, "call failed: unimplemented (shapes).")]
    [InlineData(99, "call failed: status 99 (shapes).")]
    [InlineData(-1, "call failed: status -1 (shapes).")]
    public void Failure_names_call_status_and_context(int status, string message) =>
        Assert.Equal(message, Assert.Throws<OneDnnException>(() => Status.Check(status, "call", "shapes")).Message);
}
