using Nern.Compression;
using Nern.Engine;
using Nern.Representation;
using Nern.Tests.Fitting;
using Nern.Tests.Representation;

namespace Nern.Tests.Compression;

public sealed class CompressorTests : IDisposable
{
    private const int Wanted = 1800;

    private static readonly CompressOptions Options = new()
    {
        Size = new(Wanted, IsPercent: false),
        Steps = 24,
        Batch = 4,
        LearningRate = 1e-2,
        Precision = Precision.Float32,
        Seed = 3,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_is_as_small_as_wanted_and_the_same_again()
    {
        var (first, second) = (Compressed(Options), Compressed(Options));
        Assert.InRange(first.Length, 1, Wanted);
        Assert.Equal(first, second);
        Assert.NotEqual(first, Compressed(Options with { Seed = 4 }));
    }

    [Fact]
    public void What_was_stopped_goes_on_to_the_same_bytes()
    {
        var checkpoint = _folder.File("x.checkpoint");
        using (var subject = new FitCase())
        using (var compressor = new Compressor(subject.Engine, subject.Network, subject.Inputs(), Options))
        {
            using var stop = new CancellationTokenSource();
            try
            {
                compressor.Run(
                    progress => { if (progress.Step >= 9) stop.Cancel(); }, stop.Token, new() { Path = checkpoint, Minutes = 0 });
            }
            catch (NernException exception)
            {
                Assert.Contains("smallest file", exception.Message);
            }
        }
        var unfinished = UnfinishedCompression.Load(checkpoint);
        Assert.InRange(unfinished.Step, 9, 23);

        Assert.Equal(Compressed(Options), Compressed(Options, unfinished));
    }

    [Fact]
    public void What_is_stopped_at_once_leaves_a_whole_file_or_none()
    {
        var (result, checkpoint) = (_folder.File("x.nern"), _folder.File("x.checkpoint"));
        using var subject = new FitCase();
        using var compressor = new Compressor(subject.Engine, subject.Network, subject.Inputs(), Options);
        try
        {
            compressor.Run(null, new CancellationToken(true), new() { Path = checkpoint, Result = result });
            Assert.True(NernFile.Load(result).IsSmall);
        }
        catch (NernException)
        {
            Assert.False(File.Exists(result));
        }
        Assert.Equal(0, UnfinishedCompression.Load(checkpoint).Step);
        Assert.All(Directory.GetFiles(_folder.FullName), file => Assert.Contains(file, new[] { result, checkpoint }));
    }

    [Fact]
    public void A_checkpoint_of_other_options_is_refused()
    {
        var checkpoint = _folder.File("x.checkpoint");
        using var subject = new FitCase();
        using (var compressor = new Compressor(subject.Engine, subject.Network, subject.Inputs(), Options))
            compressor.Run(saving: new() { Path = checkpoint, Minutes = 0 });
        var unfinished = UnfinishedCompression.Load(checkpoint);
        Assert.Throws<NernException>(() => new Compressor(
            subject.Engine, subject.Network, subject.Inputs(), Options with { Seed = 9 }, null, unfinished));
    }

    [Fact]
    public void Sizes_that_cannot_be_are_refused()
    {
        using var subject = new FitCase();
        Assert.Contains("too small", Refused(Options with { Size = new(300, false) }));
        Assert.Contains("percent", Refused(Options with { Size = new(5, true) }));

        string Refused(CompressOptions options) => Assert.Throws<NernException>(
            () => new Compressor(subject.Engine, subject.Network, subject.Inputs(), options)).Message;
    }

    private static byte[] Compressed(CompressOptions options, UnfinishedCompression? resume = null)
    {
        using var subject = new FitCase();
        using var compressor = new Compressor(subject.Engine, subject.Network, subject.Inputs(), options, null, resume);
        var (best, evaluation) = compressor.Run();
        var bytes = NernBytes.Of(best);
        Assert.Equal(bytes.Length, evaluation.Bytes);
        return bytes;
    }
}
