using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TorchSharp;
using TorchSharp.Peer;
using static TorchSharp.torch;

// The same training step as bench/peer/step.py's, by TorchSharp: one JSON line with the median of its seconds.
// usage: --depth 20 --hidden 160 --batch 256 --precision f32|bf16 --steps 20 --threads 2 [--channels-last]
var options = new Dictionary<string, string>
{
    ["--depth"] = "20",
    ["--hidden"] = "160",
    ["--batch"] = "256",
    ["--precision"] = "f32",
    ["--steps"] = "20",
    ["--threads"] = "2",
    ["--channels-last"] = "no",
};
for (var i = 0; i + 1 < args.Length; i += 2)
    options[args[i]] = options.ContainsKey(args[i]) ? args[i + 1] : throw new ArgumentException($"There is no option {args[i]}.");
int Number(string name) => int.Parse(options[name], CultureInfo.InvariantCulture);

set_num_threads(Number("--threads"));
random.manual_seed(0);
using var peer = new PeerStep(
    Number("--depth"), Number("--hidden"), Number("--batch"), options["--precision"] == "bf16" ? ScalarType.BFloat16 : ScalarType.Float32,
    options["--channels-last"] == "yes");
for (var i = 0; i < 3; i++)
    peer.Run();
var seconds = new List<double>();
for (var i = 0; i < Number("--steps"); i++)
{
    var clock = Stopwatch.StartNew();
    peer.Run();
    seconds.Add(clock.Elapsed.TotalSeconds);
}
Console.WriteLine(JsonSerializer.Serialize(new { secondsPerStep = seconds.Order().ElementAt(seconds.Count / 2), all = seconds }));
