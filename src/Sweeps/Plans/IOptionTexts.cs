using Nern.Fitting;

namespace Nern.Sweeps.Plans;

/// <summary>The options of a fit as users write them; what a plan needs of recipes and of the command line.</summary>
internal interface IOptionTexts
{
    /// <summary>The options that a recipe sets.</summary>
    /// <param name="name">Its name or file; null for the usual one.</param>
    /// <exception cref="NernException">It cannot be used.</exception>
    FitOptions Recipe(string? name);

    /// <summary><paramref name="options"/> with one set, by its name.</summary>
    /// <exception cref="NernException">There is no such option, or the text is no value of it.</exception>
    FitOptions Set(FitOptions options, string name, string text);

    /// <summary>All options by name; equal values are equal texts.</summary>
    IReadOnlyDictionary<string, string> Write(FitOptions options);
}
