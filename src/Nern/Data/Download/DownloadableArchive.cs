namespace Nern.Data.Download;

/// <summary>A data set as its authors publish it: one archive, and what is known about it beforehand.</summary>
/// <param name="Name">What <see cref="DataSource"/> calls the data set.</param>
/// <param name="Address">Where the archive is.</param>
/// <param name="Bytes">How long it is.</param>
/// <param name="Sha256">Its SHA-256, in small hexadecimal digits.</param>
/// <param name="Folder">The folder that all of it is in.</param>
/// <param name="Images">The files of images in that folder.</param>
internal sealed record DownloadableArchive(
    string Name, Uri Address, long Bytes, string Sha256, string Folder, IReadOnlyList<string> Images)
{
    /// <summary>CIFAR-10, the binary version.</summary>
    public static DownloadableArchive Cifar10 { get; } = new(
        "cifar10", new("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"), 170_052_171,
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", "cifar-10-batches-bin",
        [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin"), "test_batch.bin"]);

    /// <summary>CIFAR-100, the binary version.</summary>
    public static DownloadableArchive Cifar100 { get; } = new(
        "cifar100", new("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"), 168_513_733,
        "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec", "cifar-100-binary", ["train.bin", "test.bin"]);

    /// <summary>The archive's name as a file.</summary>
    public string FileName => Path.GetFileName(Address.AbsolutePath);
}
