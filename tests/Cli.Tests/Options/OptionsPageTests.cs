using System.Runtime.CompilerServices;
using System.Text;
using Nern.Cli.Options;
using Nern.Cli.Recipes;
using Nern.Compression;
using Nern.Fitting;
using Nern.Training;

namespace Nern.Cli.Tests.Options;

/// <summary>
/// docs/options.md says what the catalogue says. To make it anew: run this test (dotnet test tests/Cli.Tests --filter OptionsPageTests),
/// look at the docs/options.received.md that it leaves when it fails, and mv that over docs/options.md.
/// </summary>
public class OptionsPageTests
{
    [Fact]
    public void The_page_of_options_is_as_the_catalogue_has_it()
    {
        var accepted = Path.Combine(Docs(), "options.md");
        var received = Path.ChangeExtension(accepted, ".received.md");
        var page = Page();
        if (File.Exists(accepted) && File.ReadAllText(accepted) == page)
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, page);
        Assert.Fail($"The options have changed. If they are meant to: mv '{received}' '{accepted}'");
    }

    [Fact]
    public void Every_option_has_a_description_and_a_reason_that_end_as_sentences() => Assert.All(
        OptionCatalog<FitOptions>.All.Select(option => (option.Description, option.Why))
            .Concat(OptionCatalog<CompressOptions>.All.Select(option => (option.Description, option.Why)))
            .Concat(OptionCatalog<TrainOptions>.All.Select(option => (option.Description, option.Why))),
        option =>
        {
            Assert.EndsWith(".", option.Description);
            Assert.EndsWith(".", option.Why);
        });

    private static string Page()
    {
        var page = new StringBuilder($"""
            # Options of a fit

            Every option has one name: `--hidden 180` on the command line of `nern fit` is `hidden: 180` in a recipe and `FitOptions.Predictor.Hidden` in C#:
            headings are the records that options are in, but for those under General, which are in none. `sampling` and `optimizer` are the `Kind` of theirs.
            An unknown name is an error that proposes the nearest one, and a value out of range says which are in it.

            A recipe is a YAML file with an option a line, read by `nern fit --recipe FILE.yaml`; options on the command line override it. `{string.Join("` and `", Recipe.Names)}`
            come with the program ([src/Cli/Recipes](../src/Cli/Recipes)). Steps or minutes on the command line take the place of both in the recipe.
            `nern recipe paper --hidden 180 > mine.yaml` prints all options so that `--recipe mine.yaml` gives them back.

            Sections and equations are those of the paper, arXiv 2212.13554; [method.md](method.md) goes formula by formula. This page is made from what
            `[Option]` says of each in `src/Nern`: `tests/Cli.Tests/Options/OptionsPageTests.cs` says how.

            """);
        AppendTables(page, OptionCatalog<FitOptions>.Groups);
        page.Append("""

            # Options of a compression

            The same of `nern compress` and `CompressOptions`; there are no recipes of them. [compression.md](compression.md) tells how they were chosen.

            """);
        AppendTables(page, OptionCatalog<CompressOptions>.Groups);
        page.Append("""

            # Options of a training

            The same of `nern train` and `TrainOptions`; there are no recipes of them. [originals.md](originals.md) tells about trainings.

            """);
        AppendTables(page, OptionCatalog<TrainOptions>.Groups);
        return page.ToString();
    }

    private static void AppendTables<TOptions>(StringBuilder page, IEnumerable<OptionEntryGroup<TOptions>> groups)
        where TOptions : class, new()
    {
        foreach (var group in groups)
        {
            page.Append($"\n## {group.Title}\n\n");
            page.Append("| option | default | values | what it does | why this default | paper |\n| --- | --- | --- | --- | --- | --- |\n");
            foreach (var option in group.Options)
                page.Append($"| `{option.Name}` | `{option.Default}` | {option.Expected} | {option.Description} ")
                    .Append($"| {option.Why} | {option.Paper} |\n");
        }
    }

    private static string Docs([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "../../../docs"));
}
