namespace Nern.Evaluation;

/// <summary>What a network makes of labelled images, without those that could not be read.</summary>
/// <param name="Logits">[images, logits].</param>
/// <param name="Labels">The class of each image.</param>
public sealed record Classification(float[] Logits, int[] Labels)
{
    /// <summary>How many images have their label as the network's first choice.</summary>
    public Accuracy Accuracy => Accuracy.Of(Logits, Labels);

    /// <summary>How many images have their label among the network's first five choices.</summary>
    public Accuracy TopFive => Accuracy.Of(Logits, Labels, top: 5);
}
