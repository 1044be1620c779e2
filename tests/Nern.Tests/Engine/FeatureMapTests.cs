using Nern.Engine;
using Nern.OneDnn;

namespace Nern.Tests.Engine;

public class FeatureMapTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Losses_are_summed_over_samples_and_weighed_and_gradients_are_scaled_too(int weight)
    {
        using var engine = new CpuEngine();
        using var memory = new Memory(engine, MemoryDescriptor.RowMajor(DataType.Float32, 3, 10));
        var map = new FeatureMap(0, 1, memory, memory, weight, batch: 3)
        {
            Loss = products => (products.StudentStudent, products.TeacherTeacher, -products.StudentTeacher),
            Scale = 0.25,
        };
        for (var sample = 0; sample < 3; sample++)
        {
            var (loss, student, teacher) = map.Apply(sample, new(1 + sample, 8, 20 * sample));
            Assert.Equal((1.0 + sample, 2f * weight, -5f * sample * weight), (loss, student, teacher));
        }
        Assert.Equal(weight * (1 + 2 + 3), map.LossSum);
    }
}
