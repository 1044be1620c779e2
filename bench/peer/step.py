"""The same training step in eager PyTorch: a lean script for comparison, not the method's released code.

One step: predict all kernels (gradient through a batch of them only), run the original and the reconstruction on a batch of noise,
all three losses, backward, Ranger. Prints one JSON line.
usage: step.py --depth 20 --hidden 160 --batch 256 --steps 20 --threads 2
"""
import argparse
import json
import math
import time

import torch
import torch.nn.functional as F

LEVELS, BASE, KERNELS = 40, 1.1, 4096


def layers_of(depth):
    """[filters, channels, stride] of each convolution of a CIFAR ResNet."""
    shapes, channels = [(16, 3, 1)], 16
    for filters in (16, 32, 64):
        for _ in range((depth - 2) // 6):
            shapes.append((filters, channels, 1 if filters == channels else 2))
            shapes.append((filters, filters, 1))
            channels = filters
    return shapes


def forward(images, weights, norms, head):
    """Logits and the maps before each ReLU (sums twice, as the released code has them)."""
    maps = []

    def unit(x, i, stride):
        return F.batch_norm(F.conv2d(x, weights[i], stride=stride, padding=1), *norms[i], training=False)

    z = unit(images, 0, 1)
    maps.append(z)
    x = F.relu(z)
    for i in range(1, len(weights), 2):
        stride = 2 if weights[i].shape[0] != weights[i].shape[1] else 1
        z = unit(x, i, stride)
        maps.append(z)
        z = unit(F.relu(z), i + 1, 1)
        shortcut = x
        if stride == 2:
            quarter = weights[i].shape[0] // 4
            shortcut = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, quarter, quarter))
        z = z + shortcut
        maps += [z, z]
        x = F.relu(z)
    return F.linear(x.mean((2, 3)), *head), maps


def normalised(m):
    return m / (m.flatten(1).norm(dim=1).view(-1, 1, 1, 1) + 1e-3)


class Ranger:
    """RAdam, Lookahead and gradient centralisation."""

    def __init__(self, parameters, rate=5e-3, beta1=0.5, beta2=0.999, epsilon=1e-5, decay=1e-3):
        self.parameters, self.rate, self.beta1, self.beta2, self.epsilon, self.decay = list(parameters), rate, beta1, beta2, epsilon, decay
        self.state = [(torch.zeros_like(p), torch.zeros_like(p), p.detach().clone()) for p in self.parameters]
        self.t = 0

    @torch.no_grad()
    def step(self):
        self.t += 1
        power = self.beta2 ** self.t
        most = 2 / (1 - self.beta2) - 1
        now = most - 2 * self.t * power / (1 - power)
        size = 1 / (1 - self.beta1 ** self.t)
        if now > 5:
            size *= math.sqrt((1 - power) * (now - 4) / (most - 4) * (now - 2) / now * most / (most - 2))
        for p, (m, v, slow) in zip(self.parameters, self.state):
            g = p.grad
            if g.dim() == 2:
                g = g - g.mean(1, keepdim=True)
            m.mul_(self.beta1).add_(g, alpha=1 - self.beta1)
            v.mul_(self.beta2).addcmul_(g, g, value=1 - self.beta2)
            p.mul_(1 - self.decay * self.rate)
            if now > 5:
                p.addcdiv_(m, v.sqrt().add_(self.epsilon), value=-size * self.rate)
            else:
                p.add_(m, alpha=-size * self.rate)
            if self.t % 6 == 0:
                slow.add_(p - slow, alpha=0.5)
                p.copy_(slow)


def main():
    parser = argparse.ArgumentParser()
    for name, default in (("depth", 20), ("hidden", 160), ("batch", 256), ("steps", 20), ("threads", 2), ("warmup", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    torch.manual_seed(0)
    shapes = layers_of(o.depth)
    originals = [torch.randn(f, c, 3, 3) * math.sqrt(2 / (9 * c)) for f, c, _ in shapes]
    norms = [(torch.zeros(f), torch.ones(f), torch.ones(f), torch.zeros(f)) for f, _, _ in shapes]
    head = (torch.randn(10, 64) * 0.1, torch.zeros(10))
    target = torch.cat([w.reshape(-1, 9) for w in originals])

    frequency = math.pi * BASE ** torch.arange(LEVELS)
    embed = lambda v: torch.stack([torch.sin(v[:, None] * frequency), torch.cos(v[:, None] * frequency)], 2).flatten(1)
    coordinates = torch.cat([torch.stack(torch.meshgrid(
        torch.tensor([l / len(shapes)]), torch.arange(f) / f, torch.arange(c) / c, indexing="ij"), -1).reshape(-1, 3)
        for l, (f, c, _) in enumerate(shapes)])
    embedded = torch.cat([embed(coordinates[:, axis]) for axis in range(3)], 1)
    sizes = [6 * LEVELS] + [o.hidden] * 4 + [9]
    predictor = torch.nn.Sequential(*[layer for i in range(5) for layer in (
        [torch.nn.Linear(sizes[i], sizes[i + 1])] + ([torch.nn.ReLU()] if i < 4 else []))])
    norm = target.norm(dim=1)
    optimizer = Ranger(predictor.parameters())

    def step():
        count = len(target)
        if torch.rand(1).item() < 0.8:
            chosen = torch.randperm(count)[:KERNELS]
        else:
            chosen = torch.multinomial(norm, min(KERNELS, count))
        with torch.no_grad():
            everything = predictor(embedded)
        predicted = everything.index_copy(0, chosen, predictor(embedded[chosen]))
        weights, offset = [], 0
        for f, c, _ in shapes:
            weights.append(predicted[offset:offset + f * c].view(f, c, 3, 3))
            offset += f * c
        images = torch.rand(o.batch, 3, 32, 32) * 2 - 1
        with torch.no_grad():
            logits, maps = forward(images, originals, norms, head)
        own_logits, own_maps = forward(images, weights, norms, head)
        reconstruction = (predicted - target).square().mean().sqrt()
        fmd = sum((normalised(a) - normalised(b)).square().sum() for a, b in zip(maps, own_maps)) / o.batch
        p = F.softmax(logits, 1)
        kd = (p * (p.log() - (F.softmax(own_logits, 1) + 1e-4).log())).sum() / o.batch
        for parameter in predictor.parameters():
            parameter.grad = None
        (reconstruction + 1e-4 * fmd + 1e-4 * kd).backward()
        optimizer.step()

    for _ in range(o.warmup):
        step()
    seconds = []
    for _ in range(o.steps):
        begin = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - begin)
    print(json.dumps({"secondsPerStep": sorted(seconds)[len(seconds) // 2], "all": seconds}))


if __name__ == "__main__":
    main()
