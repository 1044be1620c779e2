// reading sha FILE...: the SHA-256 of each file's network as ONNX
// reading time FILE...: milliseconds of the first and the median of nine readings to ONNX, and the peak of memory
// reading hostile FILE...: 20,000 altered files of each
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Nern.Bench.Reading;
using Nern.Representation;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
foreach (var file in args.Skip(1))
    if (args[0] == "sha")
        Console.WriteLine($"{Convert.ToHexString(SHA256.HashData(NernFile.Load(file).ToOnnx())).ToLowerInvariant()}  {Path.GetFileName(file)}");
    else if (args[0] == "hostile")
        Hostile.Run(file, 20_000);
    else
    {
        var (times, onnx, before) = (new double[10], 0L, GC.GetTotalAllocatedBytes());
        for (var i = 0; i < times.Length; i++)
        {
            var clock = Stopwatch.StartNew();
            onnx = NernFile.Load(file).ToOnnx().Length;
            times[i] = clock.Elapsed.TotalMilliseconds;
        }
        var allocated = (GC.GetTotalAllocatedBytes() - before) / times.Length;
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            $"{Path.GetFileName(file)}: first {times[0]:F0} ms, then {times.Skip(1).Order().ElementAt(4):F1} ms, "
            + $"{allocated / 1e6:F1} MB allocated for an ONNX of {onnx / 1e6:F1} MB, peak of the process {process.PeakWorkingSet64 >> 20} MB");
    }
