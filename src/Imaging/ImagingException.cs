namespace Nern.Imaging;

/// <summary>The bytes are no image that can be read. The message continues a sentence that names the file.</summary>
/// <param name="message">What was expected and what was found.</param>
public sealed class ImagingException(string message) : Exception(message);
