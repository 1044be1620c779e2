using System.Text.Json.Nodes;
using Nern.Cli.Display.Progress;
using Nern.Cli.Options;
using Nern.Cli.Shell;
using Nern.Evaluation;
using Nern.Orderings;
using Spectre.Console;

namespace Nern.Cli.Display.Reports;

/// <summary>How alike neighbouring kernels are, layer by layer and in each order.</summary>
internal sealed class SmoothnessTable
{
    // Above this many kernels the orderings take seconds.
    private const long ManyKernels = 200_000;

    private readonly List<(OrderingKind Kind, IReadOnlyList<Smoothness> Layers)> _orders = [];

    /// <summary>Measures in the layers' own order first, then in each of the others; shows how far that is if it may take long.</summary>
    /// <param name="terminal">Where progress is shown.</param>
    /// <param name="measure">The smoothness of each layer in an order.</param>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    internal static SmoothnessTable Of(
        Terminal terminal, Func<OrderingKind, IProgress<double>?, CancellationToken, IReadOnlyList<Smoothness>> measure)
    {
        using var interruption = new Interruption(terminal);
        var table = new SmoothnessTable();
        foreach (var kind in (OrderingKind[])[OrderingKind.None, OrderingKind.InFilter, OrderingKind.CrossFilter])
            if (kind != OrderingKind.None && table.Own.Sum(layer => layer.Kernels) > ManyKernels)
                WorkDisplay.Show(
                    terminal, $"{ChoiceNames.Of(kind)} ordering",
                    progress => table._orders.Add((kind, measure(kind, progress, interruption.Token))));
            else
                table._orders.Add((kind, measure(kind, null, interruption.Token)));
        return table;
    }

    /// <summary>The layers in each order, the layers' own first.</summary>
    internal IReadOnlyList<(OrderingKind Kind, IReadOnlyList<Smoothness> Layers)> Orders => _orders;

    private IReadOnlyList<Smoothness> Own => _orders[0].Layers;

    private IEnumerable<Smoothness> Totals => _orders.Select(order => Smoothness.Total(order.Layers));

    /// <summary>For programs: null if there are no convolutions.</summary>
    internal JsonObject? ToJson()
    {
        if (Own.Count == 0)
            return null;
        var json = Describe([.. Totals]);
        json["layers"] = new JsonArray([.. Enumerable.Range(0, Own.Count).Select(i =>
        {
            var layer = Describe([.. _orders.Select(order => order.Layers[i])]);
            layer.Insert(0, "name", Own[i].Layer);
            return layer;
        })]);
        return json;
    }

    /// <summary>For people: nothing if there are no convolutions.</summary>
    internal void Write(Terminal terminal)
    {
        if (Own.Count == 0)
            return;
        terminal.Output.WriteLine(
            "Mean distance of neighbouring kernels (1 - cosine; of 1x1 kernels |a - b|), as they stand and in each ordering:");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(
            new TableColumn("layer"), new TableColumn("kernels").RightAligned(), new TableColumn("own order").RightAligned(),
            new TableColumn("in-filter").RightAligned(), new TableColumn("cross-filter").RightAligned());
        for (var i = 0; i < Own.Count; i++)
            AddRow(_orders.Select(order => order.Layers[i]));
        AddRow(Totals);
        terminal.Console.Write(table);
        var all = Totals.First();
        terminal.Output.WriteLine(
            $"The distances of all {Figures.Count(all.Pairs)} pairs of neighbours, in their own order, "
            + $"sum to {Figures.Fixed(all.Sum, 1)} (the paper's equation 6).");

        void AddRow(IEnumerable<Smoothness> orders)
        {
            var own = orders.First();
            table.AddRow(
                [Markup.Escape(own.Layer), Figures.Count(own.Kernels), .. orders.Select(order => Figures.Fraction(order.Mean))]);
        }
    }

    /// <summary>One layer in every order.</summary>
    private JsonObject Describe(Smoothness[] orders)
    {
        return new()
        {
            ["kernels"] = orders[0].Kernels,
            ["pairs"] = orders[0].Pairs,
            ["meanDistance"] = Each(order => order.Mean),
            ["sum"] = Each(order => order.Sum),
        };

        JsonObject Each(Func<Smoothness, double> figure) => new(_orders.Zip(orders, (order, smoothness) =>
            KeyValuePair.Create(ChoiceNames.Of(order.Kind), Number(figure(smoothness)))));
    }

    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;
}
