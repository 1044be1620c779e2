using Nern.Cli;
using Nern.Cli.Shell;
using Nern.Sweeps;

return CommandLine.Invoke(args, Terminal.OfProcess(ChildProcess.EndOfInput()));
