using System.CommandLine;

namespace Nern.Cli.Options;

/// <summary>An option whose value may begin with a dash, as names of options do.</summary>
internal sealed class DashedOption(string name) : Option<string>(name);
