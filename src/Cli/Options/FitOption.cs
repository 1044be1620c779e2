using System.Linq.Expressions;
using Nern.Fitting;

namespace Nern.Cli.Options;

/// <summary>Makes the options of a fit; <see cref="FitOptionCatalog"/> has all of them.</summary>
internal static class FitOption
{
    /// <inheritdoc cref="OptionEntry{TOptions}.Of"/>
    internal static OptionEntry<FitOptions> Of<T>(
        Expression<Func<FitOptions, T>> get, Func<FitOptions, T, FitOptions> set, ValueSyntax<T> syntax, string description, string why,
        string paper = "") => OptionEntry<FitOptions>.Of(get, set, syntax, description, why, paper);
}
