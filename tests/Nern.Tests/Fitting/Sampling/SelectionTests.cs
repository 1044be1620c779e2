using Nern.Fitting.Sampling;

namespace Nern.Tests.Fitting.Sampling;

public class SelectionTests
{
    [Fact]
    public void Select_finds_what_sorting_puts_at_the_rank()
    {
        var generator = new Generator(1);
        for (var trial = 0; trial < 2000; trial++)
        {
            // Few different values, so that many are equal; some infinite.
            var values = new float[1 + generator.NextInt32(60)];
            foreach (ref var value in values.AsSpan())
                value = generator.NextInt32(20) is > 0 and var number ? number : float.PositiveInfinity;
            var rank = generator.NextInt32(values.Length);
            Assert.Equal(values.Order().ElementAt(rank), Selection.Select(values.ToArray(), rank));
        }
    }
}
