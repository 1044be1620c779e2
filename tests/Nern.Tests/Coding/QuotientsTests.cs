using Nern.Coding;

namespace Nern.Tests.Coding;

public class QuotientsTests
{
    private const int Bound = 1 << 25;

    [Fact]
    public void They_are_those_of_a_division()
    {
        var random = new Generator(1);
        for (var divisor = 2; divisor <= Quotients.Largest; divisor++)
        {
            var factor = Quotients.Factors[divisor];
            // Just below and at a multiple is where a product may round to the wrong side.
            for (var i = 0; i < 20_000; i++)
            {
                var number = i < 100 ? i : i < 200 ? Bound - 1 - (i - 100) : random.NextInt32(Bound);
                number = i % 3 == 0 ? number : Math.Max(0, (number / divisor * divisor) - (i % 3) + 1);
                Assert.Equal((uint)number / (uint)divisor, Quotients.Of((uint)number, factor));
                Assert.Equal(number / divisor, Quotients.Of(number, factor));
                Assert.Equal(-number / divisor, Quotients.Of(-number, factor));
            }
        }
    }
}
