namespace Nern.Engine.Passes;

/// <summary>Whether a ReLU has a ceiling, said by a type: the loops of one that has none are compiled without it.</summary>
internal interface ICeiling
{
    /// <summary>Whether there is one.</summary>
    static abstract bool Exists { get; }
}

/// <summary>max(0, x).</summary>
internal readonly struct NoCeiling : ICeiling
{
    public static bool Exists => false;
}

/// <summary>min(max(0, x), ceiling).</summary>
internal readonly struct WithCeiling : ICeiling
{
    public static bool Exists => true;
}
