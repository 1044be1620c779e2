namespace Nern.Files;

/// <summary>The exceptions by which the system says that a file cannot be used, as opposed to a fault of the program.</summary>
internal static class FileFailure
{
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
