"""Training the CIFAR ResNet-20 itself in eager PyTorch: the recipe of a usual training run, for comparison.

SGD with Nesterov momentum, batches of flipped and cropped images, a learning rate that rises over the first epoch and falls
along half a cosine. Images are augmented a batch at a time, without a data loader. Prints one JSON line.
usage: train.py --data cifar-10-batches-bin --epochs 30 --batch 128 --seed 0 --threads 2 [--steps 50]
"""
import argparse
import json
import math
import os
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

RATE, MOMENTUM, DECAY, PADDING, SIDE = 0.1, 0.9, 5e-4, 4, 32
MEAN, DEVIATION = (torch.tensor(v).view(3, 1, 1) for v in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)))


class Block(nn.Module):
    def __init__(self, channels, filters):
        super().__init__()
        self.stride = 1 if filters == channels else 2
        self.conv1 = nn.Conv2d(channels, filters, 3, self.stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.stride == 2:
            quarter = y.shape[1] // 4
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, quarter, quarter))
        return F.relu(y + x)


class ResNet20(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = nn.Sequential(*[Block(16, 16) for _ in range(3)])
        self.layer2 = nn.Sequential(Block(16, 32), Block(32, 32), Block(32, 32))
        self.layer3 = nn.Sequential(Block(32, 64), Block(64, 64), Block(64, 64))
        self.linear = nn.Linear(64, 10)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity="relu")

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        return self.linear(self.layer3(self.layer2(self.layer1(x))).mean((2, 3)))


def read(folder, names):
    """Pixels [images, 3, 32, 32] and labels of those of the files that are there."""
    paths = [path for path in (os.path.join(folder, name) for name in names) if os.path.exists(path)]
    if not paths:
        raise SystemExit(f"train.py: there is none of {', '.join(names)} in '{folder}'.")
    records = torch.cat([torch.frombuffer(bytearray(open(path, "rb").read()), dtype=torch.uint8) for path in paths]).view(-1, 3073)
    return records[:, 1:].reshape(-1, 3, SIDE, SIDE), records[:, 0].long()


def normalised(pixels):
    return pixels.float().div_(255).sub_(MEAN).div_(DEVIATION)


def augmented(windows, chosen):
    """A random window of each chosen image, every second one mirrored."""
    down, right = torch.randint(2 * PADDING + 1, (2, len(chosen)))
    images = normalised(windows[chosen, :, down, right])
    images = torch.where(torch.rand(len(chosen), 1, 1, 1) < 0.5, images.flip(3), images)
    return images.contiguous(memory_format=torch.channels_last)


def rate_at(step, warmup, steps):
    return RATE * min(1, (step + 1) / warmup) * 0.5 * (1 + math.cos(math.pi * step / steps))


@torch.no_grad()
def accuracy(network, pixels, labels):
    network.eval()
    right = sum((network(normalised(p)).argmax(1) == l).sum().item() for p, l in zip(pixels.split(500), labels.split(500)))
    return right / len(labels)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True, help="a folder with the binary version of CIFAR-10")
    for name, default in (("epochs", 30), ("batch", 128), ("seed", 0), ("threads", 2), ("steps", None)):
        parser.add_argument(f"--{name}", type=int, default=default)
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    torch.manual_seed(o.seed)
    pixels, labels = read(o.data, [f"data_batch_{i}.bin" for i in range(1, 6)])
    test = read(o.data, ["test_batch.bin"])
    # Every window of every padded image, [images, 3, down, right, 32, 32]: a view.
    windows = F.pad(pixels, [PADDING] * 4).unfold(2, SIDE, 1).unfold(3, SIDE, 1)
    an_epoch = len(labels) // o.batch
    if an_epoch == 0:
        raise SystemExit(f"train.py: a batch takes {o.batch} images; there are {len(labels)}.")
    # PyTorch's convolutions are a little faster on pixels with their channels innermost.
    network = ResNet20().to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(network.parameters(), RATE, MOMENTUM, weight_decay=DECAY, nesterov=True)
    total = o.epochs * an_epoch

    begin, seconds, loss = time.perf_counter(), [], None
    for step in range(total if o.steps is None else min(o.steps, total)):
        start = time.perf_counter()
        if step % an_epoch == 0:
            order = torch.randperm(len(labels))
        chosen = order[step % an_epoch * o.batch:][:o.batch]
        optimizer.param_groups[0]["lr"] = rate_at(step, an_epoch, total)
        loss = F.cross_entropy(network(augmented(windows, chosen)), labels[chosen])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        seconds.append(time.perf_counter() - start)
    trained = time.perf_counter() - begin
    median = sorted(seconds)[len(seconds) // 2]
    print(json.dumps({
        "accuracy": accuracy(network, *test), "loss": loss.item(), "steps": len(seconds), "secondsPerStep": median,
        "imagesPerSecond": o.batch / median, "trainingSeconds": trained, "totalSeconds": time.perf_counter() - begin,
        "threads": o.threads,
    }))


if __name__ == "__main__":
    main()
