using Nern.OneDnn;

namespace Nern.Engine;

/// <summary>Where the library puts the elements of a tensor: its own reorder, sent a tensor of numbers, tells.</summary>
internal static class ElementPlaces
{
    // float32 holds whole numbers up to 2^24; digits in this base stay far below.
    private const int Base = 4096;

    /// <summary>
    /// For each element of <paramref name="plain"/>, in row-major order, its place in the storage of <paramref name="layout"/>.
    /// </summary>
    /// <param name="engine">The engine.</param>
    /// <param name="plain">float32, row-major.</param>
    /// <param name="layout">The same dimensions in any layout; places that hold no element are padding.</param>
    internal static int[] Of(CpuEngine engine, MemoryDescriptor plain, MemoryDescriptor layout)
    {
        using var numbers = new Memory(engine, plain);
        using var placed = new Memory(engine, layout);
        using var reorder = Primitives.Reorder(engine, plain, layout);
        using var execution = reorder.Bind((Argument.Source, numbers), (Argument.Destination, placed));
        // Numbers from 1 on: padding is 0.
        var places = new int[numbers.AsSpan<float>().Length];
        var found = new int[placed.AsSpan<float>().Length];
        for (var unit = 1L; unit <= places.Length; unit *= Base)
        {
            for (var i = 0; i < places.Length; i++)
                numbers.AsSpan<float>()[i] = (i + 1) / unit % Base;
            execution.Run();
            for (var place = 0; place < found.Length; place++)
                found[place] += (int)(unit * (int)placed.AsSpan<float>()[place]);
        }
        for (var place = 0; place < found.Length; place++)
            if (found[place] > 0)
                places[found[place] - 1] = place;
        return places;
    }
}
