// Draws tables as SVG: what experiments/smoothness and experiments/figure5-pruning have found, and what bench/compress has.
using Nern.Experiments;

switch (args)
{
    case [var table, var file]:
        SmoothnessPlot.Draw(table, file);
        return 0;
    case ["sizes", var table, ("accuracy" or "kl") and var column, var file]:
        SizesPlot.Draw(table, column, file);
        return 0;
    case ["pruning", var table, var file]:
        PruningPlot.Draw(table, file);
        return 0;
    default:
        Console.Error.WriteLine("usage: Plot TABLE.csv PLOT.svg\n       Plot pruning TABLE.csv PLOT.svg\n       Plot sizes TABLE.csv accuracy|kl PLOT.svg");
        return 2;
}
