namespace Nern.Compression;

/// <summary>There is no file as small as is wanted.</summary>
/// <param name="message">The sentence shown to the user.</param>
internal sealed class SizeTooSmallException(string message) : NernException(message);
