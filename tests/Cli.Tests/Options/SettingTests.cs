using Nern.Cli.Options;
using Nern.Engine;
using Nern.Optimizers;
using Nern.Orderings;
using Nern.Predictor;

namespace Nern.Cli.Tests.Options;

public class SettingTests
{
    [Theory]
    [InlineData(160, "160")]
    [InlineData(0.0, "0")]
    [InlineData(1e-6, "1e-6")]
    [InlineData(5e-3, "5e-3")]
    [InlineData(3e-3, "3e-3")]
    [InlineData(-1.25e-4, "-1.25e-4")]
    [InlineData(0.76, "0.76")]
    [InlineData(OrderingKind.CrossFilter, "cross-filter")]
    [InlineData(OptimizerKind.AdamW, "adamw")]
    [InlineData(Precision.BFloat16, "bf16")]
    public void Write_gives_values_as_users_write_them(object value, string expected) => Assert.Equal(expected, Setting.Write(value));

    [Fact]
    public void Every_choice_can_be_read_by_its_name()
    {
        Check<OrderingKind>();
        Check<Precision>();
        Check<OptimizerKind>();
        Check<CoordinateNormalization>();

        static void Check<T>() where T : struct, Enum => Assert.All(Enum.GetValues<T>(), choice =>
        {
            Assert.True(ChoiceNames.TryRead<T>(ChoiceNames.Of(choice).ToUpperInvariant(), out var read));
            Assert.Equal(choice, read);
        });
    }
}
