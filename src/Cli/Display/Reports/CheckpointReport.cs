using System.Text.Json.Nodes;
using Nern.Checkpoints;
using Nern.Cli.Shell;
using Nern.Files;
using Nern.Tensors;
using Spectre.Console;

namespace Nern.Cli.Display.Reports;

/// <summary>The tensors of a checkpoint.</summary>
/// <param name="File">Where it was read from.</param>
/// <param name="Checkpoint">What it holds.</param>
/// <param name="States">What states the file holds; shown where they are several.</param>
/// <param name="Smoothness">Of its convolutions.</param>
internal sealed record CheckpointReport(
    string File, Checkpoint Checkpoint, IReadOnlyList<string> States, SmoothnessTable Smoothness) : IReport
{
    private const int ListedUnreadable = 12;

    private long Elements => Checkpoint.Tensors.Values.Sum(tensor => (long)tensor.Count);

    private long Bytes => Checkpoint.Tensors.Values.Sum(tensor => (long)tensor.Data.Length);

    /// <inheritdoc/>
    public JsonObject ToJson() => new()
    {
        ["file"] = File,
        ["kind"] = "checkpoint",
        ["bytes"] = InputFile.LengthOf(File),
        ["prefix"] = Checkpoint.Prefix,
        ["states"] = new JsonArray([.. States.Select(state => JsonValue.Create(state))]),
        ["elements"] = Elements,
        ["tensorBytes"] = Bytes,
        ["tensors"] = new JsonArray([.. Checkpoint.Tensors.Select(tensor => new JsonObject
        {
            ["name"] = tensor.Key,
            ["type"] = NameOf(tensor.Value.Type),
            ["shape"] = new JsonArray([.. tensor.Value.Shape.Select(dimension => JsonValue.Create(dimension))]),
        })]),
        ["smoothness"] = Smoothness.ToJson(),
    };

    /// <inheritdoc/>
    public void Write(Terminal terminal)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(
            new TableColumn("tensor"), new TableColumn("type"), new TableColumn("shape"), new TableColumn("elements").RightAligned());
        foreach (var (name, tensor) in Checkpoint.Tensors)
            table.AddRow(
                Markup.Escape(name), NameOf(tensor.Type), Markup.Escape(Tensor.Describe(tensor.Shape)), Figures.Count(tensor.Count));
        terminal.Console.Write(table);
        var prefix = Checkpoint.Prefix.Length > 0 ? $" Every name begins with {Checkpoint.Prefix} in the file." : "";
        terminal.Output.WriteLine(
            $"{Checkpoint.Tensors.Count} tensors of {Figures.Count(Elements)} elements, {Figures.Bytes(Bytes)}; "
            + $"the file has {Figures.Bytes(InputFile.LengthOf(File))}.{prefix}");
        if (States.Count > 1)
            terminal.Output.WriteLine($"The file holds several states (--state): {string.Join(", ", States.Select(state => state.Length == 0 ? "the top" : state))}.");
        if (Checkpoint.Unreadable is { Count: > 0 and var count } unreadable)
            terminal.Output.WriteLine(
                $"Not read: {string.Join("; ", unreadable.Take(ListedUnreadable).Select(entry => $"{entry.Key} {entry.Value}"))}"
                + (count > ListedUnreadable ? $"; and {count - ListedUnreadable} more." : "."));
        Smoothness.Write(terminal);
    }

    private static string NameOf(ElementType type) => type.ToString().ToLowerInvariant();
}
