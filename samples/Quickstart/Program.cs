// quickstart CHECKPOINT DATA MINUTES OUTPUT
using System.Globalization;
using Nern.Data;
using Nern.Fitting;
using Nern.Networks;
using Nern.Networks.Architectures;
using Nern.OneDnn;
using Nern.Representation;

using var engine = new CpuEngine();
var original = Network.Load(args[0], CifarResNet.Build(depth: 20));
var data = DataSource.Parse(args[1]);
var inputs = FitInputs.FromImages(data.Train, data.DefaultNormalization, data.Test);
var options = new FitOptions { Hidden = 160, Minutes = double.Parse(args[2], CultureInfo.InvariantCulture) };
using var fit = new Fit(engine, original, inputs, options);
var (representation, evaluation) = fit.Run();
NernFile.Save(args[3], representation);
NernFile.Load(args[3]).Reconstruct(engine).Save(Path.ChangeExtension(args[3], ".safetensors"));
Console.WriteLine(evaluation.Agreement);
