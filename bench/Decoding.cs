using System.Diagnostics;
using System.Globalization;
using Nern.Coding;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.Representation;
using Nern.Tensors;

namespace Nern.Bench;

/// <summary>
/// How long a small .nern file takes to be read: for the first time in this process, and warm. Beside the clock stands what the processor
/// worked, which other programs do not lengthen as much.
/// </summary>
internal static class Decoding
{
    private const int Rounds = 100;

    /// <summary>Prints times in milliseconds.</summary>
    /// <param name="path">The file; null for a ResNet-56 with 1.4 bits a weight, made up.</param>
    internal static void Run(string? path)
    {
        var folder = path is null ? Directory.CreateTempSubdirectory("nern-bench") : null;
        try
        {
            path ??= Example(Path.Combine(folder!.FullName, "resnet56.nern"));
            List<(double Clock, double Worked)> times = [];
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            for (var round = 0; round <= Rounds; round++)
            {
                var (clock, worked) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
                NernFile.Load(path);
                times.Add((Stopwatch.GetElapsedTime(clock).TotalMilliseconds, (Environment.CpuUsage.TotalTime - worked).TotalMilliseconds));
            }
            allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
            var warm = times[(Rounds / 2)..];
            Print($"{new FileInfo(path).Length} bytes, {allocated / (Rounds + 1) / 1e6:F1} MB of memory taken each time");
            Print($"first  {times[0].Clock:F1} ms, worked {times[0].Worked:F1} ms");
            Print($"median {Median(warm.Select(time => time.Clock)):F1} ms, worked {Median(warm.Select(time => time.Worked)):F1} ms");
            Print($"least  {warm.Min(time => time.Clock):F1} ms, worked {warm.Min(time => time.Worked):F1} ms");
            var (representation, sizes) = (NernFile.Load(path), new double[Rounds / 4]);
            for (var round = 0; round < sizes.Length; round++)
            {
                var worked = Environment.CpuUsage.TotalTime;
                NernFile.SizeOf(representation);
                sizes[round] = (Environment.CpuUsage.TotalTime - worked).TotalMilliseconds;
            }
            Print($"its size is measured: worked {sizes.Order().ElementAt(sizes.Length / 2):F1} ms, at least {sizes.Min():F1} ms");
        }
        finally
        {
            folder?.Delete(recursive: true);
        }
    }

    private static string Example(string path)
    {
        var (random, coded, graph) = (new Generator(1), new Dictionary<string, CodedMatrix>(), CifarResNet.Build(56));
        var tensors = graph.Parameters.Select(parameter =>
        {
            var (name, shape) = parameter;
            if (UsualTensor.Of(name, shape) is { } usual)
                return KeyValuePair.Create(name, (Tensor?)usual);
            var integers = new int[shape.Aggregate(1, (product, dimension) => product * dimension)];
            for (var i = 0; i < integers.Length; i++)
            {
                while (random.NextDouble() < 0.28)
                    integers[i]++;
                if (random.NextInt32(2) == 0)
                    integers[i] = -integers[i];
            }
            coded.Add($"network.{name}", new(integers, 0.02f, [.. Enumerable.Range(0, shape[0]).Select(_ => random.NextInt32(64) - 32)]));
            return KeyValuePair.Create(name, (Tensor?)Tensor.From(shape, coded[$"network.{name}"].ToFloats()));
        }).ToList();
        NernFile.Save(path, new NeuralRepresentation(graph, null, default, tensors, new(new NetworkSource("resnet56", 0, "", "")))
        {
            Coded = coded,
        });
        return path;
    }

    private static double Median(IEnumerable<double> times) => times.Order().ElementAt(Rounds / 4);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
