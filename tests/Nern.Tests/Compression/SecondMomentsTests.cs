using Nern.Compression;
using Nern.OneDnn.Tests.References;

namespace Nern.Tests.Compression;

public class SecondMomentsTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 7, 511)]
    [InlineData(1, 7, 512)]
    [InlineData(3, 5, 513)]
    [InlineData(2, 30, 1300)]
    public void They_are_the_means_of_the_products_in_each_group(int groups, int columns, int count)
    {
        var random = new Generator(1);
        var moments = new SecondMoments(groups, columns);
        var expected = new double[groups][];
        for (var group = 0; group < groups; group++)
            expected[group] = new double[columns * columns];
        for (var taken = 0; taken < count; taken++)
        {
            // Far from 0, so that a place that is mixed up shows.
            float[] values = [.. Enumerable.Range(0, groups * columns).Select(i => (float)(random.NextNormal() + i))];
            moments.Add(values);
            for (var group = 0; group < groups; group++)
                for (var i = 0; i < columns; i++)
                    for (var j = 0; j < columns; j++)
                        expected[group][(i * columns) + j] += (double)values[(group * columns) + i] * values[(group * columns) + j] / count;
        }

        var actual = moments.Mean();

        Assert.Equal(groups, actual.Length);
        for (var group = 0; group < groups; group++)
            Closeness.AssertClose(expected[group], actual[group], 1e-6, $"moments of group {group}");
    }
}
