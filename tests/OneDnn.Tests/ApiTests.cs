namespace Nern.OneDnn.Tests;

public class ApiTests
{
    private const uint OpenMp = 2;

    [Theory]
    [InlineData(2, 5, typeof(ApiVersion2))]
    [InlineData(2, 6, typeof(ApiVersion2))]
    [InlineData(2, 7, typeof(ApiVersion2))]
    [InlineData(3, 0, typeof(ApiVersion3))]
    [InlineData(3, 7, typeof(ApiVersion3))]
    public void The_librarys_version_chooses(int major, int minor, Type api) =>
        Assert.IsType(api, Api.For(new() { Major = major, Minor = minor, CpuRuntime = OpenMp }));

    [Theory]
    [InlineData(1, 96, 4)]
    [InlineData(2, 4, 1)]
    [InlineData(4, 0, 2)]
    public void Other_versions_are_refused_by_name(int major, int minor, int patch) =>
        Assert.StartsWith(
            $"oneDNN 2.5 to 3.x is needed; the library found is version {major}.{minor}.{patch}",
            Assert.Throws<OneDnnException>(
                () => Api.For(new() { Major = major, Minor = minor, Patch = patch, CpuRuntime = OpenMp })).Message);

    [Theory]
    [InlineData(1, "one thread")]
    [InlineData(4, "TBB")]
    public void A_library_without_openmp_is_refused(uint runtime, string name) =>
        Assert.StartsWith(
            $"oneDNN built for OpenMP is needed; the library found is built for {name}",
            Assert.Throws<OneDnnException>(() => Api.For(new() { Major = 3, Minor = 7, CpuRuntime = runtime })).Message);
}
