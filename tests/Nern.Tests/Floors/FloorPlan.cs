using System.Reflection;
using System.Runtime.CompilerServices;

namespace Nern.Tests.Floors;

/// <summary>Namespaces in an order: a type may use types of its own namespace and of those below it.</summary>
/// <param name="floors">Their full names, the lowest first; a namespace inside another that is not named belongs to it.</param>
internal sealed class FloorPlan(params string[] floors)
{
    /// <summary>
    /// Each use of a higher floor by a type of <paramref name="assembly"/>, as <c>A.B.Type uses C.D.Other: C.D is above A.B</c>.
    /// </summary>
    internal IReadOnlyList<string> Violations(Assembly assembly) =>
    [
        .. TypeUses.Of(assembly)
            .Where(use => Floor(use.User) is >= 0 and var floor && Floor(use.Used) > floor)
            .Select(use => $"{use.User.FullName} uses {use.Used.FullName}: {use.Used.Namespace} is above {use.User.Namespace}")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The namespaces of <paramref name="assembly"/> that the plan has no floor for; generated code aside.</summary>
    internal IReadOnlyList<string> Unplanned(Assembly assembly) =>
    [
        .. assembly.GetTypes()
            .Where(type => type.Namespace is not null && Floor(type) < 0 && !type.IsDefined(typeof(CompilerGeneratedAttribute), false)
                && !type.Namespace.StartsWith("System.", StringComparison.Ordinal))
            .Select(type => type.Namespace!)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    private int Floor(Type type)
    {
        var name = type.Namespace ?? "";
        var floor = Array.IndexOf(floors, name);
        // What stands above all, the assembly's own namespace, has only its own types.
        while (floor < 0 && name.LastIndexOf('.') is > 0 and var dot && name[..dot].Contains('.'))
            floor = Array.IndexOf(floors, name = name[..dot]);
        return floor;
    }
}
