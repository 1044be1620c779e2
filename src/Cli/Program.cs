using Nern.Cli;

return CommandLine.Invoke(args, Terminal.OfProcess());
