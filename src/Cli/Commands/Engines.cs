using Nern.Cli.Shell;
using Nern.Engine;
using Nern.OneDnn;

namespace Nern.Cli.Commands;

/// <summary>Opens the compute library.</summary>
internal static class Engines
{
    /// <summary>Opens the engine.</summary>
    /// <exception cref="NernException">The library is missing or of another version: nothing that the program could help.</exception>
    internal static CpuEngine Open()
    {
        try
        {
            return new CpuEngine();
        }
        catch (OneDnnException exception)
        {
            throw new NernException(exception.Message, exception);
        }
    }

    /// <summary>The precision asked for, or the processor's fastest; says where bfloat16 is not what it would be.</summary>
    internal static Precision Precision(Terminal terminal, CpuEngine engine, Precision? asked)
    {
        if (engine.MisplacesWeights && asked is null)
            terminal.Report($"Note: oneDNN {engine.Version} computes wrong numbers in bfloat16, which 3.8.1 does not: working in f32.");
        else if (!engine.HasNativeBFloat16 && asked != Nern.Engine.Precision.Float32)
            terminal.Report(asked is null
                ? "Note: this processor has no bfloat16 instructions: working in f32."
                : "Note: this processor has no bfloat16 instructions; f32 will be faster.");
        return asked ?? engine.Fastest();
    }
}
