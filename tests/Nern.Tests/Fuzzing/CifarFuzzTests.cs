using Nern.Data;
using Xunit.Abstractions;

namespace Nern.Tests.Fuzzing;

public sealed class CifarFuzzTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(CifarFormat.Cifar10, 3073)]
    [InlineData(CifarFormat.Cifar100, 3074)]
    public void Altered_images_are_read_or_refused(CifarFormat format, int record) =>
        new FuzzRun(file => CifarReader.Read([("x", file)], format), output)
        .Run([new byte[record], new byte[3 * record]], (file, other, random) => random.NextInt32(2) == 0
            ? Mutation.Alter(file, other, random)
            : WithLabel(file, random.NextInt32(file.Length / record) * record, (byte)random.NextInt32(256), record));

    private static byte[] WithLabel(byte[] file, int at, byte label, int record)
    {
        file = [.. file];
        file[at + record - 3073] = label;
        return file;
    }
}
