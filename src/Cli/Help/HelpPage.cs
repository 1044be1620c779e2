using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Nern.Cli.Options;
using Nern.Cli.Shell;

namespace Nern.Cli.Help;

/// <summary>Writes the help of a command: how it is called, an example, its arguments, and its options by subject.</summary>
internal sealed class HelpPage : SynchronousCommandLineAction
{
    private const int Width = 100;

    /// <summary>Lets --help and --version of <paramref name="root"/> answer in this program's way.</summary>
    internal static void Install(RootCommand root)
    {
        foreach (var option in root.Options)
            if (option is HelpOption)
                (option.Action, option.Description) = (new HelpPage(), "Show this help; after a command, that command's.");
            else if (option is VersionOption)
                (option.Action, option.Description) = (new VersionLine(), "Show the version.");
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.CommandResult.Command, parseResult.InvocationConfiguration.Output);
        return ExitCode.Success;
    }

    private static void Write(Command command, TextWriter output)
    {
        var documented = command as IDocumented;
        output.WriteLine($"Usage: {CommandPath.Of(command)} {documented?.Usage ?? "COMMAND …"}");
        output.WriteLine();
        foreach (var line in TextColumns.Wrap(command.Description!, Width))
            output.WriteLine(line);
        foreach (var (i, example) in (documented?.Examples ?? []).Index())
            output.WriteLine(i == 0 ? $"{Environment.NewLine}Example:{Environment.NewLine}  {example}" : $"  {example}");

        Section(output, "Commands", command.Subcommands.Select(c => (c.Name, TextColumns.FirstParagraph(c.Description!))));
        Section(output, "Arguments", command.Arguments.Select(argument => (argument.HelpName ?? argument.Name, argument.Description!)));
        var groups = documented?.Groups ?? [];
        foreach (var group in groups)
            Section(output, group.Title, group.Options.Select(option => (Names(option), Describe(option))));
        Section(output, groups.Count == 0 ? "Options" : "Other", command.Options.Except(groups.SelectMany(group => group.Options))
            .Select(option => (Names(option), Describe(option))));
        if (command.Subcommands.Count > 0)
        {
            output.WriteLine();
            output.WriteLine($"'{CommandPath.Of(command.Subcommands[0])} --help' tells about a command.");
            output.WriteLine("Exit codes: 0 done, 2 wrong input, 130 interrupted, 1 a bug.");
        }
    }

    private static void Section(TextWriter output, string title, IEnumerable<(string Name, string Text)> rows)
    {
        var list = rows.ToList();
        if (list.Count == 0)
            return;
        output.WriteLine();
        output.WriteLine($"{title}:");
        TextColumns.Write(output, list, Width);
    }

    private static string Names(Option option)
    {
        // The short name first, as -o, --output.
        var names = string.Join(", ", option.Aliases.Append(option.Name).Where(name => name.StartsWith('-')).OrderBy(name => name.Length));
        return option.HelpName is { } value ? $"{names} {value}" : names;
    }

    private static string Describe(Option option) =>
        option.HasDefaultValue && option.ValueType != typeof(bool) && option.GetDefaultValue() is { } preset
            ? $"{option.Description} [{Setting.Write(preset)}]"
            : option.Description ?? "";
}

/// <summary>A command as it is called: nern bench step.</summary>
internal static class CommandPath
{
    internal static string Of(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Of(parent)} {command.Name}" : "nern";
}

/// <summary>Answers --version.</summary>
internal sealed class VersionLine : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"nern {typeof(VersionLine).Assembly.GetName().Version!.ToString(3)}");
        return ExitCode.Success;
    }
}
