namespace Nern.OneDnn;

/// <summary>oneDNN could not be loaded, or refused a call. The message names the call, the status and the shapes.</summary>
/// <param name="message">What failed.</param>
/// <param name="innerException">What caused it, if anything.</param>
public sealed class OneDnnException(string message, Exception? innerException = null) : Exception(message, innerException);
