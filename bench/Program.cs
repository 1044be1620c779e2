using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Nern.Bench;
using Nern.Bench.Sizes;
using Perfolizer.Horology;

if (args is ["agreement", var folder, var name])
{
    Agreement.Run(folder, name);
    return 0;
}
if (args is ["decode", ..])
{
    Decoding.Run(args.ElementAtOrDefault(1));
    return 0;
}
if (args is ["compress", ..])
    return SizesCommand.Run(args[1..]);

// In this very process: nothing is built anew, and the OpenMP settings are those of the tool.
var config = ManualConfig.CreateEmpty()
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithIterationCount(20)
        .WithIterationTime(TimeInterval.Millisecond * 200))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddExporter(MarkdownExporter.GitHub)
    .AddLogger(ConsoleLogger.Default);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
return 0;
