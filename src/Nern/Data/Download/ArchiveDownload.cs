using System.Security.Cryptography;
using Nern.Files;

namespace Nern.Data.Download;

/// <summary>
/// Puts a data set into a folder: from an archive that is there already, else from its address. What was fetched is kept until
/// the data set is complete, so that doing the same again goes on.
/// </summary>
/// <param name="archive">The data set.</param>
/// <param name="folder">The folder that its own folder comes into; made if it is not there.</param>
internal sealed class ArchiveDownload(DownloadableArchive archive, string folder)
{
    /// <summary>The folder with the images.</summary>
    public string Target { get; } = Path.Combine(folder, archive.Folder);

    /// <summary>Where an archive that came another way is looked for.</summary>
    public string Archive { get; } = Path.Combine(folder, archive.FileName);

    /// <summary>What has been fetched of the archive so far.</summary>
    public string Part => $"{Archive}.part";

    /// <summary>Whether the images are there.</summary>
    /// <exception cref="NernException">Something else is in their place.</exception>
    public bool IsDone()
    {
        if (File.Exists(Target))
            throw new NernException($"'{Target}' should be the folder of {archive.Name}; it is a file.");
        if (!Directory.Exists(Target))
            return false;
        return archive.Images.FirstOrDefault(name => !File.Exists(Path.Combine(Target, name))) is { } missing
            ? throw new NernException($"'{Target}' should hold all of {archive.Name}, but '{missing}' is missing: move the folder away.")
            : true;
    }

    /// <summary>Fetches what is missing of the archive, checks it and unpacks it.</summary>
    /// <param name="progress">Hears how much of the archive is there, 0 to 1.</param>
    /// <param name="stop">Ends it early; what was fetched is kept.</param>
    /// <exception cref="NernException">
    /// The archive cannot be fetched, is not what it should be, or the folder cannot be written.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Run(IProgress<double>? progress = null, CancellationToken stop = default)
    {
        try
        {
            Directory.CreateDirectory(folder);
            if (File.Exists(Archive))
            {
                Check(Archive, "delete it, or put the right one in its place");
                ArchiveUnpacking.Unpack(Archive, archive, Target, stop);
                return;
            }
            Fetch(progress, stop);
            Check(Part, "it was deleted, so that another try begins anew", deletes: true);
            ArchiveUnpacking.Unpack(Part, archive, Target, stop);
            File.Delete(Part);
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            throw new NernException($"'{Target}' could not be made: {exception.Message}", exception);
        }
    }

    private void Fetch(IProgress<double>? progress, CancellationToken stop)
    {
        string? problem;
        try
        {
            problem = new ResumableDownload(archive.Address, archive.Bytes, Part).Run(progress, stop).GetAwaiter().GetResult();
        }
        finally
        {
            if (new FileInfo(Part) is { Exists: true, Length: 0 })
                File.Delete(Part);
        }
        if (problem is null)
            return;
        var kept = File.Exists(Part) ? new FileInfo(Part).Length : 0;
        throw new NernException(
            $"'{archive.Address}' could not be downloaded: {problem.TrimEnd('.')}; try again"
            + (kept > 0 ? $" to go on after {kept} of {archive.Bytes} bytes" : "")
            + $", or get the file another way, put it at '{Archive}' and repeat the command.");
    }

    private void Check(string path, string remedy, bool deletes = false)
    {
        var (found, length) = (Sha256Of(path), new FileInfo(path).Length);
        if (found == archive.Sha256)
            return;
        if (deletes)
            File.Delete(path);
        throw new NernException($"'{path}' should have the SHA-256 {archive.Sha256}; it has {found}, in {length} bytes: {remedy}.");
    }

    private static string Sha256Of(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}
