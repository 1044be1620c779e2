using System.CommandLine;
using System.Globalization;
using Nern.Data;
using Nern.NetworkFiles;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.OneDnn;
using Nern.Onnx;

namespace Nern.Bench.Sizes;

/// <summary><c>compress</c>: files of a network by size, accuracy and divergence, ours and others.</summary>
internal static class SizesCommand
{
    private const string Uniform = "0.25,0.35,0.5,0.7,1.05", Inputs = "0.5,0.7,1.05,1.4,1.75";

    /// <summary>Runs the command line.</summary>
    internal static int Run(string[] args)
    {
        var network = new Argument<string>("NETWORK") { Description = "A checkpoint or an ONNX model." };
        var files = new Argument<string[]>("FILE.nern") { Description = "Files of ours.", Arity = ArgumentArity.ZeroOrMore };
        var data = new Option<string>("--data") { Description = "As nern compress takes it.", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "The folder for table.csv and table.md.", Required = true };
        var architecture = new Option<string?>("--architecture") { Description = "Of a checkpoint." };
        var mean = new Option<string?>("--mean") { Description = "As nern compress takes it." };
        var std = new Option<string?>("--std") { Description = "As nern compress takes it." };
        var range = new Option<float>("--range") { Description = "As nern compress takes it.", DefaultValueFactory = _ => 1 };
        var channels = new Option<ChannelOrder>("--channels") { Description = "As nern compress takes it." };
        var cited = new Option<string?>("--cited") { Description = "Figures of others: a CSV of method,setting,bytes,accuracy,kl." };
        var uniform = Steps("--steps", Uniform, "Steps of rounding to the nearest, by the deviation of a layer's weights.");
        var gptq = Steps("--gptq-steps", Inputs, "Steps of GPTQ.");
        var images = new Option<int>("--gptq-images") { Description = "Training images that GPTQ sees.", DefaultValueFactory = _ => 768 };
        var command = new RootCommand("Holds small files of a network against each other.")
        {
            network, files, data, output, architecture, mean, std, range, channels, cited, uniform, gptq, images,
        };
        command.SetAction(result =>
        {
            try
            {
                using var engine = new CpuEngine();
                var source = DataSource.Parse(result.GetRequiredValue(data));
                var original = Load(result.GetRequiredValue(network), result.GetValue(architecture), source);
                source = source.For(original.Graph.InputShape);
                var normalization = result.GetValue(mean) is { } means
                    ? new Normalization(
                        Numbers(means, original),
                        Numbers(result.GetValue(std) ?? throw new NernException("--mean goes with --std."), original),
                        result.GetValue(range), result.GetValue(channels))
                    : source.DefaultNormalization;
                var folder = Directory.CreateDirectory(result.GetRequiredValue(output)).FullName;
                var rows = new List<Row>();
                var comparison = new Comparison(engine, original, source.Test, normalization, Found);
                comparison.AddUsual();
                comparison.AddUniform(List(result.GetValue(uniform)!));
                comparison.AddGptq(List(result.GetValue(gptq)!), source.Train, result.GetValue(images));
                foreach (var file in result.GetValue(files) ?? [])
                    comparison.AddFile(file);
                foreach (var row in result.GetValue(cited) is { } path ? Row.Cited(path) : [])
                    Found(row);
                Console.Write(Row.ToMarkdown(rows, original.Source!.Bytes));
                return 0;

                // What was found is kept whatever comes after it.
                void Found(Row row)
                {
                    rows.Add(row);
                    Console.Error.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{row.Method}, {row.Setting}: {row.Bytes} bytes, {100 * row.Accuracy:F2} %, KL {row.Divergence:F4}"));
                    File.WriteAllText(Path.Combine(folder, "table.csv"), Row.ToCsv(rows));
                    File.WriteAllText(Path.Combine(folder, "table.md"), Row.ToMarkdown(rows, original.Source!.Bytes));
                }
            }
            catch (NernException exception)
            {
                Console.Error.WriteLine($"compress: {exception.Message}");
                return 1;
            }
        });
        return command.Parse(args).Invoke();
    }

    private static Option<string> Steps(string name, string usual, string what) =>
        new(name) { Description = $"{what} Commas between them; none for none.", DefaultValueFactory = _ => usual };

    private static double[] List(string text) => text == "none" ? [] : [.. text.Split(',').Select(
        part => double.TryParse(part, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number : throw new NernException($"Steps are numbers above 0 with commas between them, or none; got '{text}'."))];

    private static float[] Numbers(string text, Network network)
    {
        float[] numbers = [.. text.Split(',').Select(part => float.TryParse(part, CultureInfo.InvariantCulture, out var number)
            ? number : throw new NernException($"A mean or deviation is numbers with commas between them; got '{text}'."))];
        return numbers.Length == 1 ? [.. Enumerable.Repeat(numbers[0], network.Graph.InputShape.Channels)] : numbers;
    }

    private static Network Load(string path, string? architecture, DataSource source)
    {
        var file = NetworkFile.Open(path);
        if (file.HoldsGraph)
            return file.Network(new OnnxOptions { Classes = shape => source.For(shape).Test.Classes });
        return architecture is null
            ? throw new NernException($"'{path}' holds tensors and no architecture: name it with --architecture.")
            : file.Network(checkpoint => ArchitectureRegistry.Build(architecture, checkpoint), null);
    }
}
