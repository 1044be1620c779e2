using System.Text.Json.Nodes;
using Nern.Networks;

namespace Nern.Representation;

/// <summary>Where a representation comes from. It holds no time and no path, so that equal fits make equal files.</summary>
/// <param name="Source">The original's file.</param>
/// <param name="Mean">The channel means its images are normalised with.</param>
/// <param name="Std">The channel deviations its images are normalised with.</param>
/// <param name="Options">The options of the fit, by name.</param>
public sealed record Provenance(
    NetworkSource? Source = null, IReadOnlyList<float>? Mean = null, IReadOnlyList<float>? Std = null, JsonObject? Options = null);
