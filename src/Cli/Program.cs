using Nern.Analysis; using Nern.Data; using Nern.Networks; using Nern.OneDnn; using Nern.Engine; using Nern.Training;
using var engine = new CpuEngine();
var d = "../shared/data/";
var o = new Dictionary<string,string>(); foreach (var a in args) { var kv = a.Split('='); o[kv[0]] = kv[1]; }
string G(string k, string v) => o.TryGetValue(k, out var x) ? x : v;
double F(string k, double v) => double.Parse(G(k, v.ToString()));
var net = Network.Load(d+"models/resnet20-12fca82f.th", CifarResNet.Build(20));
var src = DataSource.Parse("cifar10:"+d+"cifar10");
var inputs = G("noise","0")=="1" ? FitInputs.FromNoise(net.Graph.InputShape, src.Test, Normalization.ImageNet) : FitInputs.FromImages(src.Train, Normalization.ImageNet, src.Test);
var opt = new FitOptions { Steps=(long)F("steps",0), Minutes= o.ContainsKey("minutes")?F("minutes",1):null, Kd=F("kd",1e-4), Fmd=F("fmd",1e-4), Warmup=(long)F("warmup",0), EmbeddingBase=F("base",1.1), Batch=(int)F("batch",256), Kernels=(int)F("kernels",4096), LearningRate=F("lr",5e-3), WeightDecay=F("wd",1e-3),
  Precision=Enum.Parse<Precision>(G("precision","Float32")), Optimizer=Enum.Parse<OptimizerKind>(G("opt","Ranger")), Hidden=(int)F("hidden",160), Seed=(ulong)F("seed",0), EvaluateEvery=(long)F("every",0), Initialization = Enum.Parse<Nern.Representation.Initialization>(G("init","Matched")), Ordering=Enum.Parse<Nern.Representation.OrderingKind>(G("ordering","CrossFilter")), Sampling=Enum.Parse<Nern.Training.Sampling.SamplingKind>(G("sampling","Magnitude")) };
using var fit = new Fit(engine, net, inputs, opt);
long lastEval=-1;
var r = fit.Run(p => { if (p.Evaluation is {} e && e.Step != lastEval) { lastEval = e.Step; Console.WriteLine($"{e.Step,7} {e.Elapsed.TotalSeconds,7:F1}s recon {p.Losses.Reconstruction:F5} kd {p.Losses.Kd:F4} fmd {p.Losses.Fmd:F4} lr {p.LearningRate:E2} {1000/p.StepsPerSecond,6:F1} ms/step val {e.Validation:F4} rel {e.RelativeError:F4} {e.Accuracy} | {e.Agreement} {(e.IsBest?"*":"")}"); } });
if (o.ContainsKey("o")) {
 Nern.Packaging.NernFile.Save(o["o"], r.Best);
 var back = Nern.Packaging.NernFile.Load(o["o"]).Reconstruct(engine);
 using var c = new Classifier(engine, back);
 Console.WriteLine($"{new FileInfo(o["o"]).Length} bytes; {Accuracy.Of(c.Logits(src.Test, Normalization.ImageNet), src.Test.Labels)}");
 back.Save(o["o"]+".safetensors");
}
return 0;
