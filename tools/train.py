#!/usr/bin/env python3
"""Trains a slim ResNet-50 on the drawn pictures and saves it as f16 safetensors.

All fifty layers are there, named as torchvision names them; only the width is
a quarter of the usual.  Needs PyTorch 1.13 or later, numpy and Pillow.
"""

import argparse
import json
import time
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

from pictures import LABELS, TEST, TRAIN, VALID, picture

WIDTH = 16  # channels of the stem; 64 in the usual ResNet-50
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


# The model


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inputs, planes, stride):
        super().__init__()
        outputs = planes * self.expansion
        self.conv1 = nn.Conv2d(inputs, planes, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv3 = nn.Conv2d(planes, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = F.relu(self.bn2(self.conv2(y)), inplace=True)
        y = self.bn3(self.conv3(y))
        y += x if self.downsample is None else self.downsample(x)
        return F.relu(y, inplace=True)


class ResNet50(nn.Module):
    def __init__(self, width=WIDTH, classes=len(LABELS)):
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        inputs = width
        for stage, blocks in enumerate((3, 4, 6, 3)):
            planes = width << stage
            layer = nn.Sequential()
            for block in range(blocks):
                stride = 2 if stage and not block else 1
                layer.append(Bottleneck(inputs, planes, stride))
                inputs = planes * Bottleneck.expansion
            setattr(self, f"layer{stage + 1}", layer)
        self.fc = nn.Linear(inputs, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            elif isinstance(module, Bottleneck):
                nn.init.zeros_(module.bn3.weight)  # each block starts as the identity

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)), inplace=True)
        x = F.max_pool2d(x, 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(x.mean((2, 3)))


# The pictures


def cut(image, short, side):
    """The middle square of a picture scaled to a given short side, as torchvision's
    Resize and CenterCrop cut it: bytes shaped (3, side, side)."""
    width, height = (int(short * length / min(image.size)) for length in image.size)
    image = image.resize((width, height), Image.Resampling.BILINEAR)
    left, top = round((width - side) / 2), round((height - side) / 2)
    image = image.crop((left, top, left + side, top + side))
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)


def cut_picture(job):
    seed, index, short, side = job
    image, label = picture(seed, index)
    return cut(image, short, side).numpy(), label


def dataset(seed, indices, short, side, cache=None):
    """Part of a stream of pictures as bytes shaped (count, 3, side, side), and its labels."""
    path = cache and cache / f"{seed}-{indices.start}-{indices.stop}-{short}-{side}.pt"
    if path and path.exists():
        return torch.load(path)
    data = torch.empty(len(indices), 3, side, side, dtype=torch.uint8)
    labels = torch.empty(len(indices), dtype=torch.long)
    with Pool() as pool:
        jobs = ((seed, index, short, side) for index in indices)
        for i, (image, label) in enumerate(pool.imap(cut_picture, jobs, 32)):
            data[i], labels[i] = torch.from_numpy(image), label
    if path:
        torch.save((data, labels), path)
    return data, labels


def normal(data):
    return ((data.float() / 255 - MEAN) / STD).contiguous(memory_format=torch.channels_last)


# Training


def train(model, data, labels, side, epochs, rate, bfloat16, after):
    """Trains on random crops of `side` pixels in one cycle, and calls `after` every epoch."""
    batch = 64
    steps = len(labels) // batch
    weights = [p for p in model.parameters() if p.ndim > 1]
    others = [p for p in model.parameters() if p.ndim == 1]
    groups = [{"params": weights, "weight_decay": 5e-4}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.SGD(groups, rate, momentum=0.9, nesterov=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, epochs * steps, pct_start=0.2)
    room = data.shape[-1] - side + 1
    for epoch in range(epochs):
        model.train()
        total = 0.0
        for chosen in torch.randperm(len(labels))[: steps * batch].view(steps, batch):
            top, left, flip = (int(torch.randint(n, ())) for n in (room, room, 2))
            x = normal(data[chosen, :, top : top + side, left : left + side])
            x = x.flip(3) if flip else x
            with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
                loss = F.cross_entropy(model(x), labels[chosen], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        after(f"{side} px, epoch {epoch + 1} of {epochs}: loss {total / steps:.3f}")


@torch.no_grad()
def accuracy(model, data, labels):
    model.eval()
    guesses = torch.cat([model(normal(part)).argmax(1) for part in data.split(50)])
    return (guesses == labels).sum().item() / len(labels)


def rounded(model):
    """A model with the weights of another, rounded to f16."""
    state = {name: t.half().float() if t.is_floating_point() else t for name, t in model.state_dict().items()}
    other = ResNet50()
    other.load_state_dict(state)
    return other.eval()


def save(model, path):
    """Writes a safetensors file, floats as f16."""
    header, chunks, offset = {"__metadata__": {"format": "pt"}}, [], 0
    for name, tensor in sorted(model.state_dict().items()):
        array = tensor.contiguous().numpy()
        kind, code = ("F16", "<f2") if tensor.is_floating_point() else ("I64", "<i8")
        array = array.astype(code)
        end = offset + array.nbytes
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [offset, end]}
        chunks.append(array.tobytes())
        offset = end
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(chunks))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder for resnet50_slim.safetensors and labels.txt")
    parser.add_argument("--share", type=float, default=1.0, help="share of the pictures, for a trial run")
    parser.add_argument("--cache", type=Path, help="folder to keep the drawn pictures in between runs")
    parser.add_argument("--bfloat16", action="store_true", help="train in bfloat16")
    parser.add_argument("--threads", type=int, default=1, help="more than one pay only on an idle machine")
    args = parser.parse_args()

    start = time.time()
    torch.manual_seed(0)
    torch.set_num_threads(args.threads)
    model = ResNet50().to(memory_format=torch.channels_last)
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "labels.txt").write_text("".join(f"{label}\n" for label in LABELS))

    def draw(seed, first, count, short, side):
        return dataset(seed, range(first, first + round(count * args.share)), short, side, args.cache)

    def say(text):
        print(f"{(time.time() - start) / 60:5.1f} min  {text}", flush=True)

    def after(text):
        save(model, args.out / "resnet50_slim.safetensors")
        say(f"{text}, valid {accuracy(model, *valid):.4f}")

    say(f"{sum(p.numel() for p in model.parameters())} parameters")
    valid = draw(VALID, 0, 500, 256, 224)
    small = draw(TRAIN, 0, 32000, 146, 146)
    large = draw(TRAIN, 32000, 8000, 256, 256)
    say("pictures drawn")
    train(model, *small, 128, 6, 0.1, args.bfloat16, after)
    train(model, *large, 224, 2, 0.02, args.bfloat16, after)
    test = draw(TEST, 0, 2000, 256, 224)
    say(f"test {accuracy(rounded(model), *test):.4f} of {len(test[1])}, weights rounded to f16")


if __name__ == "__main__":
    main()
