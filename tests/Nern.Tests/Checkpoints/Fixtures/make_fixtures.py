"""Writes the PyTorch checkpoints beside this script; the tests know what is in them.

Made with PyTorch 1.13 (Debian's python3-torch): python3 make_fixtures.py
Element i of every tensor, in row-major order, is (i - 3) / 2 (i mod 2 for booleans, i - 3 for integers, i for unsigned).
"""
import argparse
import collections
import datetime
import enum
import functools
import os
import pathlib

import numpy
import torch

HERE = os.path.dirname(os.path.abspath(__file__))
TYPES = ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]


def ramp(*shape, dtype=torch.float32):
    count = 1
    for size in shape:
        count *= size
    values = torch.arange(count, dtype=torch.float64)
    if dtype == torch.bool:
        values = values % 2
    elif dtype.is_floating_point:
        values = (values - 3) / 2
    elif dtype != torch.uint8:
        values = values - 3
    return values.reshape(shape).to(dtype)


def network():
    """A state dict as a module makes it, with the version metadata that Python keeps on the dictionary."""
    net = torch.nn.Sequential(collections.OrderedDict(conv=torch.nn.Conv2d(2, 3, 3), bn=torch.nn.BatchNorm2d(3)))
    state = net.state_dict()
    for name, value in state.items():
        state[name] = ramp(*value.shape, dtype=value.dtype)
    return state


def strided():
    channels_last = ramp(2, 3, 2, 2).contiguous(memory_format=torch.channels_last)
    every_second = torch.zeros(6, 2)[::2]
    every_second.copy_(ramp(3, 2))
    transposed = ramp(4, 3).t().contiguous().t()
    return {"transposed": transposed, "channels_last": channels_last, "every_second": every_second}


def shared():
    base = ramp(12)
    return {"base": base, "tail": base[8:], "matrix": base.view(3, 4), "tied": base}


def nested():
    state = collections.OrderedDict(("module." + name, value) for name, value in network().items())
    optimizer = {"state": {0: {"momentum_buffer": ramp(2)}}, "param_groups": [{"lr": 0.1, "params": [0, 1]}]}
    return {"epoch": 3, "arch": "tiny", "best": torch.tensor(0.5), "seed": 2**64 - 1, "nothing": None, "done": True,
            "optimizer": optimizer, "state_dict": state}


class Mode(enum.Enum):
    TRAIN = 1


class Settings(dict):
    """A dictionary of a class that no reader knows."""


def beside():
    """All kinds of things that trainings keep beside the network, and its running average."""
    parameter = torch.nn.Parameter(ramp(2))
    optimizer = torch.optim.SGD([parameter], lr=0.1)
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [3, 5])
    tagged = ramp(2)
    tagged.tag = "made by hand"
    loop = []
    loop.append((loop,))
    extras = [schedule.state_dict(), numpy.float64(0.5), numpy.arange(3), numpy.random.default_rng(0), numpy.dtype("f4"),
              argparse.Namespace(lr=0.1), {1, 2}, frozenset([1]), b"bytes", b"", bytearray(b"bytes"), pathlib.PurePosixPath("a/b"),
              torch.device("cuda:0"), torch.float16, torch.Size([1]), collections.defaultdict(list, a=[1]), collections.deque([1]),
              Settings(a=1), Mode.TRAIN, datetime.timedelta(1), functools.partial(print, 1), 1 + 2j, 10 ** 700, loop]
    tensors = {"quantised": torch.quantize_per_tensor(ramp(3), 0.5, 0, torch.qint8), "sparse": torch.eye(2).to_sparse(),
               "complex": ramp(2).to(torch.complex64), "tagged": tagged}
    return {"extras": extras, "tensors": tensors, "state_dict": network(), "ema": Settings(network())}


def save(name, value, **options):
    torch.save(value, os.path.join(HERE, name), **options)


CONTENTS = {
    "plain": network(),
    "types": {name: ramp(2, 3, dtype=getattr(torch, name)) for name in TYPES},
    "shared": shared(),
    "strided": strided(),
    "nested": nested(),
    "beside": beside(),
    "edges": {"scalar": ramp(), "empty": ramp(0, 3), "größe": ramp(1), "parameter": torch.nn.Parameter(ramp(2))},
}
for name, value in CONTENTS.items():
    save(name + ".pth", value)
    save(name + ".legacy.pth", value, _use_new_zipfile_serialization=False)
save("protocol4.pth", network(), pickle_protocol=4)
save("protocol5.pth", network(), pickle_protocol=5)
# The legacy format would hold the source text of PyTorch's class.
save("whole.pth", {"model": torch.nn.Sequential(torch.nn.Conv2d(1, 1, 1)), "best": torch.tensor(0.5)})
save("beside.protocol4.pth", beside(), pickle_protocol=4)
