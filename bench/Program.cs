using System.Diagnostics;
using Nern; using Nern.Analysis; using Nern.Data; using Nern.Networks; using Nern.OneDnn; using Nern.Engine; using Nern.Training; using Nern.Representation; using Nern.Tensors; using Nern.Objectives;
using var engine = new CpuEngine();
var prec = Enum.Parse<Precision>(args.ElementAtOrDefault(0) ?? "Float32");
var batch = int.Parse(args.ElementAtOrDefault(1) ?? "256");
var micro = int.Parse(args.ElementAtOrDefault(2) ?? "32");
var net = Network.Load("../shared/data/models/resnet20-12fca82f.th", CifarResNet.Build(20));
var original = NetworkPlan.Original(engine, net, micro, prec);
var layers = LearnableLayer.AllOf(net.Graph);
var rec = NetworkPlan.Reconstruction(engine, net, original, prec, layers.Select(l => l.Name).ToHashSet());
new NoiseImages(3,32,32).Fill(original.Images, micro, new Generator(1));
double Time(string what, IReadOnlyList<Step> steps, int times, bool detail) {
  var ticks = new long[steps.Count];
  for (int w=0; w<3; w++) foreach (var s in steps) s.Run();
  var t0 = Stopwatch.GetTimestamp();
  for (int r=0; r<times; r++) for (int i=0;i<steps.Count;i++) { var t=Stopwatch.GetTimestamp(); steps[i].Run(); ticks[i]+=Stopwatch.GetTimestamp()-t; }
  var total = (Stopwatch.GetTimestamp()-t0)*1000.0/Stopwatch.Frequency/times;
  Console.WriteLine($"{what}: {total:F2} ms  ({steps.Sum(s=>s.FloatingPointOperations)/1e9:F2} GFLOP, {steps.Sum(s=>s.FloatingPointOperations)/1e6/total:F0} GFLOP/s)");
  foreach (var g in steps.Select((s,i)=>(s,i)).GroupBy(x=>x.s.Kind)) { var ms=g.Sum(x=>ticks[x.i])*1000.0/Stopwatch.Frequency/times; var fl=g.Sum(x=>x.s.FloatingPointOperations); Console.WriteLine($"   {g.Key,-36} x{g.Count(),3} {ms,8:F3} ms {(fl>0?fl/1e6/ms:0),8:F0} GFLOP/s"); }
  if (detail) for (int i=0;i<steps.Count;i++) Console.WriteLine($"      {ticks[i]*1000.0/Stopwatch.Frequency/times,8:F3} ms {steps[i].FloatingPointOperations*times/1e9/(ticks[i]/(double)Stopwatch.Frequency),8:F0} GFLOP/s {steps[i]}");
  return total;
}
var d = args.Length > 3;
var n = batch / micro;
var a = Time("original forward", original.ForwardSteps, 40, d);
var b = Time("reconstruction forward", rec.ForwardSteps, 40, d);
var c = Time("backward", rec.BackwardSteps, 40, d);
var e = Time("weights", rec.WeightSteps, 40, d);
var f = Time("gradients", rec.GradientSteps, 40, d);
var sw = Stopwatch.StartNew(); for (int i=0;i<50;i++) { foreach (var m in rec.FeatureMaps) FeatureMapLoss.Apply(m, 1e-6); LogitLoss.Apply(original.Logits, rec.Logits, rec.LogitGradient, 10, 1e-6, LogitLossForm.Stable); } var g = sw.Elapsed.TotalMilliseconds/50; Console.WriteLine($"losses {g:F3} ms");
var hidden=160;
var layout = new KernelLayout(layers);
var ord = layers.Select(l => Ordering.None(l.Filters, l.Channels)).ToArray();
var design = new PredictorDesign(layers, ord, CoordinateNormalization.Local, new(1.1,40), hidden, 5);
var plan = new PredictorPlan(engine, design.Shape, design.Embedding, design.CreateCoordinates(), prec, 4096);
var rows = new float[layout.Kernels*9];
PredictorInitialization.Draw(design.Shape, Initialization.Matched, plan.Parameters, new Generator(2));
var ks = Enumerable.Range(0,4096).Select(i=>i*7).ToArray();
double T(string w, Action act, int times=50) { for (int i=0;i<5;i++) act(); var s = Stopwatch.StartNew(); for (int i=0;i<times;i++) act(); var ms = s.Elapsed.TotalMilliseconds/times; Console.WriteLine($"{w} {ms:F3} ms"); return ms; }
var p0=T("params changed", plan.ParametersChanged);
var p1=T("predict all", () => plan.PredictAll(rows));
var p2=T("predict batch", () => plan.PredictBatch(ks, 4096));
var p3=T("backward batch", plan.Backward);
Time("batch steps", plan.BatchSteps.ToArray(), 30, d);
var images = new AugmentedImages(CifarReader.ReadTrain("../shared/data/cifar10", CifarFormat.Cifar10), Normalization.ImageNet);
var gen = new Generator(1);
var p4=T("images", () => images.Fill(original.Images, micro, gen));
var tgt = new float[rows.Length];
var p5=T("sqdist", () => { for (int l=0;l<layers.Count;l++) layout.SquaredDistance(rows,tgt,l); });
var bufs = layers.Select(l => new float[l.Kernels*9]).ToArray();
var p6=T("load", () => { for (int l=0;l<layers.Count;l++) { layout.Read(rows,l,bufs[l]); rec.Layers[l].Load(bufs[l]); } });
Console.WriteLine($"step estimate {n*(a+b+c+g+p4)+e+f+p0+p1+p2+p3+p5+p6:F1} ms");
