using Nern.Data;
using Nern.Tests.Data;
using Xunit.Abstractions;

namespace Nern.Tests.Fuzzing;

public sealed class IdxFuzzTests(ITestOutputHelper output)
{
    private static readonly byte[] Images = MnistReaderTests.Idx(Enumerable.Range(0, 60), 5, 4, 3);
    private static readonly byte[] Labels = MnistReaderTests.Idx([3, 1, 4, 1, 5], 5);

    [Fact]
    public void Altered_images_are_read_or_refused() =>
        new FuzzRun(file => MnistReader.Read(("x", file), ("labels", Labels)), output).Run([Images, MnistReaderTests.Packed(Images)]);

    [Fact]
    public void Altered_labels_are_read_or_refused() =>
        new FuzzRun(file => IdxFile.Read("x", file, rank: 1), output).Run([Labels, MnistReaderTests.Packed(Labels)]);
}
