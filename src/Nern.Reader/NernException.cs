namespace Nern;

/// <summary>
/// The one exception this library throws about what a user handed it: a file, an option, a network.
/// Its message is one sentence that names the thing, what was expected and what was found.
/// </summary>
/// <param name="message">The sentence shown to the user.</param>
/// <param name="innerException">What caused it, if anything.</param>
public class NernException(string message, Exception? innerException = null) : Exception(message, innerException);
