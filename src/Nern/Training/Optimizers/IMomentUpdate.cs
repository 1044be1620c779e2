using System.Runtime.Intrinsics;

namespace Nern.Training.Optimizers;

/// <summary>The formula of one step for sixteen parameters and their two moments, to be run over all of them by <see cref="MomentPass"/>.</summary>
internal interface IMomentUpdate
{
    void Apply(ref Vector512<float> parameter, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second);
}
