#if !NET9_0_OR_GREATER
namespace Nern;

/// <summary>What later frameworks have by this name.</summary>
internal sealed class Lock;
#endif
