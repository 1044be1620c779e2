using System.Security.Cryptography;
using Nern.Files;

namespace Nern.Networks;

/// <summary>The file a network was read from.</summary>
/// <param name="Name">Its name, without the folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256, in hexadecimal digits.</param>
/// <param name="Prefix">What its tensor names began with and the network's do not (module., …).</param>
public sealed record NetworkSource(string Name, long Bytes, string Sha256, string Prefix)
{
    /// <summary>Whether this very file, or a copy of it, is at <paramref name="path"/>.</summary>
    internal bool IsAt(string path) => File.Exists(path) && new FileInfo(path).Length == Bytes
        && Of(path, InputFile.Read(path, "a network"), Prefix).Sha256 == Sha256;

    internal static NetworkSource Of(string path, byte[] bytes, string prefix) =>
        new(Path.GetFileName(path), bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), prefix);
}
