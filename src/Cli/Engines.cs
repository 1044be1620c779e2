using Nern.Engine;
using Nern.OneDnn;

namespace Nern.Cli;

/// <summary>Opens the compute library.</summary>
internal static class Engines
{
    /// <summary>Opens the engine for work in <paramref name="precision"/>.</summary>
    /// <exception cref="NernException">The library is missing or of another version: nothing that the program could help.</exception>
    internal static CpuEngine Open(Terminal terminal, Precision precision = Precision.Float32)
    {
        try
        {
            var engine = new CpuEngine();
            if (precision == Precision.BFloat16 && !engine.HasNativeBFloat16)
                terminal.Report("Note: this processor has no bfloat16 instructions; f32 will be faster.");
            return engine;
        }
        catch (OneDnnException exception)
        {
            throw new NernException(exception.Message, exception);
        }
    }
}
