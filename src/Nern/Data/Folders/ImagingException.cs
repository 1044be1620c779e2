namespace Nern.Data.Folders;

/// <summary>The bytes are no image that can be read. The message continues a sentence that names the file.</summary>
/// <param name="message">What was expected and what was found.</param>
internal sealed class ImagingException(string message) : Exception(message);
