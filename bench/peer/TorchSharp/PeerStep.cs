using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Peer;

/// <summary>
/// A step: all kernels are predicted (with a gradient through some of them), the original and the reconstruction see a batch of noise, all
/// three losses are taken, and Ranger moves the predictor. Networks and products have a precision of their own; parameters, losses and
/// optimiser are float32.
/// </summary>
internal sealed class PeerStep : IDisposable
{
    private const int Levels = 40, Kernels = 4096;
    private const double Base = 1.1;

    private readonly (int Filters, int Channels, int Stride)[] _shapes;
    private readonly Tensor[] _originals, _zeros, _ones, _weights, _biases;
    private readonly Tensor _head, _headBias, _target, _norms, _embedded;
    private readonly int _batch;
    private readonly ScalarType _type;
    private readonly bool _channelsLast;
    private readonly Ranger _optimizer;
    private readonly DisposeScope _scope = NewDisposeScope();

    internal PeerStep(int depth, int hidden, int batch, ScalarType type, bool channelsLast)
    {
        (_batch, _type, _channelsLast) = (batch, type, channelsLast);
        _shapes = [.. Shapes(depth)];
        _originals = [.. _shapes.Select(s => Laid(randn(s.Filters, s.Channels, 3, 3) * Math.Sqrt(2.0 / (9 * s.Channels))))];
        _zeros = [.. _shapes.Select(s => zeros(s.Filters))];
        _ones = [.. _shapes.Select(s => ones(s.Filters))];
        (_head, _headBias) = (randn(10, 64) * 0.1, zeros(10));
        _target = cat([.. _originals.Select(w => w.to(ScalarType.Float32).contiguous().reshape(-1, 9))]);
        _norms = _target.norm(1);
        var frequencies = Math.PI * pow(Base, arange(Levels));
        var coordinates = cat([.. _shapes.Select((s, l) => stack(
            [
                full(s.Filters * s.Channels, (double)l / _shapes.Length),
                (arange(s.Filters) / (double)s.Filters).repeat_interleave(s.Channels), (arange(s.Channels) / (double)s.Channels).repeat(s.Filters),
            ], 1))]).to(ScalarType.Float32);
        _embedded = cat([.. Enumerable.Range(0, 3).Select(axis => Embed(coordinates.select(1, axis).unsqueeze(1) * frequencies))], 1).to(type);
        int[] sizes = [6 * Levels, hidden, hidden, hidden, hidden, 9];
        _weights = [.. Enumerable.Range(0, 5).Select(i => Parameter((rand(sizes[i + 1], sizes[i]) * 2 - 1) / Math.Sqrt(sizes[i])))];
        _biases = [.. Enumerable.Range(0, 5).Select(i => Parameter((rand(sizes[i + 1]) * 2 - 1) / Math.Sqrt(sizes[i])))];
        _optimizer = new([.. _weights, .. _biases]);
    }

    internal void Run()
    {
        using var scope = NewDisposeScope();
        var count = _target.shape[0];
        var chosen = rand(1).item<float>() < 0.8 ? randperm(count)[..Kernels] : multinomial(_norms, Math.Min(Kernels, count));
        Tensor everything;
        using (no_grad())
            everything = Predict(_embedded);
        var predicted = everything.index_copy(0, chosen, Predict(_embedded.index_select(0, chosen)));
        var weights = new Tensor[_shapes.Length];
        long offset = 0;
        foreach (var (i, (filters, channels, _)) in _shapes.Index())
        {
            weights[i] = Laid(predicted.slice(0, offset, offset + (filters * channels), 1).view(filters, channels, 3, 3));
            offset += filters * channels;
        }
        var images = Laid((rand(_batch, 3, 32, 32) * 2) - 1);
        (Tensor Logits, List<Tensor> Maps) original;
        using (no_grad())
            original = Forward(images, _originals);
        var own = Forward(images, weights);
        var reconstruction = (predicted - _target).square().mean().sqrt();
        var maps = original.Maps.Zip(own.Maps, (a, b) => (Normalised(a) - Normalised(b)).square().sum(type: ScalarType.Float32));
        var fmd = maps.Aggregate((sum, map) => sum + map) / _batch;
        var p = functional.softmax(original.Logits, 1);
        var kd = (p * (p.log() - (functional.softmax(own.Logits, 1) + 1e-4).log())).sum() / _batch;
        foreach (var parameter in _optimizer.Parameters)
            parameter.grad = null;
        (reconstruction + (1e-4 * fmd) + (1e-4 * kd)).backward();
        using (no_grad())
            _optimizer.Step();
    }

    public void Dispose() => _scope.Dispose();

    private static IEnumerable<(int, int, int)> Shapes(int depth)
    {
        yield return (16, 3, 1);
        var channels = 16;
        foreach (var filters in new[] { 16, 32, 64 })
            for (var block = 0; block < (depth - 2) / 6; block++)
            {
                yield return (filters, channels, filters == channels ? 1 : 2);
                yield return (filters, filters, 1);
                channels = filters;
            }
    }

    private static Tensor Embed(Tensor angles) => stack([angles.sin(), angles.cos()], 2).flatten(1);

    private Tensor Laid(Tensor tensor) =>
        _channelsLast ? tensor.to(_type).permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : tensor.to(_type);

    private Tensor Predict(Tensor x)
    {
        for (var i = 0; i < 5; i++)
        {
            x = functional.linear(x, _weights[i].to(_type), _biases[i].to(_type));
            if (i < 4)
                x = functional.relu(x);
        }
        return x.to(ScalarType.Float32);
    }

    private (Tensor Logits, List<Tensor> Maps) Forward(Tensor images, Tensor[] weights)
    {
        var maps = new List<Tensor>();
        var z = Unit(images, 0, 1);
        maps.Add(z);
        var x = functional.relu(z);
        for (var i = 1; i < weights.Length; i += 2)
        {
            z = Unit(x, i, _shapes[i].Stride);
            maps.Add(z);
            z = Unit(functional.relu(z), i + 1, 1);
            var shortcut = x;
            if (_shapes[i].Stride == 2)
            {
                var quarter = _shapes[i].Filters / 4;
                shortcut = functional.pad(
                    x[.., .., TensorIndex.Slice(step: 2), TensorIndex.Slice(step: 2)], [0, 0, 0, 0, quarter, quarter]);
            }
            z += shortcut;
            maps.AddRange([z, z]);
            x = functional.relu(z);
        }
        return (functional.linear(x.mean([2, 3]).to(ScalarType.Float32), _head, _headBias), maps);

        Tensor Unit(Tensor input, int i, int stride) => functional.batch_norm(
            functional.conv2d(input, weights[i], strides: [stride, stride], padding: [1, 1]), _zeros[i], _ones[i], _ones[i], _zeros[i],
            training: false);
    }

    private static Tensor Normalised(Tensor map) => map / (map.flatten(1).norm(1).view(-1, 1, 1, 1) + 1e-3);
}

/// <summary>RAdam, Lookahead and gradient centralisation.</summary>
internal sealed class Ranger(Tensor[] parameters)
{
    private const double Rate = 5e-3, Beta1 = 0.5, Beta2 = 0.999, Epsilon = 1e-5, Decay = 1e-3;

    private readonly (Tensor First, Tensor Second, Tensor Slow)[] _state =
        [.. parameters.Select(p => (zeros_like(p), zeros_like(p), p.detach().clone()))];

    private int _step;

    internal Tensor[] Parameters => parameters;

    internal void Step()
    {
        _step++;
        var power = Math.Pow(Beta2, _step);
        const double Most = (2 / (1 - Beta2)) - 1;
        var now = Most - (2 * _step * power / (1 - power));
        var size = 1 / (1 - Math.Pow(Beta1, _step));
        if (now > 5)
            size *= Math.Sqrt((1 - power) * (now - 4) / (Most - 4) * (now - 2) / now * Most / (Most - 2));
        foreach (var (p, (first, second, slow)) in parameters.Zip(_state))
        {
            var gradient = p.grad!;
            if (gradient.dim() == 2)
                gradient -= gradient.mean([1], keepdim: true);
            first.mul_(Beta1).add_(gradient, alpha: 1 - Beta1);
            second.mul_(Beta2).addcmul_(gradient, gradient, value: 1 - Beta2);
            p.mul_(1 - (Decay * Rate));
            if (now > 5)
                p.addcdiv_(first, second.sqrt().add_(Epsilon), value: -size * Rate);
            else
                p.add_(first, alpha: -size * Rate);
            if (_step % 6 == 0)
            {
                slow.add_(p - slow, alpha: 0.5);
                p.copy_(slow);
            }
        }
    }
}
