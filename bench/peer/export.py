"""Writes torchvision's networks, with random weights, as state dicts and as ONNX models, with images and PyTorch's logits.

For each: NAME.pth, NAME.onnx (batch normalisation folded into convolutions), NAME.plain.onnx (not folded, older operators),
NAME.images and NAME.logits (float32). usage: export.py FOLDER NAME ...
"""
import pathlib
import sys

import torch
import torchvision.models as models

import train

OPEN = {"x": {0: "N"}, "logits": {0: "N"}}
SIZES = {"resnet20": 32, "inception_v3": 299}
OPTIONS = {"googlenet": {"aux_logits": False}, "inception_v3": {"aux_logits": False}}
CLASSES = 10


def build(name):
    network = train.ResNet20() if name == "resnet20" else getattr(models, name)(
        weights=None, num_classes=CLASSES, **OPTIONS.get(name, {}))
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.1)
    return network.eval()


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    for name in sys.argv[2:]:
        torch.manual_seed(0)
        network = build(name)
        size = SIZES.get(name, 224)
        # Large enough to meet the ceiling of ReLU6.
        images = 3 * torch.randn(2, 3, size, size)
        with torch.no_grad():
            logits = network(images)
        torch.save(network.state_dict(), folder / f"{name}.pth")
        images.numpy().tofile(folder / f"{name}.images")
        logits.numpy().tofile(folder / f"{name}.logits")
        for suffix, opset, folded in [("", 16, True), (".plain", 11, False)]:
            torch.onnx.export(
                network, images, str(folder / f"{name}{suffix}.onnx"), opset_version=opset, do_constant_folding=folded,
                training=torch.onnx.TrainingMode.EVAL if folded else torch.onnx.TrainingMode.PRESERVE,
                input_names=["x"], output_names=["logits"], dynamic_axes=OPEN)
