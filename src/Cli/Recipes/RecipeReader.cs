using Nern.Cli.Options;
using Nern.Fitting;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Nern.Cli.Recipes;

/// <summary>
/// Reads the options of a fit from YAML: one mapping from names to scalars or lists of scalars. Tags, anchors, aliases, mappings in it and
/// further documents are refused where they are met, so nothing can grow beyond the file.
/// </summary>
internal sealed class RecipeReader
{
    private const string Expected = "expected the name of an option and its value, as in 'hidden: 160'";

    // Of a value that a message repeats.
    private const int LongestText = 80;

    private readonly string _file;
    private readonly Parser _parser;
    private readonly HashSet<string> _read = [];

    private RecipeReader(string file, string text) => (_file, _parser) = (file, new Parser(new StringReader(text)));

    /// <summary>The library's defaults with what <paramref name="text"/> sets; each value is checked, not yet all together.</summary>
    /// <param name="file">The file that messages name.</param>
    /// <param name="text">YAML.</param>
    /// <exception cref="NernException">
    /// The text is not such YAML, or names an unknown option, a value out of range or an option twice.
    /// </exception>
    internal static FitOptions Read(string file, string text)
    {
        // The parser would take it for the end.
        if (text.Contains('\0'))
            throw new NernException($"'{file}' cannot be read: expected text, found a zero byte.");
        try
        {
            return new RecipeReader(file, text).Read();
        }
        catch (YamlException exception)
        {
            throw new NernException(
                $"'{file}', line {exception.Start.Line}: expected YAML, found an error: {exception.Message}", exception);
        }
    }

    private FitOptions Read()
    {
        var options = new FitOptions();
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
            return options;
        if (!_parser.TryConsume<MappingStart>(out var mapping) || !IsPlain(mapping))
            throw Problem($"{Expected}.");
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var line = Line;
            var name = Scalar();
            var value = Value(name);
            var option = OptionCatalog<FitOptions>.All.FirstOrDefault(option => option.Name == name)
                ?? throw Problem($"there is no option '{name}'{NearestName.Proposal(name, OptionCatalog<FitOptions>.Names)}", line);
            if (option.Problem(name, value) is not null)
                throw Problem($"the option {name} takes {option.Expected}; got '{Short(value)}'.", line);
            options = option.Set(options, value);
            if (!_read.Add(name))
                throw Problem($"the option {name} is there twice.", line);
        }
        _parser.Consume<DocumentEnd>();
        return _parser.Accept<StreamEnd>(out _) ? options : throw Problem("expected one document, found a second.");
    }

    /// <summary>A scalar, or a list of them with commas between, as on the command line.</summary>
    private string Value(string name)
    {
        if (!_parser.Accept<SequenceStart>(out var list))
            return Scalar();
        if (!IsPlain(list))
            throw Problem($"the option {name} has a tag or an anchor, which recipes do without.");
        _parser.MoveNext();
        var values = new List<string>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
            values.Add(Scalar());
        return string.Join(',', values);
    }

    private string Scalar()
    {
        if (!_parser.Accept<Scalar>(out var scalar))
            throw Problem($"{Expected}.");
        if (!IsPlain(scalar))
            throw Problem($"'{scalar.Value}' has a tag or an anchor, which recipes do without.");
        _parser.MoveNext();
        return scalar.Value;
    }

    private static string Short(string text) => text.Length > LongestText ? $"{text[..LongestText]}…" : text;

    private static bool IsPlain(NodeEvent node) => node.Tag.IsEmpty && node.Anchor.IsEmpty;

    private long Line => _parser.Current!.Start.Line;

    private NernException Problem(string sentence) => Problem(sentence, Line);

    private NernException Problem(string sentence, long line) => new($"'{_file}', line {line}: {sentence}");
}
