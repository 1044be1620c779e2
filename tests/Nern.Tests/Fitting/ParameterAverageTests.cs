using Nern.Fitting;

namespace Nern.Tests.Fitting;

public class ParameterAverageTests
{
    [Fact]
    public void It_is_over_fewer_steps_while_there_are_few()
    {
        var average = new ParameterAverage([0, 8], 0.5);

        // After one step the decay is 1 / 10, after many as given.
        average.Add([10, 8], 1);
        Assert.Equal([9, 8], average.Values.Select(value => MathF.Round(value, 5)));
        average.Add([11, 8], 1000);
        Assert.Equal([10, 8], average.Values.Select(value => MathF.Round(value, 5)));
    }

    [Fact]
    public void Without_a_decay_there_is_none()
    {
        var average = new ParameterAverage([1, 2], 0);
        average.Add([3, 4], 1);
        Assert.Empty(average.Values);
    }
}
