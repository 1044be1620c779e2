namespace Nern.Training;

/// <summary>How the learning rate goes on behind the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Half a cosine down to 0.</summary>
    Cosine,
    /// <summary>Down by a factor at some milestones.</summary>
    Step,
}
