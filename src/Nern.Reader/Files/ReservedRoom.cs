namespace Nern.Files;

/// <summary>
/// Room on a disk that nothing else can fill until it is given away: a file without a name, so that it is gone with the process, however
/// that ends. Where a file system cannot allocate ahead, it holds nothing.
/// </summary>
/// <param name="path">The file that the room is for; it is taken in the folder of that.</param>
/// <param name="bytes">How much.</param>
internal sealed class ReservedRoom(string path, long bytes) : IDisposable
{
    private readonly string _folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
    private FileStream? _file;

    /// <summary>How much.</summary>
    internal long Bytes => bytes;

    /// <summary>Bytes that are free beside it; null where that cannot be told.</summary>
    internal long? Free
    {
        get
        {
            try
            {
                return new DriveInfo(_folder).AvailableFreeSpace;
            }
            catch (Exception exception) when (FileFailure.Is(exception) || exception is ArgumentException)
            {
                return null;
            }
        }
    }

    /// <summary>Takes the room; returns whether it was there.</summary>
    internal bool Take()
    {
        if (_file is not null)
            return true;
        var temporary = Path.Combine(_folder, $".{Guid.NewGuid():N}.tmp");
        try
        {
            _file = new FileStream(temporary, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0,
                PreallocationSize = bytes,
            });
            File.Delete(temporary);
            return true;
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            return false;
        }
    }

    /// <summary>Gives the room away, to the file that it is for.</summary>
    internal void GiveAway()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <inheritdoc/>
    public void Dispose() => GiveAway();
}
