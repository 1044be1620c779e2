using Nern.Objectives;

namespace Nern.Tests.Objectives;

public sealed class LogitRowsTests
{
    [Fact]
    public void A_single_logit_reads_as_the_second_of_two_of_which_the_first_is_zero()
    {
        var rows = new LogitRows([3, -0.5f], 1);

        Assert.Equal((2, 1), (rows.Classes, rows.Implied));
        Assert.Equal([0, 3], rows[0].ToArray());
        Assert.Equal([0, -0.5f], rows[1].ToArray());
    }

    [Fact]
    public void Several_logits_are_read_where_they_are()
    {
        float[] logits = [1, 2, 3, 4, 5, 6];
        var rows = new LogitRows(logits, 3);

        Assert.Equal((3, 0), (rows.Classes, rows.Implied));
        Assert.True(rows[1].Overlaps(logits, out var offset) && offset == -3 && rows[1].Length == 3);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        float[] logits = [1, -2, 3, -4], gradient = new float[4];
        int[] labels = [1, 0, 1, 0];
        Allocation.AssertNone(5, () =>
        {
            LogitLoss.Apply(logits, logits, gradient, 1, 1, LogitLossForm.Stable);
            CrossEntropy.Apply(logits, labels, gradient, 1, 0.1);
        });
    }
}
