using System.Runtime.Intrinsics;

namespace Nern.Optimizers;

/// <summary>The formula of one step for sixteen parameters and their moments; <see cref="MomentPass"/> runs it over all of them.</summary>
internal interface IMomentUpdate
{
    void Apply(ref Vector512<float> parameter, Vector512<float> gradient, ref Vector512<float> first, ref Vector512<float> second);
}
