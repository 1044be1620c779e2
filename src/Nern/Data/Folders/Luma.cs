namespace Nern.Data.Folders;

/// <summary>Grey of a colour as Pillow's mode L has it, and so torchvision: ITU-R 601, in 16 bits behind the point, rounded.</summary>
internal static class Luma
{
    internal static byte Of(byte red, byte green, byte blue) => (byte)(((red * 19595) + (green * 38470) + (blue * 7471) + 0x8000) >> 16);
}
