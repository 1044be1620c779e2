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
        var times = new double[10];
        for (var i = 0; i < times.Length; i++)
        {
            var clock = Stopwatch.StartNew();
            _ = NernFile.Load(file).ToOnnx();
            times[i] = clock.Elapsed.TotalMilliseconds;
        }
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(
            $"{Path.GetFileName(file)}: first {times[0]:F0} ms, then {times.Skip(1).Order().ElementAt(4):F1} ms, peak {process.PeakWorkingSet64 >> 20} MB");
    }
