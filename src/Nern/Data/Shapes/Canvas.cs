using System.Numerics;

namespace Nern.Data.Shapes;

/// <summary>A picture while it is painted: colours of 0 to 1, row by row.</summary>
internal readonly ref struct Canvas(Span<Vector3> pixels)
{
    private const int Side = ShapeImages.Side;

    private readonly Span<Vector3> _pixels = pixels;

    /// <summary>A colour that is neither black nor white.</summary>
    internal static Vector3 NextColour(ref SplitMix64 random) =>
        new(random.NextSingle(0.05f, 0.95f), random.NextSingle(0.05f, 0.95f), random.NextSingle(0.05f, 0.95f));

    /// <summary>Fills the picture with a colour that varies slowly: random ones on a lattice, interpolated linearly.</summary>
    internal void PaintGround(Vector3 colour, float variation, ref SplitMix64 random)
    {
        const int Cells = 4;
        const int Corners = Cells + 1;
        Span<Vector3> lattice = stackalloc Vector3[Corners * Corners];
        foreach (ref var corner in lattice)
            corner = colour + ((NextColour(ref random) - new Vector3(0.5f)) * variation);
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                var (right, down) = ((x + 0.5f) * Cells / Side, (y + 0.5f) * Cells / Side);
                var (column, row) = ((int)right, (int)down);
                var corners = lattice[((row * Corners) + column)..];
                var above = Mix(corners[0], corners[1], right - column);
                var below = Mix(corners[Corners], corners[Corners + 1], right - column);
                _pixels[(y * Side) + x] = Mix(above, below, down - row);
            }
    }

    /// <summary>Paints a form; its edge is <paramref name="softness"/> pixels wide, which also keeps it from being jagged.</summary>
    internal void Paint<T>(T form, Vector3 colour, float softness) where T : struct, IForm
    {
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
            {
                var coverage = 0.5f - (form.Distance(x + 0.5f, y + 0.5f) / softness);
                ref var pixel = ref _pixels[(y * Side) + x];
                if (coverage > 0)
                    pixel = Mix(pixel, colour, MathF.Min(coverage, 1));
            }
    }

    /// <summary>Lets light fall from one side.</summary>
    internal void Light(float strength, ref SplitMix64 random)
    {
        var (alongX, alongY) = random.NextDirection();
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
                _pixels[(y * Side) + x] *= 1 + (strength * ((alongX * (x - (Side / 2))) + (alongY * (y - (Side / 2)))) / (Side / 2));
    }

    /// <summary>Writes the planes red, green and blue with uniform noise of <paramref name="amplitude"/>.</summary>
    internal void Write(Span<byte> planes, float amplitude, ref SplitMix64 random)
    {
        // One draw of 64 bits is the noise of three channels, 20 bits each.
        const int Bits = 20;
        const ulong Mask = (1 << Bits) - 1;
        const float Scale = 2f / (1 << Bits);
        for (var i = 0; i < _pixels.Length; i++)
        {
            var bits = random.NextUInt64();
            for (var channel = 0; channel < 3; channel++)
            {
                var noise = (((bits >> (Bits * channel)) & Mask) * Scale) - 1;
                var value = _pixels[i][channel] + (amplitude * noise);
                planes[(channel * _pixels.Length) + i] = (byte)((255 * Math.Clamp(value, 0, 1)) + 0.5f);
            }
        }
    }

    // Not Vector3.Lerp, which rounds once or twice as the processor likes.
    private static Vector3 Mix(Vector3 from, Vector3 to, float part) => from + ((to - from) * part);
}
