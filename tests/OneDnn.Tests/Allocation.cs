namespace Nern.OneDnn.Tests;

/// <summary>Work that has to take no memory.</summary>
internal static class Allocation
{
    private const int Rounds = 5;

    /// <summary>
    /// The work allocates nothing on this thread in at least one of a few rounds. The runtime may put an allocation of
    /// its own (a method compiled anew, a lock that is contended) into any single round; what allocates does so in each.
    /// </summary>
    internal static void AssertNone(int repeats, Action work)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < repeats; i++)
                work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }
}
