using System.CommandLine;
using Nern.Cli.Help;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Data;
using Nern.Pictures;

namespace Nern.Cli.Commands;

/// <summary><c>nern data show</c>: images of a source as one picture.</summary>
internal sealed class DataShowCommand : Command, IDocumented
{
    // Of images that have no size of their own.
    private const int FolderSize = 64;

    private readonly Terminal _terminal;

    private readonly Argument<string> _source = new("SOURCE")
    {
        Description = "Where images come from: shapes, cifar10:FOLDER, cifar100:FOLDER or imagefolder:FOLDER.",
    };

    private readonly Option<string?> _output = Setting.Text("--output", "PICTURE", "The PNG file to write.", "-o");
    private readonly Option<int> _columns = Setting.Number("--columns", "N", 12, "Images of each class.");

    private readonly Option<int> _rows = Setting.Number("--rows", "N", 100, "Classes at most.");

    private readonly Option<int> _scale = Setting.Number(
        "--scale", "N", 2, "Pixels of the picture for one of an image, in both directions.");

    private readonly Option<bool> _test = Setting.Switch("--test", "Show test images instead of training images.");

    internal DataShowCommand(Terminal terminal)
        : base("show", """
            Writes a picture of images, a row for each class.

            The images are the first of their class, as they are before they are normalised.
            """)
    {
        _terminal = terminal;
        _output.Required = true;
        Add(_source);
        foreach (var option in Groups.SelectMany(group => group.Options))
            Add(option);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public string Usage => "SOURCE -o PICTURE [options]";

    /// <inheritdoc/>
    public IReadOnlyList<string> Examples => ["nern data show shapes -o shapes.png"];

    /// <inheritdoc/>
    public IReadOnlyList<OptionGroup> Groups => [new("Result", [_output]), new("Picture", [_columns, _rows, _scale, _test])];

    private int Run(ParseResult result)
    {
        var source = DataSource.Parse(result.GetRequiredValue(_source));
        var output = result.GetRequiredValue(_output)!;
        OutputFile.Check(output);
        var columns = PictureSize.Check(_columns, result);
        var rows = PictureSize.Check(_rows, result);
        var scale = PictureSize.Check(_scale, result);
        source = source.For(FolderSize, FolderSize);
        var images = result.GetValue(_test) ? source.Test : source.Train;
        var sheet = ContactSheet.Draw(images, columns, scale, rows);
        PngFile.Save(output, sheet);
        _terminal.Output.WriteLine(
            $"Wrote {output}: {images.Classes} classes of {Figures.Count(images.Count)} images, {PictureSize.Of(sheet)}.");
        ImageSettings.ReportUnreadable(_terminal, source);
        return ExitCode.Success;
    }
}
