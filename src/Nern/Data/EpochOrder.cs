namespace Nern.Data;

/// <summary>An endless walk over a set of images: each once an epoch, in an order shuffled anew.</summary>
internal sealed class EpochOrder(int count)
{
    private readonly int[] _order = new int[count];
    private EpochPosition _position;

    /// <summary>Where the walk stands.</summary>
    /// <exception cref="NernException">When set: the position does not lie within the images.</exception>
    internal EpochPosition Position
    {
        get => _position;
        set
        {
            if (value.Remaining < 0 || value.Remaining > _order.Length)
                throw new NernException(
                    $"A position in {_order.Length} images has 0 to {_order.Length} of them left; got {value.Remaining}.");
            StartEpoch(value.Seed);
            _position = value;
        }
    }

    /// <summary>The next image, with a seed of its own.</summary>
    internal DrawnImage Draw(Generator generator)
    {
        if (_position.Remaining == 0)
            StartEpoch(generator.NextUInt64());
        var index = _order[_order.Length - _position.Remaining];
        _position = _position with { Remaining = _position.Remaining - 1 };
        return new(index, generator.NextUInt64());
    }

    private void StartEpoch(ulong seed)
    {
        for (var i = 0; i < _order.Length; i++)
            _order[i] = i;
        new Generator(seed).Shuffle(_order.AsSpan());
        _position = new EpochPosition(seed, _order.Length);
    }
}

/// <summary>
/// A place in the endless walk over a set of images. The order of an epoch follows from its seed alone, so that a checkpoint
/// holds two numbers and not a permutation. The default value is before the first epoch.
/// </summary>
/// <param name="Seed">What the order of the running epoch was shuffled with.</param>
/// <param name="Remaining">How many of its images are still to come.</param>
public readonly record struct EpochPosition(ulong Seed, int Remaining);
