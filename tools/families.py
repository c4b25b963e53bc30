"""Make the small models of tests/data/families: one for each family of networks that people run on NPUs.

    python3 tools/families.py export tests/data/families    (wants torch 1.13 and torchvision, as in Debian)
    python  tools/families.py goldens tests/data/families   (wants onnxruntime and numpy)

The first writes NAME.onnx and the inputs NAME.in0.npy, …; the second what ONNX Runtime computes from
them, NAME.out0.npy, …. Weights and inputs are random but seeded, the graphs are what the exporter makes of
the usual modules: those of torchvision where it has the family, else the same in a few lines here.
"""

import math
import sys
from pathlib import Path

import numpy as np

LARGEST = 256_000  # bytes a model may have; most of it are names
CHANNELS = 8


def export(folder):
    import torch

    import warnings

    warnings.filterwarnings("ignore")
    for name, (build, opset, dynamic) in families().items():
        torch.manual_seed(len(name))
        model, inputs = build()
        model.eval()
        for module in model.modules():
            if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
                module.running_mean.uniform_(-0.2, 0.2)
                module.running_var.uniform_(0.5, 1.5)
        file = folder / f"{name}.onnx"
        names = [f"in{place}" for place in range(len(inputs))]
        axes = {"in0": {0: "batch"}} if dynamic else None
        with torch.no_grad():
            torch.onnx.export(model, inputs, file, opset_version=opset, input_names=names, dynamic_axes=axes)
        assert file.stat().st_size <= LARGEST, (name, file.stat().st_size)
        for place, tensor in enumerate(flat(inputs)):
            np.save(folder / f"{name}.in{place}.npy", tensor.numpy())
        print(f"{name}: {file.stat().st_size} bytes", flush=True)


def goldens(folder):
    import onnxruntime

    for file in sorted(folder.glob("*.onnx")):
        session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
        given = {
            spec.name: np.load(folder / f"{file.stem}.in{place}.npy")
            for place, spec in enumerate(session.get_inputs())
        }
        for place, value in enumerate(session.run(None, given)):
            np.save(folder / f"{file.stem}.out{place}.npy", value)
            print(file.stem, place, value.dtype, value.shape, flush=True)


def flat(inputs):
    for value in inputs:
        if isinstance(value, (list, tuple)):
            yield from flat(value)
        else:
            yield value


def families():
    """Name to maker, opset and whether the batch is left open."""
    return {
        "resnet": (resnet, 11, False),
        "resnet_dynamic": (resnet, 11, True),
        "vgg_squeezenet": (vgg, 11, False),
        "densenet_inception": (densenet, 11, False),
        "mobilenet_v2": (mobilenet_v2, 11, False),
        "mobilenet_v3": (mobilenet_v3, 11, False),
        "efficientnet": (efficientnet, 11, False),
        "shufflenet": (shufflenet, 11, False),
        "convnext": (convnext, 11, False),
        "yolo_v5": (yolo_v5, 11, True),
        "yolo_v8": (yolo_v8, 11, False),
        "unet": (unet, 11, False),
        "deeplab": (deeplab, 11, True),
        "bert": (bert, 11, True),
        "deberta": (deberta, 13, False),
        "gpt2": (gpt2, 11, False),
        "llama": (llama, 14, False),
        "vit": (vit, 11, True),
        "swin": (swin, 11, False),
        "segformer": (segformer, 11, False),
        "crnn": (crnn, 11, False),
        "deepspeech2": (deepspeech2, 11, False),
        "wav2vec2": (wav2vec2, 11, False),
        "conformer": (conformer, 11, False),
        "rt_detr": (rt_detr, 16, False),
        "ssd": (ssd, 11, False),
        "faster_rcnn": (faster_rcnn, 11, False),
    }


def picture(size=32, channels=3, batch=1):
    import torch

    return torch.rand(batch, channels, size, size)


def modules():
    import torch
    from torch import nn

    def conv(i, o, k=3, s=1, g=1, act=nn.ReLU):
        layers = [nn.Conv2d(i, o, k, s, k // 2, groups=g, bias=False), nn.BatchNorm2d(o)]
        return nn.Sequential(*layers, *([act()] if act else []))

    class Residual(nn.Module):
        def __init__(self, inner, skip=None):
            super().__init__()
            self.inner, self.skip = inner, skip

        def forward(self, x):
            return self.inner(x) + (self.skip(x) if self.skip else x)

    class Lambda(nn.Module):
        def __init__(self, function, **parts):
            super().__init__()
            self.function = function
            for name, part in parts.items():
                setattr(self, name, part)

        def forward(self, *x):
            return self.function(self, *x)

    class Attention(nn.Module):
        def __init__(self, width, heads=2, rotary=False):
            super().__init__()
            self.heads, self.rotary = heads, rotary
            self.query, self.key = nn.Linear(width, width), nn.Linear(width, width)
            self.value, self.out = nn.Linear(width, width), nn.Linear(width, width)

        def split(self, x):
            batch, length, width = x.shape
            return x.view(batch, length, self.heads, width // self.heads).permute(0, 2, 1, 3)

        def forward(self, x, mask=None, memory=None):
            memory = x if memory is None else memory
            q, k, v = self.split(self.query(x)), self.split(self.key(memory)), self.split(self.value(memory))
            if self.rotary:
                q, k = rotate(q), rotate(k)
            scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
            if mask is not None:
                scores = scores + mask
            y = (torch.softmax(scores, -1) @ v).permute(0, 2, 1, 3).contiguous()
            return self.out(y.view(y.shape[0], y.shape[1], -1))

    def rotate(x):
        half = x.shape[-1] // 2
        steps = torch.arange(half).float()
        places = torch.arange(x.shape[-2], device=x.device).float()
        angles = places[:, None] / 10000 ** (steps / half)
        cos, sin = torch.cat([angles.cos()] * 2, -1), torch.cat([angles.sin()] * 2, -1)
        return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin

    class Block(nn.Module):
        def __init__(self, width, norm=nn.LayerNorm, act=nn.GELU, **options):
            super().__init__()
            self.first, self.second = norm(width), norm(width)
            self.attention = Attention(width, **options)
            self.mlp = nn.Sequential(nn.Linear(width, 2 * width), act(), nn.Linear(2 * width, width))

        def forward(self, x, mask=None):
            x = x + self.attention(self.first(x), mask)
            return x + self.mlp(self.second(x))

    class Modules:
        pass

    found = Modules()
    found.torch, found.nn, found.conv, found.Residual, found.Lambda = torch, nn, conv, Residual, Lambda
    found.Attention, found.Block = Attention, Block
    return found


def head(m, width, classes=10):
    return m.nn.Sequential(m.nn.AdaptiveAvgPool2d(1), m.nn.Flatten(1), m.nn.Linear(width, classes))


def resnet():
    m = modules()
    c = CHANNELS

    def block(i, o, s):
        skip = m.conv(i, o, 1, s, act=None) if s > 1 else None
        inner = m.nn.Sequential(m.conv(i, o, 3, s), m.conv(o, o, act=None))
        return m.nn.Sequential(m.Residual(inner, skip), m.nn.ReLU())

    stem = m.nn.Sequential(m.conv(3, c, 7, 2), m.nn.MaxPool2d(3, 2, 1))
    return m.nn.Sequential(stem, block(c, c, 1), block(c, 2 * c, 2), head(m, 2 * c)), (picture(64, batch=2),)


def vgg():
    m = modules()
    fire = m.Lambda(
        lambda self, x: m.torch.cat([self.a(self.s(x)), self.b(self.s(x))], 1),
        s=m.nn.Sequential(m.nn.Conv2d(16, 4, 1), m.nn.ReLU()),
        a=m.nn.Sequential(m.nn.Conv2d(4, 8, 1), m.nn.ReLU()),
        b=m.nn.Sequential(m.nn.Conv2d(4, 8, 3, padding=1), m.nn.ReLU()),
    )
    features = [m.nn.Conv2d(3, 16, 3, padding=1), m.nn.ReLU(), m.nn.MaxPool2d(2, 2), fire]
    features += [m.nn.MaxPool2d(3, 2, ceil_mode=True), m.nn.AdaptiveAvgPool2d(4), m.nn.Flatten(1)]
    classifier = [m.nn.Linear(256, 32), m.nn.ReLU(), m.nn.Dropout(), m.nn.Linear(32, 10)]
    return m.nn.Sequential(*features, *classifier), (picture(),)


def densenet():
    from torchvision.models import DenseNet

    m = modules()
    branch = m.Lambda(
        lambda self, x: m.torch.cat([self.a(x), self.b(x), self.c(x)], 1),
        a=m.conv(3, 1, 1),
        b=m.nn.Sequential(m.conv(3, 2, 1), m.nn.Conv2d(2, 1, (1, 7), padding=(0, 3))),
        c=m.nn.AvgPool2d(3, 1, 1),
    )
    mix = m.nn.Conv2d(5, 3, 1)
    dense = DenseNet(growth_rate=4, block_config=(2, 2), num_init_features=8, bn_size=2, num_classes=10)
    return m.nn.Sequential(branch, mix, dense), (picture(64),)


def mobilenet_v2():
    from torchvision.models import MobileNetV2

    setting = [[1, 16, 1, 1], [6, 24, 2, 2]]
    return MobileNetV2(num_classes=10, width_mult=0.25, inverted_residual_setting=setting), (picture(),)


def mobilenet_v3():
    from functools import partial

    from torchvision.models.mobilenetv3 import InvertedResidualConfig, MobileNetV3

    bneck = partial(InvertedResidualConfig, width_mult=1.0)
    setting = [bneck(8, 3, 16, 8, True, "RE", 2, 1), bneck(8, 5, 24, 8, True, "HS", 1, 1)]
    return MobileNetV3(setting, 32, num_classes=10), (picture(),)


def efficientnet():
    from torchvision.models.efficientnet import EfficientNet, MBConvConfig

    setting = [MBConvConfig(1, 3, 1, 8, 8, 1), MBConvConfig(6, 5, 2, 8, 16, 2)]
    model = EfficientNet(setting, 0.0, num_classes=10, last_channel=32)
    return model, (picture(),)


def shufflenet():
    from torchvision.models import ShuffleNetV2

    return ShuffleNetV2([2, 2, 2], [8, 8, 16, 32, 64], num_classes=10), (picture(64),)


def convnext():
    from torchvision.models.convnext import CNBlockConfig, ConvNeXt

    return ConvNeXt([CNBlockConfig(8, 16, 1), CNBlockConfig(16, None, 1)], num_classes=10), (picture(),)


def yolo_v5():
    """CSP block, SPPF, upsampling neck and a box decode with anchors."""
    m = modules()
    torch, nn, c = m.torch, m.nn, CHANNELS

    def forward(self, x):
        x = self.stem(x)
        low = self.down(x)
        low = torch.cat([self.left(low), self.right(low)], 1)
        pools = [low]
        for _ in range(3):
            pools.append(self.pool(pools[-1]))
        low = self.sppf(torch.cat(pools, 1))
        high = self.neck(torch.cat([self.up(low), x], 1))
        found = []
        for place, level in enumerate((high, low)):
            y = self.detect[place](level)
            batch, _, ny, nx = y.shape
            y = y.view(batch, 3, 7, ny, nx).permute(0, 1, 3, 4, 2).contiguous().sigmoid()
            rows, columns = torch.meshgrid(torch.arange(ny), torch.arange(nx))
            grid = torch.stack((columns, rows), 2).view(1, 1, ny, nx, 2).float()
            stride = (4, 8)[place]
            xy = (y[..., 0:2] * 2 - 0.5 + grid) * stride
            wh = (y[..., 2:4] * 2) ** 2 * self.anchors[place]
            found.append(torch.cat([xy, wh, y[..., 4:]], -1).view(batch, -1, 7))
        return torch.cat(found, 1)

    model = m.Lambda(
        forward,
        stem=nn.Sequential(m.conv(3, c, 6, 2, act=nn.SiLU), m.conv(c, c, 3, 2, act=nn.SiLU)),
        down=m.conv(c, c, 3, 2, act=nn.SiLU),
        left=m.conv(c, c // 2, 1, act=nn.SiLU),
        right=m.conv(c, c // 2, 1, act=nn.SiLU),
        pool=nn.MaxPool2d(5, 1, 2),
        sppf=m.conv(4 * c, c, 1, act=nn.SiLU),
        up=nn.Upsample(scale_factor=2, mode="nearest"),
        neck=m.conv(2 * c, c, act=nn.SiLU),
        detect=nn.ModuleList([nn.Conv2d(c, 21, 1), nn.Conv2d(c, 21, 1)]),
    )
    model.register_buffer("anchors", torch.rand(2, 1, 3, 1, 1, 2) * 16 + 4)
    # An even kernel pads unevenly; cut the stem's surplus as YOLOv5 does with explicit padding.
    model.stem[0][0].padding = (2, 2)
    return model, (picture(64),)


def yolo_v8():
    """C2f block with Split, distribution focal loss and distances to boxes, with a mask branch."""
    m = modules()
    torch, nn, c = m.torch, m.nn, CHANNELS

    def forward(self, x):
        x = self.stem(x)
        a, b = self.wide(x).chunk(2, 1)
        x = self.join(torch.cat([a, b, self.inner(b)], 1))
        batch, _, height, width = x.shape
        boxes, classes = self.boxes(x).view(batch, 16, -1), self.classes(x).view(batch, 3, -1)
        shares = boxes.view(batch, 4, 4, -1).transpose(2, 1).softmax(1)
        distances = self.dfl(shares).view(batch, 4, -1)
        low, high = distances.chunk(2, 1)
        rows, columns = torch.meshgrid(torch.arange(height).float() + 0.5, torch.arange(width).float() + 0.5)
        centres = torch.stack((columns, rows)).view(1, 2, -1)
        corners = centres - low, centres + high
        found = torch.cat([(corners[0] + corners[1]) / 2, corners[1] - corners[0]], 1) * 4
        return torch.cat([found, classes.sigmoid()], 1), self.masks(x)

    model = m.Lambda(
        forward,
        stem=nn.Sequential(m.conv(3, c, 3, 2, act=nn.SiLU), m.conv(c, c, 3, 2, act=nn.SiLU)),
        wide=m.conv(c, c, 1, act=nn.SiLU),
        inner=m.Residual(m.conv(c // 2, c // 2, act=nn.SiLU)),
        join=m.conv(c // 2 * 3, c, 1, act=nn.SiLU),
        boxes=nn.Conv2d(c, 16, 1),
        classes=nn.Conv2d(c, 3, 1),
        dfl=nn.Conv2d(4, 1, 1, bias=False),
        masks=nn.ConvTranspose2d(c, 4, 2, 2),
    )
    return model, (picture(64),)


def unet():
    m = modules()
    torch, nn, c = m.torch, m.nn, CHANNELS

    def forward(self, x):
        first = self.first(x)
        second = self.second(nn.functional.max_pool2d(first, 2))
        up = self.up(second)
        up = nn.functional.pad(up, [0, first.shape[3] - up.shape[3], 0, first.shape[2] - up.shape[2]])
        return self.last(torch.cat([first, up], 1))

    parts = {
        "first": nn.Sequential(m.conv(3, c), m.conv(c, c)),
        "second": m.conv(c, 2 * c),
        "up": nn.ConvTranspose2d(2 * c, c, 2, 2),
        "last": nn.Sequential(m.conv(2 * c, c), nn.Conv2d(c, 2, 1)),
    }
    return m.Lambda(forward, **parts), (picture(33),)


def deeplab():
    m = modules()
    torch, nn, c = m.torch, m.nn, CHANNELS

    def forward(self, x):
        size = x.shape[-2:]
        x = self.stem(x)
        pooled = nn.functional.interpolate(self.pool(x), size=x.shape[-2:], mode="bilinear", align_corners=False)
        x = self.join(torch.cat([self.near(x), self.far(x), pooled], 1))
        return nn.functional.interpolate(x, size=size, mode="bilinear", align_corners=False)

    parts = {
        "stem": m.conv(3, c, 3, 2),
        "near": m.conv(c, c, 1),
        "far": nn.Sequential(nn.Conv2d(c, c, 3, padding=6, dilation=6), nn.ReLU()),
        "pool": nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(c, c, 1), nn.ReLU()),
        "join": nn.Conv2d(3 * c, 3, 1),
    }
    return m.Lambda(forward, **parts), (picture(33),)


def bert():
    m = modules()
    torch, nn = m.torch, m.nn

    def forward(self, tokens, mask):
        places = torch.cumsum(mask, 1) * mask
        x = self.words(tokens) + self.places(places)
        x = self.norm(x)
        hidden = (1.0 - mask[:, None, None, :].float()) * -10000.0
        for block in self.blocks:
            x = block(x, hidden)
        return x, torch.tanh(self.pooler(x[:, 0]))

    parts = {
        "words": nn.Embedding(100, 32),
        "places": nn.Embedding(32, 32),
        "norm": nn.LayerNorm(32, eps=1e-12),
        "blocks": nn.ModuleList([m.Block(32), m.Block(32)]),
        "pooler": nn.Linear(32, 32),
    }
    tokens, mask = torch.randint(0, 100, (1, 12)), torch.ones(1, 12, dtype=torch.long)
    mask[0, 9:] = 0
    return m.Lambda(forward, **parts), (tokens, mask)


def deberta():
    """Disentangled attention: relative positions are gathered along each row."""
    m = modules()
    torch, nn = m.torch, m.nn

    def forward(self, tokens):
        x = self.norm(self.words(tokens))
        batch, length, width = x.shape

        def split(y):
            return y.view(y.shape[0], -1, 2, width // 2).permute(0, 2, 1, 3)

        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        around = split(self.key(self.places.weight[None]))
        scores = q @ k.transpose(-1, -2)
        distance = torch.arange(length)[:, None] - torch.arange(length)[None]
        index = torch.clamp(distance + 8, 0, 15)
        index = index[None, None].expand(batch, 2, length, length)
        scores = scores + torch.gather(q @ around.transpose(-1, -2), -1, index)
        scores = scores / math.sqrt(3 * width // 2)
        hidden = (tokens == 0)[:, None, None]
        scores = scores.masked_fill(hidden, torch.finfo(torch.float32).min)
        shares = torch.softmax(scores, -1).masked_fill(hidden, 0)
        y = (shares @ v).permute(0, 2, 1, 3).reshape(batch, length, width)
        return x + self.mlp(y)

    parts = {
        "words": nn.Embedding(100, 32),
        "places": nn.Embedding(16, 32),
        "norm": nn.LayerNorm(32),
        "query": nn.Linear(32, 32),
        "key": nn.Linear(32, 32),
        "value": nn.Linear(32, 32),
        "mlp": nn.Sequential(nn.Linear(32, 64), nn.GELU(), nn.Linear(64, 32)),
    }
    tokens = torch.randint(1, 100, (2, 10))
    tokens[1, 7:] = 0
    return m.Lambda(forward, **parts), (tokens,)


def gpt2():
    m = modules()
    torch, nn = m.torch, m.nn

    class NewGelu(nn.Module):
        def forward(self, x):
            return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * torch.pow(x, 3))))

    def forward(self, tokens):
        length = tokens.shape[1]
        x = self.words(tokens) + self.places(torch.arange(length))
        mask = torch.where(self.seen[:length, :length], torch.tensor(0.0), torch.tensor(-1e4))
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x) @ self.words.weight.t()

    parts = {
        "words": nn.Embedding(100, 32),
        "places": nn.Embedding(16, 32),
        "blocks": nn.ModuleList([m.Block(32, act=NewGelu), m.Block(32, act=NewGelu)]),
        "norm": nn.LayerNorm(32),
    }
    model = m.Lambda(forward, **parts)
    model.register_buffer("seen", torch.ones(16, 16).tril().bool())
    return model, (torch.randint(0, 100, (1, 10)),)


def llama():
    """RMS norm, rotary positions and gated SiLU, and T5's buckets of distances."""
    m = modules()
    torch, nn = m.torch, m.nn

    class RmsNorm(nn.Module):
        def __init__(self, width):
            super().__init__()
            self.weight = nn.Parameter(torch.rand(width))

        def forward(self, x):
            return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))

    class Gated(nn.Module):
        def __init__(self):
            super().__init__()
            self.gate, self.up, self.down = nn.Linear(32, 64), nn.Linear(32, 64), nn.Linear(64, 32)

        def forward(self, x):
            return self.down(nn.functional.silu(self.gate(x)) * self.up(x))

    def forward(self, tokens):
        x = self.words(tokens)
        length = tokens.shape[1]
        distance = torch.arange(length)[None] - torch.arange(length)[:, None]
        back = -torch.min(distance, torch.zeros_like(distance))
        far = 4 + (torch.log(back.float() / 4 + 1e-6) / math.log(8) * 4).to(torch.long)
        far = torch.min(far, torch.full_like(far, 7))
        bias = self.buckets(torch.where(back < 4, back, far)).permute(2, 0, 1)[None]
        mask = torch.full((length, length), -1e9).triu(1)
        for block in self.blocks:
            x = block(x, mask + bias)
        return self.out(self.norm(x))

    blocks = [m.Block(32, norm=RmsNorm, rotary=True) for _ in range(2)]
    for block in blocks:
        block.mlp = Gated()
    parts = {
        "words": nn.Embedding(100, 32),
        "buckets": nn.Embedding(8, 2),
        "blocks": nn.ModuleList(blocks),
        "norm": RmsNorm(32),
        "out": nn.Linear(32, 100),
    }
    return m.Lambda(forward, **parts), (torch.randint(0, 100, (1, 10)),)


def vit():
    m = modules()
    torch, nn = m.torch, m.nn

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        first = self.first.expand(x.shape[0], -1, -1)
        x = torch.cat([first, x], 1) + self.places
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x)[:, 0])

    model = m.Lambda(
        forward,
        patches=nn.Conv2d(3, 32, 8, 8),
        blocks=nn.ModuleList([m.Block(32), m.Block(32)]),
        norm=nn.LayerNorm(32),
        head=nn.Linear(32, 10),
    )
    model.first = nn.Parameter(torch.rand(1, 1, 32))
    model.places = nn.Parameter(torch.rand(1, 17, 32))
    return model, (picture(),)


def swin():
    from torchvision.models import SwinTransformer

    model = SwinTransformer([4, 4], 16, [2], [2], [4, 4], mlp_ratio=2.0, num_classes=10)
    return model, (picture(32),)


def segformer():
    m = modules()
    torch, nn = m.torch, m.nn

    class Reduced(nn.Module):
        def __init__(self):
            super().__init__()
            self.attention, self.reduce = m.Attention(16), nn.Conv2d(16, 16, 2, 2)
            self.norm, self.inner = nn.LayerNorm(16), nn.LayerNorm(16)
            self.wide, self.narrow = nn.Linear(16, 32), nn.Linear(32, 16)
            self.depth = nn.Conv2d(32, 32, 3, 1, 1, groups=32)

        def forward(self, x):
            batch, channels, height, width = x.shape
            rows = self.norm(x.flatten(2).transpose(1, 2))
            small = self.reduce(rows.transpose(1, 2).reshape(batch, channels, height, width))
            memory = self.inner(small.flatten(2).transpose(1, 2))
            rows = rows + self.attention(rows, memory=memory)
            wide = self.wide(rows).transpose(1, 2).reshape(batch, 32, height, width)
            wide = nn.functional.gelu(self.depth(wide).flatten(2).transpose(1, 2))
            rows = rows + self.narrow(wide)
            return rows.transpose(1, 2).reshape(batch, channels, height, width)

    def forward(self, x):
        first = self.one(self.stem(x))
        second = self.two(self.down(first))
        second = nn.functional.interpolate(second, size=first.shape[2:], mode="bilinear", align_corners=False)
        return self.join(torch.cat([first, second], 1))

    parts = {
        "stem": nn.Conv2d(3, 16, 7, 4, 3),
        "one": Reduced(),
        "down": nn.Conv2d(16, 16, 3, 2, 1),
        "two": Reduced(),
        "join": nn.Sequential(m.conv(32, 16, 1), nn.Conv2d(16, 3, 1)),
    }
    return m.Lambda(forward, **parts), (picture(64),)


def crnn():
    m = modules()
    torch, nn, c = m.torch, m.nn, CHANNELS

    def forward(self, x):
        x = self.features(x).squeeze(2).permute(2, 0, 1)
        x, _ = self.rnn(x)
        length, batch, width = x.shape
        return self.out(x.view(length * batch, width)).view(length, batch, -1)

    layers = [m.conv(1, c), nn.MaxPool2d(2, 2), m.conv(c, 2 * c), nn.MaxPool2d((2, 2), (2, 1), (0, 1))]
    layers += [nn.Conv2d(2 * c, 2 * c, (8, 2)), nn.ReLU()]
    parts = {
        "features": nn.Sequential(*layers),
        "rnn": nn.LSTM(2 * c, 16, bidirectional=True, num_layers=2),
        "out": nn.Linear(32, 12),
    }
    return m.Lambda(forward, **parts), (torch.rand(1, 1, 32, 48),)


def deepspeech2():
    m = modules()
    torch, nn, c = m.torch, m.nn, CHANNELS

    def forward(self, x):
        x = self.features(x)
        batch, channels, rows, length = x.shape
        x = x.view(batch, channels * rows, length).permute(2, 0, 1)
        x, _ = self.first(x)
        x, _ = self.second(x.view(x.shape[0], x.shape[1], 2, -1).sum(2))
        x = x.view(x.shape[0], x.shape[1], 2, -1).sum(2)
        return nn.functional.log_softmax(self.out(x), -1)

    layers = [nn.Conv2d(1, c, (11, 5), (2, 2), (5, 2)), nn.BatchNorm2d(c), nn.Hardtanh(0, 20)]
    parts = {
        "features": nn.Sequential(*layers),
        "first": nn.GRU(c * 8, 16, bidirectional=True),
        "second": nn.GRU(16, 16, bidirectional=True),
        "out": nn.Linear(16, 12),
    }
    return m.Lambda(forward, **parts), (torch.rand(1, 1, 16, 40),)


def wav2vec2():
    m = modules()
    torch, nn = m.torch, m.nn

    def forward(self, x):
        x = self.features(x[:, None]).transpose(1, 2)
        x = self.project(self.norm(x))
        around = nn.functional.gelu(self.places(x.transpose(1, 2))[:, :, :-1])
        x = x + around.transpose(1, 2)
        for block in self.blocks:
            x = block(x)
        return self.out(x)

    features = [nn.Conv1d(1, 16, 10, 5, bias=False), nn.GroupNorm(16, 16), nn.GELU()]
    features += [nn.Conv1d(16, 16, 3, 2, bias=False), nn.GELU()]
    parts = {
        "features": nn.Sequential(*features),
        "norm": nn.LayerNorm(16),
        "project": nn.Linear(16, 32),
        "places": nn.Conv1d(32, 32, 8, padding=4, groups=4),
        "blocks": nn.ModuleList([m.Block(32), m.Block(32)]),
        "out": nn.Linear(32, 12),
    }
    return m.Lambda(forward, **parts), (torch.randn(1, 400),)


def conformer():
    """Half-step feed-forward, attention with shifted relative positions, gated depthwise convolution."""
    m = modules()
    torch, nn = m.torch, m.nn

    def forward(self, x):
        x = self.front(x[:, None])
        batch, channels, length, rows = x.shape
        x = self.project(x.transpose(1, 2).contiguous().view(batch, length, channels * rows))
        x = x + 0.5 * self.first(x)

        def split(y):
            return y.view(y.shape[0], -1, 2, 16).transpose(1, 2)

        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        p = split(self.place(self.places[:, : 2 * length - 1]))
        near = (q + self.u) @ k.transpose(-1, -2)
        far = (q + self.v) @ p.transpose(-1, -2)
        far = torch.cat([torch.zeros(batch, 2, length, 1), far], -1)
        far = far.view(batch, 2, 2 * length, length)[:, :, 1:].reshape(batch, 2, length, 2 * length - 1)
        shares = torch.softmax((near + far[..., :length]) / 4.0, -1)
        y = (shares @ v).transpose(1, 2).contiguous().view(batch, length, 32)
        x = x + self.out(y)
        y = nn.functional.glu(self.point(self.norm(x).transpose(1, 2)), 1)
        y = nn.functional.silu(self.batch(self.depth(y)))
        x = x + self.last(y).transpose(1, 2)
        return self.end(x + 0.5 * self.second(x))

    def feed():
        return nn.Sequential(nn.LayerNorm(32), nn.Linear(32, 64), nn.SiLU(), nn.Linear(64, 32))

    parts = {
        "front": nn.Sequential(nn.Conv2d(1, 4, 3, 2), nn.ReLU(), nn.Conv2d(4, 4, 3, 2), nn.ReLU()),
        "project": nn.Linear(4 * 4, 32),
        "first": feed(),
        "second": feed(),
        "query": nn.Linear(32, 32),
        "key": nn.Linear(32, 32),
        "value": nn.Linear(32, 32),
        "place": nn.Linear(32, 32, bias=False),
        "out": nn.Linear(32, 32),
        "norm": nn.LayerNorm(32),
        "point": nn.Conv1d(32, 64, 1),
        "depth": nn.Conv1d(32, 32, 7, padding=3, groups=32),
        "batch": nn.BatchNorm1d(32),
        "last": nn.Conv1d(32, 32, 1),
        "end": nn.LayerNorm(32),
    }
    model = m.Lambda(forward, **parts)
    model.register_buffer("places", torch.randn(1, 31, 32))
    model.u, model.v = nn.Parameter(torch.randn(2, 1, 16)), nn.Parameter(torch.randn(2, 1, 16))
    return model, (torch.randn(1, 40, 20),)


def rt_detr():
    """Query selection by TopK and deformable attention by GridSample, which needs opset 16."""
    m = modules()
    torch, nn, c = m.torch, m.nn, 16

    def forward(self, x):
        x = self.stem(x)
        batch, _, height, width = x.shape
        memory = x.flatten(2).transpose(1, 2)
        scores = self.score(memory)
        _, best = torch.topk(scores.max(-1).values, 6, 1)
        rows, columns = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float())
        anchors = torch.stack([(columns + 0.5) / width, (rows + 0.5) / height], -1).view(1, -1, 2)
        inside = ((anchors > 0.1) & (anchors < 0.9)).all(-1, keepdim=True)
        anchors = torch.log(anchors / (1 - anchors))
        anchors = torch.where(inside, anchors, torch.tensor(10.0))
        refer = (self.shift(memory) + anchors).gather(1, best[..., None].repeat(1, 1, 2)).sigmoid()
        query = memory.gather(1, best[..., None].repeat(1, 1, c))
        query = query + self.attention(query)
        offsets = self.offsets(query).view(batch, 6, 2, 4, 2) / 8
        weights = torch.softmax(self.weights(query).view(batch, 6, 2, 4), -1)
        places = 2 * (refer[:, :, None, None] + offsets) - 1
        values = self.values(memory).view(batch, height * width, 2, c // 2)
        values = values.permute(0, 2, 3, 1).reshape(batch * 2, c // 2, height, width)
        grid = places.permute(0, 2, 1, 3, 4).reshape(batch * 2, 6, 4, 2)
        taken = nn.functional.grid_sample(values, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
        weights = weights.permute(0, 2, 1, 3).reshape(batch * 2, 1, 6, 4)
        taken = (taken * weights).sum(-1).view(batch, c, 6).transpose(1, 2)
        query = query + self.out(taken)
        steps = torch.exp(torch.arange(4).float() * -1.5)
        waves = refer[..., None] * steps
        waves = torch.cat([waves.sin(), waves.cos()], -1).flatten(2)
        return self.classes(query), (self.boxes(query + self.waves(waves))).sigmoid()

    parts = {
        "stem": nn.Sequential(m.conv(3, c, 3, 4), m.conv(c, c, 3, 2)),
        "score": nn.Linear(c, 5),
        "shift": nn.Linear(c, 2),
        "attention": m.Attention(c),
        "offsets": nn.Linear(c, 16),
        "weights": nn.Linear(c, 8),
        "values": nn.Linear(c, c),
        "out": nn.Linear(c, c),
        "waves": nn.Linear(16, c),
        "classes": nn.Linear(c, 5),
        "boxes": nn.Linear(c, 4),
    }
    return m.Lambda(forward, **parts), (picture(64),)


def backbone(m, levels=1):
    from collections import OrderedDict

    c = CHANNELS

    def forward(self, x):
        first = self.first(x)
        found = OrderedDict([("0", first)])
        if levels > 1:
            found["1"] = self.second(first)
        return found if levels > 1 else first

    first = m.nn.Sequential(m.conv(3, c, 3, 2), m.conv(c, c, 3, 4))
    model = m.Lambda(forward, first=first, second=m.conv(c, c, 3, 2))
    model.out_channels = c
    return model


def ssd():
    from torchvision.models.detection.anchor_utils import DefaultBoxGenerator
    from torchvision.models.detection.ssd import SSD, SSDHead

    m = modules()
    anchors = DefaultBoxGenerator([[2], [2]], min_ratio=20, max_ratio=90)
    sizes = anchors.num_anchors_per_location()
    model = SSD(
        backbone(m, 2),
        anchors,
        (64, 64),
        4,
        head=SSDHead([CHANNELS, CHANNELS], sizes, 4),
        score_thresh=0.2,
        detections_per_img=20,
        topk_candidates=30,
    )
    return model, ([picture(64)[0]],)


def faster_rcnn():
    from torchvision.models.detection import FasterRCNN
    from torchvision.models.detection.anchor_utils import AnchorGenerator
    from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
    from torchvision.ops import MultiScaleRoIAlign

    m = modules()
    model = FasterRCNN(
        backbone(m),
        rpn_anchor_generator=AnchorGenerator(((16, 32),), ((0.5, 1.0, 2.0),)),
        box_roi_pool=MultiScaleRoIAlign(["0"], 4, 2),
        box_head=TwoMLPHead(CHANNELS * 16, 32),
        box_predictor=FastRCNNPredictor(32, 4),
        min_size=64,
        max_size=64,
        rpn_pre_nms_top_n_test=60,
        rpn_post_nms_top_n_test=20,
        box_score_thresh=0.2,
        box_detections_per_img=10,
    )
    return model, ([picture(64)[0]],)


if __name__ == "__main__":
    step, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    {"export": export, "goldens": goldens}[step](folder)
