"""The peers of vision.rs, which runs `measure`; `draw FOLDER` makes the pictures.

draw: pillow, scikit-image, scikit-learn and matplotlib, whose sample photographs are cut to 500 x 375 and
saved with quality 90 and halved colours. measure: pillow, numpy, simplejpeg (turbojpeg); where they are
there, torch and torchvision.
"""

import io
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


def draw(folder):
    import matplotlib
    import skimage
    import sklearn

    root = lambda module, path: Path(module.__file__).parent / path
    photographs = [root(sklearn, "datasets/images") / name for name in ["china.jpg", "flower.jpg"]]
    photographs += [root(matplotlib, "mpl-data/sample_data/grace_hopper.jpg")]
    names = "coffee.png astronaut.png rocket.jpg chelsea.png motorcycle_left.png hubble_deep_field.jpg retina.jpg ihc.png"
    photographs += [root(skimage, "data") / name for name in names.split()]
    folder.mkdir(parents=True, exist_ok=True)
    for photograph in photographs:
        picture = Image.open(photograph).convert("RGB")
        whole = min(picture.width / 500, picture.height / 375)
        for part in ["whole", "middle"]:
            scale = whole if part == "whole" else whole * 0.7
            if scale < 0.7:
                continue
            width, height = int(500 * scale), int(375 * scale)
            x, y = (picture.width - width) // 2, (picture.height - height) // 2
            cut = picture.crop((x, y, x + width, y + height)).resize((500, 375), Image.Resampling.LANCZOS)
            cut.save(folder / f"{photograph.stem}_{part}.jpg", quality=90, subsampling=2)


def peers():
    try:
        import simplejpeg

        yield "turbojpeg decoded", lambda file: simplejpeg.decode_jpeg(file, fastdct=False, fastupsample=False)
    except ImportError:
        pass

    mean, std = np.array(MEAN, np.float32), np.array(STD, np.float32)

    def pillow(file):
        picture = Image.open(io.BytesIO(file)).convert("RGB").resize((341, 256), Image.Resampling.BILINEAR)
        crop = np.asarray(picture.crop((58, 16, 282, 240)), np.float32)
        return np.ascontiguousarray(((crop / 255 - mean) / std).transpose(2, 0, 1))

    yield "Pillow and NumPy", pillow
    try:
        import torch
        from torchvision.io import ImageReadMode, decode_jpeg
        from torchvision.transforms import v2
    except ImportError:
        return
    torch.set_num_threads(1)
    steps = [v2.Resize(256, antialias=True), v2.CenterCrop(224), v2.ToDtype(torch.float32, scale=True), v2.Normalize(MEAN, STD)]
    steps = v2.Compose(steps)
    yield "torchvision v2 on tensors", lambda file: steps(decode_jpeg(torch.frombuffer(bytearray(file), dtype=torch.uint8), ImageReadMode.RGB))


def measure(folder):
    files = [path.read_bytes() for path in sorted(folder.iterdir())]
    best = [(name, run, [float("inf")] * len(files)) for name, run in peers()]
    for _ in sys.stdin:
        for i, file in enumerate(files):
            for _, run, times in best:
                start = time.thread_time()
                run(file)
                times[i] = min(times[i], time.thread_time() - start)
        print(flush=True)
    for name, _, times in best:
        print(f"{name}\t{sum(times) / len(times) * 1e3}")


{"draw": draw, "measure": measure}[sys.argv[1]](Path(sys.argv[2]))
