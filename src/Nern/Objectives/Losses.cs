namespace Nern.Objectives;

/// <summary>The loss terms of a step, unweighted.</summary>
/// <param name="Reconstruction">Equation 3, in the chosen form.</param>
/// <param name="Kd">Equation 5; 0 while off.</param>
/// <param name="Fmd">Equation 4; 0 while off.</param>
public readonly record struct Losses(double Reconstruction, double Kd, double Fmd);
