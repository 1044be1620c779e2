using System.Globalization;
using System.Numerics;
using Nern.Files;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Nern.Sweeps.Plans;

/// <summary>A value of a YAML file and where it stands; what is not as expected is an error that names file and line.</summary>
internal readonly record struct PlanNode(string File, YamlNode Node)
{
    private const int LargestFile = 1 << 20;
    private const int DeepestNesting = 16;

    /// <summary>The place of the value, for errors.</summary>
    internal string Place => $"'{File}', line {Node.Start.Line}";

    /// <summary>Reads the one document of a file.</summary>
    /// <exception cref="NernException">The file is missing, too large, or not YAML.</exception>
    internal static PlanNode Read(string path)
    {
        try
        {
            var text = InputFile.ReadText(path, "a plan", LargestFile);
            CheckStructure(path, text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [var document]
                ? new(path, document.RootNode)
                : throw new NernException($"'{path}' should hold one YAML document; found {stream.Documents.Count}.");
        }
        catch (YamlException exception)
        {
            throw new NernException($"'{path}', line {exception.Start.Line}: not YAML: {exception.Message}", exception);
        }
    }

    /// <summary>The entries of a mapping in their order, whatever their keys are.</summary>
    internal IReadOnlyList<KeyValuePair<string, PlanNode>> Entries()
    {
        if (Node is not YamlMappingNode map)
            throw Unexpected("names and values");
        var file = File;
        return
        [
            .. map.Children.Select(entry => KeyValuePair.Create(new PlanNode(file, entry.Key).Text(), new PlanNode(file, entry.Value))),
        ];
    }

    /// <summary>The entries of a mapping that may have the keys <paramref name="known"/> and no others.</summary>
    internal IReadOnlyDictionary<string, PlanNode> Map(params string[] known)
    {
        var entries = Entries();
        foreach (var (key, node) in entries)
            if (!known.Contains(key))
                throw new NernException($"{node.Place}: there is no key '{key}' here{NearestName.Proposal(key, known)}");
        return entries.ToDictionary();
    }

    /// <summary>The items of a list.</summary>
    internal IReadOnlyList<PlanNode> Items()
    {
        if (Node is not YamlSequenceNode list)
            throw Unexpected("a list");
        var file = File;
        return [.. list.Children.Select(item => new PlanNode(file, item))];
    }

    /// <summary>A word, number or text.</summary>
    internal string Text() => Node is YamlScalarNode { Value: { Length: > 0 } text } && !IsNull ? text : throw Unexpected("a value");

    /// <summary>A number.</summary>
    internal T Number<T>() where T : INumberBase<T> =>
        T.TryParse(Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && T.IsFinite(number)
            ? number
            : throw Unexpected("a number");

    /// <summary>Whether the value was left out: nothing or ~.</summary>
    internal bool IsNull => Node is YamlScalarNode { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" };

    /// <summary>Whether the value is a list.</summary>
    internal bool IsList => Node is YamlSequenceNode;

    /// <summary>The error that something else was expected here.</summary>
    internal NernException Unexpected(string expected) => new($"{Place}: expected {expected}, found {Kind}.");

    private string Kind => Node switch
    {
        YamlMappingNode => "names and values",
        YamlSequenceNode => "a list",
        _ when IsNull => "nothing",
        _ => $"'{Node}'",
    };

    // Nodes are read by recursion, which a hostile file could drive to the end of the stack.
    private static void CheckStructure(string path, string text)
    {
        var parser = new Parser(new StringReader(text));
        for (var depth = 0; parser.MoveNext();)
        {
            if ((depth += parser.Current!.NestingIncrease) > DeepestNesting)
                throw new NernException($"'{path}', line {parser.Current.Start.Line}: nested more than {DeepestNesting} deep.");
            if (parser.Current is AnchorAlias)
                throw new NernException($"'{path}', line {parser.Current.Start.Line}: an alias, which plans do without.");
        }
    }
}
