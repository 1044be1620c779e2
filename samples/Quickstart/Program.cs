// quickstart CHECKPOINT DATA MINUTES OUTPUT
using System.Globalization;
using Nern.Data;
using Nern.Fitting;
using Nern.NetworkFiles;
using Nern.Networks.Architectures;
using Nern.OneDnn;
using Nern.Representation;

using var engine = new CpuEngine();
var original = NetworkFile.Load(args[0], CifarResNet.Build(depth: 20));
var data = DataSource.Parse(args[1]);
var inputs = FitInputs.FromImages(data.Train, data.DefaultNormalization, data.Test);
var options = new FitOptions
{
    Predictor = new() { Hidden = 160 },
    Budget = new() { Minutes = double.Parse(args[2], CultureInfo.InvariantCulture) },
};
var (representation, evaluation) = new Fit(engine, original, inputs, options).Run();
NernFile.Save(args[3], representation);
NetworkFile.Save(Path.ChangeExtension(args[3], ".safetensors"), NernFile.Load(args[3]).Reconstruct());
Console.WriteLine(evaluation.Agreement);
