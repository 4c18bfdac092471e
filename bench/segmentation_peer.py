"""The network of src/learning/unet.cpp as one would write it in PyTorch: Monte-Carlo dropout by a loop of whole passes.

usage: segmentation_peer.py WEIGHTS INPUT COUNT HEIGHT WIDTH SAMPLES DROPOUT TEMPERATURE OUTPUT
INPUT: float32 [COUNT, 5, HEIGHT, WIDTH]. OUTPUT: float32 mean [COUNT, classes, HEIGHT, WIDTH], then variance summed
over the classes [COUNT, HEIGHT, WIDTH]. Prints "seconds S cpu C" of the loop and "gemm G", the GFLOP/s of torch.mm.
"""
import sys
import time

import numpy as np

try:
    import torch
except ImportError:
    sys.exit(77)
import torch.nn.functional as F
from torch import nn

BATCH = 8


class Block(nn.Module):
    def __init__(self, inputs, between, outputs):
        super().__init__()
        self.first, self.first_norm = nn.Conv2d(inputs, between, 3, padding=1, bias=False), nn.BatchNorm2d(between)
        self.second, self.second_norm = nn.Conv2d(between, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs)
        self.between = nn.Identity()

    def forward(self, x):
        x = self.between(F.relu(self.first_norm(self.first(x))))
        return F.relu(self.second_norm(self.second(x)))


class UNet(nn.Module):
    def __init__(self, inputs, classes, filters, decoder, levels, dropout):
        super().__init__()
        down = [filters << level for level in range(levels)]
        up = [decoder << level for level in range(levels)]
        self.down = nn.ModuleList(Block(i, w, o) for i, w, o in zip([inputs] + down, down, down[:-1] + up[-1:]))
        self.down[-1].between = nn.Dropout2d(dropout)
        self.reduce = nn.ModuleList(nn.Conv2d(2 * w, w, 1) for w in up[:-1])
        self.up = nn.ModuleList(Block(w + skipped, w, w) for w, skipped in zip(up[:-1], down))
        self.dropout = nn.Dropout2d(dropout)
        self.head = nn.Conv2d(decoder, classes, 1)

    def forward(self, x):
        skips = []
        for block in self.down[:-1]:
            x = block(x)
            skips.append(x)
            x = F.max_pool2d(x, 2)
        x = self.dropout(self.down[-1](x))
        for level in reversed(range(len(skips))):
            x = F.interpolate(self.reduce[level](x), scale_factor=2)
            x = self.up[level](torch.cat([x, skips[level]], 1))
            if level > 0:
                x = self.dropout(x)
        return self.head(x)


def load(file, dropout):
    stored = torch.jit.load(file, map_location="cpu").state_dict()
    filters, inputs = stored["down0_first.weight"].shape[:2]
    levels = sum(name.startswith("down") and name.endswith("_first.weight") for name in stored)
    classes, decoder = stored["head.weight"].shape[:2]
    net = UNet(inputs, classes, filters, decoder, levels, dropout)
    ours = {}
    for name, tensor in stored.items():
        parent, _, kind = name.rpartition(".")
        if parent == "head":
            ours[name] = tensor
        elif parent.endswith("_reduce"):
            ours[f"reduce.{parent[2:-7]}.{kind}"] = tensor
        elif not parent.endswith("_skip"):
            place, _, layer = parent.partition("_")
            if place.startswith("up") and layer == "first":  # the convolution of the concatenation
                tensor = torch.cat([tensor, stored[f"{place}_skip.weight"]], 1)
            ours[f"{place[:-1]}.{place[-1]}.{layer}.{kind}"] = tensor
    net.load_state_dict(ours)
    net.eval()
    for module in net.modules():
        if isinstance(module, nn.Dropout2d):
            module.train()
    return net


def sampled(net, images, samples, temperature):
    total, squares = 0, 0
    for sample in range(samples):
        mirrored = sample % 2 == 1
        scores = net(images.flip(3) if mirrored else images) / temperature
        probabilities = torch.softmax(scores.flip(3) if mirrored else scores, 1)
        total = total + probabilities
        squares = squares + probabilities**2
    mean = total / samples
    return mean, (squares / samples - mean**2).clamp(min=0).sum(1)


def gemm_gflops(size=1536):
    a, b = torch.rand(size, size), torch.rand(size, size)
    best = 1e9
    for _ in range(6):
        start = time.perf_counter()
        torch.mm(a, b)
        best = min(best, time.perf_counter() - start)
    return 2e-9 * size**3 / best


weights, source, *numbers, target = sys.argv[1:]
count, height, width, samples = map(int, numbers[:4])
net = load(weights, float(numbers[4]))
images = torch.from_numpy(np.fromfile(source, np.float32)).reshape(count, -1, height, width)
torch.manual_seed(1)
with torch.inference_mode():
    net(images[:BATCH])  # warm
    start, cpu = time.perf_counter(), time.process_time()
    parts = [sampled(net, images[n:n + BATCH], samples, float(numbers[5])) for n in range(0, count, BATCH)]
    print("seconds", time.perf_counter() - start, "cpu", time.process_time() - cpu)
    print("gemm", gemm_gflops())
with open(target, "wb") as file:
    for which in range(2):
        for part in parts:
            part[which].contiguous().numpy().tofile(file)
