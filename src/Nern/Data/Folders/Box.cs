namespace Nern.Data.Folders;

/// <summary>A part of an image.</summary>
/// <param name="Left">Its first column.</param>
/// <param name="Top">Its first row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
internal readonly record struct Box(int Left, int Top, int Width, int Height);
