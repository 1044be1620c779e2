using System.Security.Cryptography;

namespace Nern.Networks;

/// <summary>The file a network was read from.</summary>
/// <param name="Name">Its name, without the folder.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256, in hexadecimal digits.</param>
/// <param name="Prefix">What its tensor names began with and the network's do not (module., …).</param>
public sealed record NetworkSource(string Name, long Bytes, string Sha256, string Prefix)
{
    internal static NetworkSource Of(string path, byte[] bytes, string prefix) =>
        new(Path.GetFileName(path), bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)), prefix);
}
