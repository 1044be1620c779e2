namespace Nern.Engine;

/// <summary>Native objects that live and go together; the last made goes first.</summary>
internal sealed class Resources : IDisposable
{
    private readonly Stack<IDisposable> _owned = [];

    /// <summary>Takes over <paramref name="resource"/>.</summary>
    internal T Own<T>(T resource) where T : IDisposable
    {
        _owned.Push(resource);
        return resource;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_owned.TryPop(out var resource))
            resource.Dispose();
    }
}
