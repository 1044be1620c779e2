using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Nern.Data.Download;

namespace Nern.Tests.Data.Download;

/// <summary>Serves one file over HTTP to this machine, as badly as it is told to. It notes the ranges it is asked for.</summary>
internal sealed class ArchiveServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    internal ArchiveServer(byte[] file)
    {
        File = file;
        _listener.Start();
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        Archive = new(
            "cifar10", new($"http://127.0.0.1:{port}/some/small.tar.gz"), file.Length, Convert.ToHexStringLower(SHA256.HashData(file)),
            SmallArchive.Folder, [.. SmallArchive.Images]);
        _serving = Serve();
    }

    /// <summary>What is served.</summary>
    internal byte[] File { get; set; }

    /// <summary>What a user of the file knows of it.</summary>
    internal DownloadableArchive Archive { get; }

    /// <summary>The ranges that were asked for; empty text where none was.</summary>
    internal List<string> Ranges { get; } = [];

    /// <summary>Answers this instead of the file, such as 404 Not Found.</summary>
    internal string? Status { get; set; }

    /// <summary>Sends the whole file whatever was asked for.</summary>
    internal bool IgnoresRange { get; set; }

    /// <summary>Does not say how long the answer is.</summary>
    internal bool HidesLength { get; set; }

    /// <summary>Sends no more than this many bytes on a connection.</summary>
    internal int Most { get; set; } = int.MaxValue;

    /// <summary>Keeps a connection open when it has sent as much as it wants to.</summary>
    internal bool Stalls { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_end.IsCancellationRequested)
            return;
        _end.Cancel();
        _listener.Stop();
        _serving.Wait();
    }

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_end.Token);
                await Answer(client.GetStream());
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task Answer(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var asked = "";
        while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 } line)
            if (line.StartsWith("Range: ", StringComparison.OrdinalIgnoreCase))
                asked = line[7..];
        Ranges.Add(asked);

        var start = asked.Length == 0 || IgnoresRange ? 0 : int.Parse(asked.Split('=', '-')[1], CultureInfo.InvariantCulture);
        var body = Status is null ? File[start..] : "<p>Sorry"u8.ToArray();
        var head = new StringBuilder($"HTTP/1.1 {Status ?? (start == 0 ? "200 OK" : "206 Partial Content")}\r\nConnection: close\r\n");
        if (!HidesLength)
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        if (start > 0)
            head.Append(CultureInfo.InvariantCulture, $"Content-Range: bytes {start}-{File.Length - 1}/{File.Length}\r\n");
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}\r\n"), _end.Token);
            await stream.WriteAsync(body.AsMemory(0, Math.Min(Most, body.Length)), _end.Token);
            // Until the client goes.
            if (Stalls)
                await stream.ReadExactlyAsync(new byte[1], _end.Token);
        }
        // The client has gone.
        catch (IOException)
        {
        }
    }
}
