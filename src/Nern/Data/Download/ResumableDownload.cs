using System.Net;
using System.Net.Http.Headers;

namespace Nern.Data.Download;

/// <summary>Fetches a file of known length over HTTP, going on where what is already there ends.</summary>
/// <param name="address">Where it is.</param>
/// <param name="bytes">How long it is.</param>
/// <param name="path">What is there, and grows.</param>
internal sealed class ResumableDownload(Uri address, long bytes, string path)
{
    private const int BufferBytes = 1 << 17;

    /// <summary>How long a server may be silent.</summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Fetches the rest. Connections that break off are taken up again as long as each one gets further.</summary>
    /// <returns>Why it did not come to the end, or null if it did.</returns>
    internal async Task<string?> Run(IProgress<double>? progress, CancellationToken stop)
    {
        // Patience is for silence; the whole may take its time.
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("nern");
        using var part = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        if (part.Length > bytes)
            part.SetLength(0);
        while (part.Length < bytes)
        {
            var before = part.Length;
            var problem = await Attempt(client, part, progress, stop);
            if (problem is not null && part.Length <= before)
                return problem;
        }
        return null;
    }

    private async Task<string?> Attempt(HttpClient client, FileStream part, IProgress<double>? progress, CancellationToken stop)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
        waiting.CancelAfter(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (part.Length > 0)
            request.Headers.Range = new RangeHeaderValue(part.Length, null);
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, waiting.Token);
            if (Unusable(response, part.Length) is { } problem)
                return problem;
            if (response.StatusCode == HttpStatusCode.OK)
                part.SetLength(0);
            part.Seek(0, SeekOrigin.End);
            await using var body = await response.Content.ReadAsStreamAsync(waiting.Token);
            var buffer = new byte[BufferBytes];
            while (part.Length < bytes)
            {
                waiting.CancelAfter(Patience);
                var count = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, bytes - part.Length)), waiting.Token);
                if (count == 0)
                    return $"the connection ended after {part.Length} of {bytes} bytes";
                Write(part, buffer.AsSpan(0, count));
                progress?.Report((double)part.Length / bytes);
            }
            return null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return exception.GetBaseException().Message;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"the server was silent for {Patience.TotalSeconds:0} seconds";
        }
    }

    /// <summary>What is wrong with an answer: it should be the file, or all of it from <paramref name="start"/> on.</summary>
    private string? Unusable(HttpResponseMessage response, long start)
    {
        var (range, length) = (response.Content.Headers.ContentRange, response.Content.Headers.ContentLength);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => length is null || length == bytes ? null : $"expected {bytes} bytes, found {length}",
            HttpStatusCode.PartialContent => range is { From: { } from } && from == start && (range.Length ?? bytes) == bytes
                ? null
                : $"expected the bytes from {start} on of {bytes}, found '{range}'",
            _ => $"the server answered {(int)response.StatusCode} ({response.ReasonPhrase})",
        };
    }

    private void Write(FileStream part, ReadOnlySpan<byte> received)
    {
        try
        {
            part.Write(received);
        }
        // Told apart here: elsewhere such an exception is about the connection.
        catch (IOException exception)
        {
            throw new NernException($"'{path}' could not be written: {exception.Message}", exception);
        }
    }
}
