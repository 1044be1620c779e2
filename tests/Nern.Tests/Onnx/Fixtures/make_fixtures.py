"""Writes small classifiers as ONNX models, as PyTorch exports them, with images and the logits that PyTorch gives for them.

    python3 make_fixtures.py        (PyTorch 1.13, onnx 1.12)

For each there is NAME.onnx and NAME.pth, a dictionary of images [2, 3, 20, 20] and logits [2, 5].
"""
import pathlib

import numpy
import onnx
import onnx.external_data_helper
import onnx.numpy_helper
import torch
from torch import nn
from torch.nn import functional as F

FOLDER = pathlib.Path(__file__).parent
CLASSES, SIZE = 5, 20


def convolve(inputs, outputs, kernel=3, stride=1, groups=1, bias=False):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=bias)


class Residual(nn.Module):
    """Shortcuts without parameters: every second pixel, zero channels; batch normalisation that is not folded."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = convolve(3, 4), nn.BatchNorm2d(4)
        self.conv2, self.bn2 = convolve(4, 8, stride=2), nn.BatchNorm2d(8)
        self.conv3, self.bn3 = convolve(8, 8), nn.BatchNorm2d(8)
        self.linear = nn.Linear(8, CLASSES)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        y = self.bn3(self.conv3(F.relu(self.bn2(self.conv2(x)))))
        x = F.relu(y + F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 2, 2)))
        x = F.avg_pool2d(x, int(x.size(3)))
        return self.linear(x.view(x.size(0), -1))


class Mobile(nn.Module):
    """Depthwise convolutions and ReLU6, over images large enough to meet its ceiling."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(convolve(3, 8, stride=2), nn.BatchNorm2d(8), nn.ReLU6())
        self.block = nn.Sequential(
            convolve(8, 16, 1), nn.BatchNorm2d(16), nn.ReLU6(), convolve(16, 16, groups=16), nn.BatchNorm2d(16), nn.ReLU6(),
            convolve(16, 8, 1), nn.BatchNorm2d(8))
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(8, CLASSES))

    def forward(self, x):
        x = self.stem(10 * x)
        x = x + self.block(x)
        return self.classifier(F.adaptive_avg_pool2d(x, (1, 1)).flatten(1))


class Squeeze(nn.Module):
    """Fire modules, pooling that rounds up, a convolution as classifier, Softmax at the end."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, 2)
        self.squeeze, self.expand1, self.expand3 = nn.Conv2d(8, 4, 1), nn.Conv2d(4, 6, 1), nn.Conv2d(4, 6, 3, padding=1)
        self.drop, self.conv10 = nn.Dropout(0.5), nn.Conv2d(12, CLASSES, 1)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 3, 2, ceil_mode=True)
        x = F.relu(self.squeeze(x))
        x = torch.cat([F.relu(self.expand1(x)), F.relu(self.expand3(x))], 1)
        x = F.relu(self.conv10(self.drop(x)))
        logits = torch.flatten(F.adaptive_avg_pool2d(x, (1, 1)), 1)
        return logits if self.logits else F.softmax(logits, 1)

    logits = False


class Dense(nn.Module):
    """Batch normalisation before the convolutions, concatenation, average pooling."""

    def __init__(self):
        super().__init__()
        self.conv0 = convolve(3, 6)
        self.norm1, self.conv1 = nn.BatchNorm2d(6), convolve(6, 4)
        self.norm2, self.conv2 = nn.BatchNorm2d(10), convolve(10, 4)
        self.norm3, self.classifier = nn.BatchNorm2d(14), nn.Linear(14, CLASSES)

    def forward(self, x):
        x = self.conv0(x)
        x = torch.cat([x, self.conv1(F.relu(self.norm1(x)))], 1)
        x = F.avg_pool2d(x, 3, 2, padding=1)
        x = torch.cat([x, self.conv2(F.relu(self.norm2(x)))], 1)
        x = F.avg_pool2d(F.relu(self.norm3(x)), 2, count_include_pad=False)
        return self.classifier(x.mean((2, 3)))


class Plain(nn.Module):
    """Convolutions with bias, leaky ReLUs, shape arithmetic, a matrix product and a sum as classifier."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = convolve(3, 6, bias=True), nn.Conv2d(6, 8, (3, 1), (1, 2), (2, 0), dilation=(2, 1))
        self.weight, self.bias = nn.Parameter(torch.randn(8 * 5 * 2, CLASSES) / 9), nn.Parameter(torch.randn(CLASSES))

    def forward(self, x):
        x = F.max_pool2d(F.leaky_relu(self.conv1(x), 0.1), 2)
        x = F.avg_pool2d(F.leaky_relu(self.conv2(x)), 2)
        x = x.reshape(x.shape[0], x.shape[1] * x.shape[2] * x.shape[3])
        return x @ self.weight + self.bias


class Mixture(nn.Module):
    """Normalisation of the images inside, slices, padding, grouped convolution, the other activations."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.2, -0.1, 0.3]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([0.9, 1.1, 1.3]).view(1, 3, 1, 1))
        self.conv1, self.conv2 = convolve(3, 12), convolve(12, 12, groups=3, bias=True)
        self.conv3, self.conv4 = convolve(6, 8), convolve(8, 8)
        self.classifier = nn.Linear(8, CLASSES)

    def forward(self, x):
        x = F.hardswish(self.conv1((x - self.mean) / self.std))
        x = torch.sigmoid(self.conv2(F.pad(x, (1, 0, 2, 1))))
        first, second = x.chunk(2, 1)
        x = torch.clamp(self.conv3(first[:, :, 1:-1, 3:] + second[:, :, 1:-1, 3:]), -0.4, 0.9)
        x = 0.5 * self.conv4(x[:, :, ::2, 1::3]) + 1
        return self.classifier(x.mean((2, 3)))


def randomise(network):
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 1.5)
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.2)
    return network.eval()


def export(name, network, opset, folded):
    torch.manual_seed(len(name) + opset)
    images = torch.randn(2, 3, SIZE, SIZE)
    mode = torch.onnx.TrainingMode.EVAL if folded else torch.onnx.TrainingMode.PRESERVE
    torch.onnx.export(
        network, images, FOLDER / f"{name}.onnx", opset_version=opset, training=mode, do_constant_folding=folded,
        input_names=["images"], output_names=["logits"], dynamic_axes={"images": {0: "N"}, "logits": {0: "N"}})
    network.logits = True
    torch.save({"images": images, "logits": network(images).detach()}, FOLDER / f"{name}.pth")


def convert(name, source, change):
    """A model of the same network that stores its tensors in another way."""
    model = onnx.load(FOLDER / f"{source}.onnx")
    change(model)
    onnx.save(model, str(FOLDER / f"{name}.onnx"))


def typed(model):
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT:
            values = onnx.numpy_helper.to_array(tensor).flatten()
            tensor.ClearField("raw_data")
            tensor.float_data.extend(values.tolist())


def external(model):
    onnx.external_data_helper.convert_model_to_external_data(model, location="external.data", size_threshold=100)


def half(model):
    """All in float16, as tools for inference store models."""
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT:
            tensor.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(tensor).astype(numpy.float16), tensor.name))
    for value in [*model.graph.input, *model.graph.output]:
        value.type.tensor_type.elem_type = onnx.TensorProto.FLOAT16


if __name__ == "__main__":
    torch.manual_seed(1)
    export("residual", randomise(Residual()), 10, folded=False)
    export("mobile", randomise(Mobile()), 14, folded=True)
    export("squeeze", randomise(Squeeze()), 12, folded=True)
    export("dense", randomise(Dense()), 9, folded=False)
    export("plain", randomise(Plain()), 11, folded=False)
    export("mixture", randomise(Mixture()), 16, folded=True)
    convert("typed", "residual", typed)
    convert("half", "squeeze", half)
    convert("external", "squeeze", external)
    for path in sorted(FOLDER.glob("*.onnx")):
        onnx.checker.check_model(str(path), full_check=True)
        print(path.name, path.stat().st_size)
