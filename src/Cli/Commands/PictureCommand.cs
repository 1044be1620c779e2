using System.CommandLine;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Kernels;
using Nern.Orderings;
using Nern.Pictures;
using Nern.Representation;

namespace Nern.Cli.Commands;

/// <summary><c>nern picture</c>: kernels of the original, of its reconstruction, and the difference.</summary>
internal sealed class PictureCommand : Command, IDocumented
{
    private readonly Terminal _terminal;

    private readonly Argument<string> _file = new("FILE") { Description = "The .nern file." };

    private readonly Option<string?> _original = Setting.Text("--original", "CHECKPOINT", "The network that it was fitted to.");
    private readonly Option<string?> _originalState = OriginalNetwork.StateSetting();

    private readonly Option<string?> _output = Setting.Text("--output", "PICTURE", "The PNG file to write.", "-o");

    private readonly Option<string?> _layer = Setting.Text(
        "--layer", "NAME", "The convolution to show (default: the first behind the colour channels).");

    private readonly Option<bool> _ordered = Setting.Switch(
        "--ordered", "Show kernels in the order in which the predictor meets them instead of the layer's own.");

    private readonly Option<int> _most = Setting.Number("--most", "N", 32, "Show no more filters and channels than these.");
    private readonly Option<int> _scale = Setting.Number("--scale", "N", 4, "Pixels of the picture for a weight, in both directions.");

    internal PictureCommand(Terminal terminal)
        : base("picture", """
            Writes a picture of a layer's kernels: the original's, their reconstruction, and the difference.

            Filters are rows, channels are columns. White is zero, red above and blue below, on one scale for all three: three
            standard deviations of the original's weights at its ends.
            """)
    {
        _terminal = terminal;
        _output.Required = true;
        _original.Required = true;
        Add(_file);
        foreach (var option in Groups.SelectMany(group => group.Options))
            Add(option);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "FILE --original CHECKPOINT -o PICTURE [options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples => ["nern picture resnet20.nern --original resnet20.th --ordered -o kernels.png"];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups =>
        [new("Result", [_original, _originalState, _output]), new("Picture", [_layer, _ordered, _most, _scale])];

    private int Run(ParseResult result)
    {
        var (file, output) = (result.GetRequiredValue(_file), result.GetRequiredValue(_output)!);
        var path = result.GetRequiredValue(_original)!;
        OutputFile.Check(output, file, path);
        var (most, scale) = (PictureSize.Check(_most, result), PictureSize.Check(_scale, result));
        var representation = NernFile.Load(file);
        var layers = representation.Layers;
        var layer = layers[IndexOf(layers, result.GetValue(_layer))];
        var original = OriginalNetwork.Load(_terminal, path, result.GetValue(_originalState), representation.Graph, representation);
        var order = result.GetValue(_ordered) && representation.Design is { } design
            && design.Layout.Layers.ToList().IndexOf(layer) is >= 0 and var index
            ? design.OrderOfKernels(index) : Ordering.None(layer.Filters, layer.Channels);
        var kernels = new KernelPicture(layer, order, most, scale);
        var picture = kernels.Draw(original.Values(layer.Weight), representation.Reconstruct().Values(layer.Weight));
        PngFile.Save(output, picture);
        _terminal.Output.WriteLine(
            $"Wrote {output}: {layer.Name}, {Part(kernels.Filters, layer.Filters)} filters, "
            + $"{Part(kernels.Channels, layer.Channels)} channels, {PictureSize.Of(picture)}.");
        return ExitCode.Success;
    }

    private static string Part(int shown, int all) => shown == all ? $"{all}" : $"{shown} of {all}";

    private static int IndexOf(IReadOnlyList<LearnableLayer> layers, string? name)
    {
        if (name is null)
        {
            // Three columns of kernels, as those on colours are, show little.
            var wide = layers.Index().FirstOrDefault(layer => layer.Item is { Channels: > 3, KernelSize: > 1 });
            return wide.Index;
        }
        var found = layers.Index().Where(layer => layer.Item.Name == name).ToArray();
        return found.Length > 0
            ? found[0].Index
            : throw new NernException(
                $"The file has no predicted layer '{name}'{NearestName.Proposal(name, layers.Select(layer => layer.Name))}");
    }
}
