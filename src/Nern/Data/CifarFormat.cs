namespace Nern.Data;

/// <summary>The two official CIFAR binary formats; pixels are the planes R, G, B of 32 x 32 bytes.</summary>
public enum CifarFormat
{
    /// <summary>A record is 1 label byte and 3072 pixels.</summary>
    Cifar10,
    /// <summary>A record is a coarse label byte (not used), a fine label byte and 3072 pixels.</summary>
    Cifar100,
}
