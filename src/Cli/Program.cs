using Nern.Cli;
using Nern.Cli.Sweeps;

return CommandLine.Invoke(args, Terminal.OfProcess(ChildProcess.EndOfInput()));
