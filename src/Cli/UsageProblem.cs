using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Nern.Cli.Help;
using Nern.Cli.Options;

namespace Nern.Cli;

/// <summary>Finds what is wrong with a command line, and says it in one sentence.</summary>
internal static partial class UsageProblem
{
    /// <summary>The first problem, or null.</summary>
    internal static string? Find(ParseResult result)
    {
        var command = result.CommandResult.Command;
        // An unknown option is parsed as a value, which makes for misleading complaints about other arguments: it comes first.
        if (UnknownOption(result) is { } unknown)
            return unknown;
        if (result.CommandResult.Children.Any(child => child is OptionResult { Implicit: false, Option: HelpOption or VersionOption }))
            return null;
        if (command.Subcommands.Count > 0)
            return MissingCommand(result, command);
        return result.Errors.Count == 0 ? null : $"{Sentence(result.Errors[0].Message)} {SeeHelp(command)}";
    }

    private static string? UnknownOption(ParseResult result)
    {
        var command = result.CommandResult.Command;
        var known = command.Options.Concat(result.RootCommandResult.Command.Options.Where(option => option.Recursive))
            .SelectMany(option => option.Aliases.Prepend(option.Name)).ToHashSet();
        var dashed = result.CommandResult.Children.OfType<OptionResult>().Where(option => option.Option is DashedOption)
            .SelectMany(option => option.Tokens).Where(token => !token.Value.StartsWith("--", StringComparison.Ordinal)).ToHashSet();
        var before = "";
        foreach (var token in result.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash))
        {
            if (token.Type == TokenType.Argument && LooksLikeOption().IsMatch(token.Value) && !dashed.Contains(token))
            {
                var name = token.Value.Split('=', ':')[0];
                return known.Contains(name)
                    ? $"The option '{before}' needs a value before '{name}'. {SeeHelp(command)}"
                    : $"There is no option '{name}'{NearestName.Proposal(name, known)} {SeeHelp(command)}";
            }
            before = token.Value;
        }
        return null;
    }

    private static string MissingCommand(ParseResult result, Command command)
    {
        var names = command.Subcommands.Select(subcommand => subcommand.Name).ToArray();
        return result.UnmatchedTokens is [var name, ..]
            ? $"There is no command '{name}'{NearestName.Proposal(name, names)} {SeeHelp(command)}"
            : $"A command is needed: {string.Join(", ", names[..^1])} or {names[^1]}. {SeeHelp(command)}";
    }

    private static string SeeHelp(Command command) => $"See '{CommandPath.Of(command)} --help'.";

    private static string Sentence(string message) => message.EndsWith('.') ? message : $"{message}.";

    [GeneratedRegex("^--?[A-Za-z]")]
    private static partial Regex LooksLikeOption();
}
