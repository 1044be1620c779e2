using System.Diagnostics;
using Xunit.Abstractions;

namespace Nern.Tests.Fuzzing;

/// <summary>
/// Reads thousands of altered files, all in memory: each is read or refused in a sentence that begins with its name, in bounded time
/// and memory.
/// </summary>
/// <param name="read">Reads a file that is called 'x'.</param>
/// <param name="output">Told the counts.</param>
internal sealed class FuzzRun(Action<byte[]> read, ITestOutputHelper output)
{
    private const int Files = 20_000;
    private const long FixedAllocation = 64L << 20, AllocationPerByte = 10;
    private static readonly TimeSpan LongestReading = TimeSpan.FromSeconds(1);

    private int _refused;

    /// <summary>Alters the files given, again and again.</summary>
    /// <param name="originals">The files.</param>
    /// <param name="alter">Makes another file of one of them and of a second one; all kinds of changes of bytes, if not given.</param>
    internal void Run(byte[][] originals, Func<byte[], byte[], Generator, byte[]>? alter = null)
    {
        foreach (var original in originals)
            read(original);
        var random = new Generator(1);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Files; i++)
        {
            var file = (alter ?? Mutation.Alter)(originals[i % originals.Length], originals[random.NextInt32(originals.Length)], random);
            try
            {
                Check(file);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"File {i}, {Convert.ToBase64String(file)}", exception);
            }
        }
        output.WriteLine($"{Files} files: {Files - _refused} read, {_refused} refused, {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
        // Otherwise the changes miss what matters.
        Assert.InRange(_refused, Files / 50, Files - (Files / 50));
    }

    private void Check(byte[] file)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var elapsed = Read(file);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= FixedAllocation + (AllocationPerByte * file.Length), $"{allocated} bytes for a file of {file.Length}");
        // What else the machine does is not the reader's.
        for (var again = 0; again < 3 && elapsed > LongestReading; again++)
            elapsed = Read(file);
        Assert.True(elapsed <= LongestReading, $"{elapsed} for a file of {file.Length}");
    }

    private TimeSpan Read(byte[] file)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            read(file);
            return Stopwatch.GetElapsedTime(started);
        }
        catch (NernException exception)
        {
            var elapsed = Stopwatch.GetElapsedTime(started);
            _refused++;
            Assert.StartsWith("'x' ", exception.Message, StringComparison.Ordinal);
            Assert.False(exception.Message.Any(char.IsControl), exception.Message);
            return elapsed;
        }
    }
}
