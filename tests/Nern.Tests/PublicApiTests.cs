using System.Reflection;
using System.Runtime.CompilerServices;
using Nern.Fitting;
using Nern.Representation;

namespace Nern.Tests;

/// <summary>
/// What the libraries promise: their public types and members, as PublicApi.txt and PublicApi.Reader.txt list them. After a change that is
/// meant: look at the .received.txt that this test leaves when it fails, and mv it over the other.
/// </summary>
public class PublicApiTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Theory]
    [InlineData("PublicApi.txt", typeof(Fit))]
    [InlineData("PublicApi.Reader.txt", typeof(NeuralRepresentation))]
    public void The_public_surface_is_as_it_was_accepted(string file, Type member)
    {
        var accepted = Path.Combine(Folder(), file);
        var received = Path.ChangeExtension(accepted, ".received.txt");
        var surface = string.Join('\n', member.Assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(Lines)) + '\n';
        if (File.Exists(accepted) && File.ReadAllText(accepted) == surface)
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, surface);
        Assert.Fail($"The public surface has changed. If it is meant to: mv '{received}' '{accepted}'");
    }

    private static IEnumerable<string> Lines(Type type) =>
    [
        type.FullName!,
        .. type.GetMembers(Declared).Where(IsPromised).Select(member => $"    {member}").Order(StringComparer.Ordinal),
    ];

    /// <summary>What the compiler makes for a record, and the two halves of a property, go without saying.</summary>
    private static bool IsPromised(MemberInfo member) => !member.IsDefined(typeof(CompilerGeneratedAttribute)) && member switch
    {
        MethodBase method => (method.IsPublic || method.IsFamily) && (!method.IsSpecialName || method.IsConstructor),
        FieldInfo field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName,
        PropertyInfo property => property.GetMethod is { IsPublic: true } or { IsFamily: true },
        EventInfo => true,
        _ => false,
    };

    private static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
