"""Computes weave.wide_resnet50*.npy, the golden features and map of Wide ResNet-50-2, in float64 and without PyTorch.

Needs numpy and Pillow:

    node assets/golden/write-wide-resnet50.ts /tmp/wide_resnet50_2.pth
    python3 assets/golden/wide_resnet50.py /tmp/wide_resnet50_2.pth

With the weights that the original golden files were computed from, this program differs from PyTorch by 2e-5 (features) and
1.5e-4 of the range (map).
"""

import collections
import io
import pathlib
import pickle
import struct
import sys

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from PIL import Image

FOLDER = pathlib.Path(__file__).parent
STORAGE_TYPES = {"HalfStorage": "<f2", "LongStorage": "<i8"}


class StateDictUnpickler(pickle.Unpickler):
    """Reads the tensors of a PyTorch file as (storage key, offset, shape)."""

    def __init__(self, file):
        super().__init__(file)
        self.storage_types = {}

    def find_class(self, module, name):
        if name == "_rebuild_tensor_v2":
            return lambda key, offset, shape, *rest: (key, offset, shape)
        if name == "OrderedDict":
            return collections.OrderedDict
        return STORAGE_TYPES[name]

    def persistent_load(self, pid):
        _, dtype, key, *_ = pid
        self.storage_types[key] = dtype
        return key


def read_checkpoint(path):
    """The weights by name, from a file in PyTorch's legacy format."""
    file = io.BytesIO(pathlib.Path(path).read_bytes())
    for _ in ("magic number", "protocol version", "system"):
        pickle.load(file)
    unpickler = StateDictUnpickler(file)
    tensors = unpickler.load()
    storages = {}
    for key in pickle.load(file):
        (count,) = struct.unpack("<q", file.read(8))
        dtype = np.dtype(unpickler.storage_types[key])
        storages[key] = np.frombuffer(file.read(count * dtype.itemsize), dtype)
    return {
        name: storages[key][offset : offset + int(np.prod(shape))].reshape(shape).astype(np.float64)
        for name, (key, offset, shape) in tensors.items()
    }


def convolve(planes, weight, stride=1, padding=0):
    planes = np.pad(planes, ((0, 0), (padding, padding), (padding, padding)))
    patches = sliding_window_view(planes, weight.shape[2:], axis=(1, 2))[:, ::stride, ::stride]
    _, height, width = patches.shape[:3]
    columns = patches.transpose(1, 2, 0, 3, 4).reshape(height * width, -1)
    return (columns @ weight.reshape(len(weight), -1).T).T.reshape(len(weight), height, width)


def extract(weights, image):
    """Output of layer2, each channel scaled to [0, 1]: 512 x H/8 x W/8. `image` is 3 x H x W in [0, 1]."""

    def layer(planes, conv, norm, stride=1, padding=0):
        planes = convolve(planes, weights[f"{conv}.weight"], stride, padding)
        gain, bias, mean, variance = (
            weights[f"{norm}.{name}"][:, None, None] for name in ("weight", "bias", "running_mean", "running_var")
        )
        return (planes - mean) / np.sqrt(variance + 1e-5) * gain + bias

    def relu(planes):
        return np.maximum(planes, 0)

    mean, std = np.array([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]])[:, :, None, None]
    planes = relu(layer((image - mean) / std, "conv1", "bn1", stride=2, padding=3))
    padded = np.pad(planes, ((0, 0), (1, 1), (1, 1)), constant_values=-np.inf)
    planes = sliding_window_view(padded, (3, 3), axis=(1, 2))[:, ::2, ::2].max((-2, -1))
    for stage, count in (("layer1", 3), ("layer2", 4)):
        for index in range(count):
            block = f"{stage}.{index}"
            stride = 2 if block == "layer2.0" else 1
            residual = relu(layer(planes, f"{block}.conv1", f"{block}.bn1"))
            residual = relu(layer(residual, f"{block}.conv2", f"{block}.bn2", stride, padding=1))
            residual = layer(residual, f"{block}.conv3", f"{block}.bn3")
            if index == 0:
                planes = layer(planes, f"{block}.downsample.0", f"{block}.downsample.1", stride)
            planes = relu(residual + planes)
    low = planes.min((1, 2), keepdims=True)
    high = planes.max((1, 2), keepdims=True)
    return (planes - low) / (high - low + 1e-8)


def gaussian(size, sigma):
    offsets = np.arange(size) - (size - 1) / 2
    line = np.exp(-(offsets**2) / (2 * sigma**2))
    kernel = np.outer(line, line)
    return kernel / kernel.sum()


def score_fca(features, patch_size=9):
    """FCA with the median reference (docs/method.md, sections 2 and 3)."""
    channels, height, width = features.shape
    size, half = patch_size, (patch_size - 1) // 2
    tiles = [
        np.sort(features[:, y : y + size, x : x + size].reshape(channels, -1), axis=1)
        for y in range(0, height - size + 1, size)
        for x in range(0, width - size + 1, size)
    ]
    reference = np.sort(np.array(tiles), axis=0)[(len(tiles) - 1) // 2]
    padded = np.pad(features, ((0, 0), (half, half), (half, half)), mode="reflect")
    scores = np.zeros(padded.shape[1:])
    smoothing, weighting = gaussian(5, 1.0), gaussian(size, 3.0)
    for y in range(height):
        for x in range(width):
            values = padded[:, y : y + size, x : x + size].reshape(channels, -1)
            order = np.argsort(values, axis=1, kind="stable")
            errors = np.empty_like(values)
            np.put_along_axis(errors, order, np.abs(np.take_along_axis(values, order, 1) - reference), axis=1)
            error = np.pad(errors.mean(axis=0).reshape(size, size), 2, mode="reflect")
            smoothed = (sliding_window_view(error, (5, 5)) * smoothing).sum((-2, -1))
            scores[y : y + size, x : x + size] += smoothed * weighting
    return scores[half:-half, half:-half]


def main():
    weights = read_checkpoint(sys.argv[1])
    image = np.asarray(Image.open(FOLDER / "weave.png").convert("RGB")).transpose(2, 0, 1) / 255
    features = extract(weights, image).astype(np.float32)
    np.save(FOLDER / "weave.wide_resnet50.npy", features)
    scores = score_fca(features.astype(np.float64)).astype(np.float32)
    np.save(FOLDER / "weave.wide_resnet50.fca.T9.npy", scores)


main()
