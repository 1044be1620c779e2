using Nern.Cli;
using Nern.Sweeps;

return CommandLine.Run(args, ChildProcess.EndOfInput());
