using Nern.Networks;

namespace Nern.Data;

/// <summary>Grey images of MNIST and of sets like it, as IDX files: <c>mnist:FOLDER</c>.</summary>
public sealed class MnistSource : DataSource
{
    internal MnistSource(string folder) : base(() => MnistReader.ReadTrain(folder), () => MnistReader.ReadTest(folder)) =>
        Location = folder;

    /// <summary>The folder the images come from.</summary>
    public string Location { get; }

    /// <summary>The statistics of MNIST.</summary>
    public override Normalization DefaultNormalization => Normalization.Mnist;

    /// <inheritdoc/>
    public override DataSource From(string folder) => new MnistSource(Path.GetFullPath(Location, folder));

    /// <inheritdoc/>
    public override string ToString() => $"mnist:{Location}";
}
