namespace Nern.Objectives;

/// <summary>The loss terms of a step, unweighted.</summary>
/// <param name="Reconstruction">Equation 3, in the chosen form.</param>
/// <param name="Kd">Equation 5; 0 while off.</param>
/// <param name="Fmd">Equation 4; 0 while off.</param>
public readonly record struct Losses(double Reconstruction, double Kd, double Fmd);

/// <summary>The weights of the loss terms (paper, equation 2).</summary>
/// <param name="Reconstruction">Of the reconstruction loss; 1 in the paper.</param>
/// <param name="Kd">Of logit distillation, alpha; 0 leaves it out.</param>
/// <param name="Fmd">Of feature-map distillation, beta; 0 leaves it out.</param>
public readonly record struct LossWeights(double Reconstruction, double Kd, double Fmd)
{
    /// <summary>The weights before distillation joins: the reconstruction loss alone, and whole.</summary>
    public static LossWeights WarmingUp => new(1, 0, 0);

    /// <summary>Whether any distillation is on, so that images are needed.</summary>
    public bool Distils => Kd > 0 || Fmd > 0;

    /// <summary>The objective: L = L_recon + alpha L_KD + beta L_FMD (paper, equation 2).</summary>
    public double Total(Losses losses) => (Reconstruction * losses.Reconstruction) + Distillation(losses);

    /// <summary>Its terms of distillation: alpha L_KD + beta L_FMD.</summary>
    public double Distillation(Losses losses) => (Kd * losses.Kd) + (Fmd * losses.Fmd);
}
