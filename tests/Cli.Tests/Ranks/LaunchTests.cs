using Nern.Mpi;

namespace Nern.Cli.Tests.Ranks;

public class LaunchTests
{
    [Fact]
    public void Without_mpirun_a_process_is_alone() => Assert.Equal(new Launch(0, 1, 1), Of([]));

    [Fact]
    public void Hydra_tells_the_rank_how_many_there_are_and_how_many_on_the_machine() => Assert.Equal(
        new Launch(3, 8, 4), Of(new() { ["PMI_RANK"] = "3", ["PMI_SIZE"] = "8", ["MPI_LOCALNRANKS"] = "4" }));

    [Theory]
    [InlineData("8", "8")]
    [InlineData("-1", "8")]
    [InlineData("x", "8")]
    [InlineData("0", "")]
    public void What_makes_no_sense_starts_nothing(string rank, string size) =>
        Assert.False(Of(new() { ["PMI_RANK"] = rank, ["PMI_SIZE"] = size }).IsShared);

    [Fact]
    public void Open_mpi_is_refused_by_name()
    {
        var message = Assert.Throws<NernException>(() => Of(new() { ["OMPI_COMM_WORLD_SIZE"] = "2", ["OMPI_COMM_WORLD_RANK"] = "0" })).Message;

        Assert.Contains("This mpirun is Open MPI's", message);
        Assert.Contains("apt-get install mpich", message);
    }

    [Fact]
    public void A_library_that_is_not_there_is_told_with_what_was_tried_and_what_to_install()
    {
        var message = Assert.Throws<NernException>(() => MpiLibrary.Load(["libnone.so.1", "libnone.so.2"])).Message;

        Assert.Contains("(tried libnone.so.1, libnone.so.2)", message);
        Assert.Contains("apt-get install mpich", message);
    }

    private static Launch Of(Dictionary<string, string> variables) => Launch.Of(variables.GetValueOrDefault);
}
