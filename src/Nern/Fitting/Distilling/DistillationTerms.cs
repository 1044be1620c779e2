using Nern.Engine;
using Nern.Objectives;

namespace Nern.Fitting.Distilling;

/// <summary>The losses that two networks are compared by (paper, equations 4 and 5), and their weights.</summary>
/// <param name="Kd">Weight of the loss on the logits.</param>
/// <param name="KdForm">Its form.</param>
/// <param name="Fmd">Weight of the loss on the feature maps; 0 leaves it out.</param>
/// <param name="MapLoss">That loss, of a sample of a map.</param>
internal readonly record struct DistillationTerms(double Kd, LogitLossForm KdForm, double Fmd, MapLoss MapLoss)
{
    /// <summary>Those of a fit.</summary>
    internal static DistillationTerms Of(ObjectiveOptions options) =>
        new(options.Kd, options.KdForm, options.Fmd, FeatureMapLoss.Of(options.FmdForm));
}
