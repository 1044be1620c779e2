namespace Nern.Paths;

/// <summary>The greedy path through many short vectors by cosine, found with a tree of boxes that shrinks as vectors are visited.</summary>
internal static class TreePath
{
    private const int ReportEvery = 4096;

    /// <summary>
    /// The order of the path: from vector 0 always to the one left with the largest inner product, the lower index first; the same
    /// as <see cref="ExhaustivePath"/> with the same inner product.
    /// </summary>
    /// <param name="units">[n, dimensions], each a unit vector or zero.</param>
    /// <param name="dimensions">Values of one vector.</param>
    /// <param name="progress">Hears of visits and may end the work.</param>
    public static int[] Find(float[] units, int dimensions, PathProgress progress)
    {
        var path = new int[units.Length / dimensions];
        var candidates = new PathCandidates(units, dimensions);
        var tree = new KernelTree(units, dimensions, candidates.Distinct());
        for (var (step, current) = (0, 0); ; current = Next(tree, candidates, current), step++)
        {
            path[step] = current;
            if ((step + 1) % ReportEvery == 0)
                progress.Advance(ReportEvery);
            if (step == path.Length - 1)
            {
                progress.Advance(path.Length % ReportEvery);
                return path;
            }
            if (candidates.IsZero(current))
            {
                candidates.Visit(current);
                continue;
            }
            // Half-empty leaves and boxes around holes cost more than making the tree anew from what is left.
            if (tree.Count * 2 <= tree.CountAtStart)
                tree = new KernelTree(units, dimensions, candidates.Distinct());
            var equal = candidates.Visit(current);
            if (equal >= 0)
                tree.Replace(current, equal);
            else
                tree.Remove(current);
        }
    }

    private static int Next(KernelTree tree, PathCandidates candidates, int current)
    {
        // A zero vector is at cosine 0 from all others, so from it the lowest index is nearest.
        if (candidates.IsZero(current))
            return candidates.Lowest();
        var zero = candidates.LowestZero();
        return zero < 0 ? tree.Nearest(current) : tree.Nearest(current, zero, 0f);
    }
}
