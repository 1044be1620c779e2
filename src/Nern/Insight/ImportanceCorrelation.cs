namespace Nern.Insight;

/// <summary>
/// Whether filters that are given back well are those that the network makes much of (paper, section 5): correlations of relative error and
/// mean activation. Where the paper's observation holds they are below zero.
/// </summary>
/// <param name="Pearson">Of all filters.</param>
/// <param name="Spearman">Of all filters, by rank.</param>
/// <param name="WithinLayers">
/// By rank among the filters of the same layer: what is left when layers are not compared with each other.
/// </param>
public sealed record ImportanceCorrelation(Correlation Pearson, Correlation Spearman, Correlation WithinLayers)
{
    /// <summary>Of filters with activations; those whose error or activation is no finite number are left out.</summary>
    public static ImportanceCorrelation Of(IEnumerable<FilterImportance> filters)
    {
        FilterImportance[] known =
            [.. filters.Where(filter =>
                double.IsFinite(filter.RelativeError) && filter.MeanActivation is { } mean && double.IsFinite(mean))];
        double[] errors = [.. known.Select(filter => filter.RelativeError)];
        double[] activations = [.. known.Select(filter => filter.MeanActivation!.Value)];
        return new(
            Correlation.Pearson(errors, activations), Correlation.Spearman(errors, activations),
            Correlation.SpearmanWithin(errors, activations, [.. known.Select(filter => filter.Layer)]));
    }
}
