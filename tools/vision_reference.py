#!/usr/bin/env python3
"""Draws the test pictures of `tests/data/vision` and writes what Pillow makes of them.

Needs pillow and numpy (the files in the repository: Pillow 13.0.0, libjpeg-turbo 3.2.0, numpy 2.4.6):

    python tools/vision_reference.py tests/data/vision

For each picture NAME.EXT:
  NAME.pixels.npy  [height, width, 3] u8: upright RGB
  NAME.crop.npy    [28, 28, 3] u8: short side resized to 32 as torchvision does, centre 28 x 28
and for one of them
  NAME.tensor.npy  [3, 28, 28] f32: the crop, normalised as torchvision does
"""

import io
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageOps

SHORT_SIDE = 32
CROP = 28
MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def drawing(width, height, noise=0, seed=7):
    """A colour gradient with an ellipse, a box and lines, and noise of some levels on top."""
    y, x = np.mgrid[0:height, 0:width]
    base = np.stack([255 * x / max(width - 1, 1), 255 * y / max(height - 1, 1), 255 * (x + y) / (width + height)], -1)
    picture = Image.fromarray(base.astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    draw.ellipse([width * 0.1, height * 0.2, width * 0.5, height * 0.8], fill=(220, 40, 30))
    draw.rectangle([width * 0.6, height * 0.3, width * 0.9, height * 0.7], outline=(20, 60, 230), width=3)
    draw.line([0, height, width, 0], fill=(250, 250, 250), width=2)
    pixels = np.asarray(picture).astype(int)
    pixels += np.random.default_rng(seed).integers(-noise, noise + 1, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def jpeg(picture, **options):
    file = io.BytesIO()
    picture.save(file, "JPEG", **{"quality": 90, **options})
    return file.getvalue()


def png(samples, color_type, depth, chunks=(), interlaced=False):
    """A PNG file of `samples` [height, width, channels], with any depth, filter 0, and interlacing."""

    def rows(part):
        packed = b""
        for row in part.reshape(part.shape[0], -1):
            if depth == 16:
                packed += b"\0" + row.astype(">u2").tobytes()
            else:
                bits = np.unpackbits(row.astype(np.uint8)[:, None], axis=1)[:, 8 - depth :]
                packed += b"\0" + np.packbits(bits.reshape(-1)).tobytes()
        return packed

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    height, width = samples.shape[:2]
    passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7] if interlaced else [samples]
    data = b"".join(rows(part) for part in passes if part.size)
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, int(interlaced))
    body = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(data, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, data) for name, data in body)


def turned(file):
    """A file of 4:2:2 as one of 4:4:0: width and height, and the luma's columns and rows, are exchanged."""
    at = file.index(b"\xff\xc0") + 5
    frame = bytearray(file)
    frame[at : at + 4] = file[at + 2 : at + 4] + file[at : at + 2]
    assert file[at + 6] == 0x21
    frame[at + 6] = 0x12
    return bytes(frame)


def oriented(picture, orientation):
    exif = Image.Exif()
    exif[0x010F] = "drawn by a program"
    exif[0x0112] = orientation
    return jpeg(picture, subsampling=0, exif=exif)


def pictures():
    yield "gradient.jpg", jpeg(drawing(149, 111), subsampling=2)
    yield "noise.jpg", jpeg(drawing(97, 61, noise=40), subsampling=0, quality=75)
    yield "progressive.jpg", jpeg(drawing(131, 83, noise=8), subsampling=1, progressive=True)
    yield "progressive_420.jpg", jpeg(drawing(90, 121, noise=8), subsampling=2, progressive=True)
    yield "restart.jpg", jpeg(drawing(100, 60, noise=8), subsampling=2, restart_marker_blocks=3)
    yield "odd_420.jpg", jpeg(drawing(33, 17, noise=8), subsampling=2, quality=95)
    yield "odd_422.jpg", jpeg(drawing(51, 23, noise=8), subsampling=1, restart_marker_blocks=2)
    # As many units in the one as in the other: 3 x 6 and 6 x 3.
    yield "odd_440.jpg", turned(jpeg(drawing(45, 43, noise=8), subsampling=1))
    yield "row_422.jpg", jpeg(drawing(35, 1, noise=8), subsampling=1)
    yield "column_420.jpg", jpeg(drawing(1, 35, noise=8), subsampling=2, restart_marker_blocks=1)
    yield "tiny_444.jpg", jpeg(drawing(2, 3), subsampling=0)
    yield "unit_420.jpg", jpeg(drawing(17, 16, noise=60), subsampling=2, quality=100)
    yield "loud.jpg", jpeg(drawing(83, 59, noise=255), subsampling=2, quality=100, optimize=True)
    yield "coarse.jpg", jpeg(drawing(82, 60, noise=60), subsampling=2, quality=1)
    yield "narrow.jpg", jpeg(drawing(4, 9), subsampling=2)
    yield "single.jpg", jpeg(drawing(1, 1), subsampling=2)
    yield "grey.jpg", jpeg(drawing(75, 51, noise=8).convert("L"))
    yield "rgb.jpg", jpeg(drawing(70, 50, noise=8), keep_rgb=True)
    cmyk = np.concatenate([np.asarray(drawing(64, 48, noise=8)), np.asarray(drawing(64, 48, seed=8).convert("L"))[..., None]], -1)
    cmyk = jpeg(Image.fromarray(cmyk, "CMYK"))
    yield "cmyk.jpg", cmyk
    adobe = cmyk.index(b"Adobe")
    yield "ycck.jpg", cmyk[: adobe + 11] + b"\2" + cmyk[adobe + 12 :]
    for orientation in range(1, 9):
        yield f"orientation_{orientation}.jpg", oriented(drawing(40, 24), orientation)

    rgb = np.asarray(drawing(61, 43, noise=8))
    y, x = np.mgrid[0:43, 0:61]
    yield "thin.png", png(np.asarray(drawing(2, 600)), 2, 8)
    yield "small.png", png(np.asarray(drawing(10, 7)), 2, 8)
    yield "one_pixel.png", png(np.array([[[200, 100, 50]]]), 2, 8)
    yield "interlaced.png", png(rgb, 2, 8, interlaced=True)
    yield "rgba.png", png(np.concatenate([rgb, (4 * x % 256)[..., None]], -1), 6, 8)
    yield "rgb16_trns.png", png(rgb.astype(int) * 256 + 200, 2, 16, [(b"tRNS", struct.pack(">3H", 200, 200, 200))])
    yield "grey_alpha16.png", png(np.stack([x * 1000 + y, y * 1500], -1), 4, 16, interlaced=True)
    yield "grey1.png", png((x + y)[..., None] // 5 % 2, 0, 1)
    yield "grey2_trns.png", png((x + y)[..., None] // 3 % 4, 0, 2, [(b"tRNS", b"\0\2")])
    yield "grey4.png", png((x * y)[..., None] // 9 % 16, 0, 4, interlaced=True)
    yield "grey16.png", png((x * 1000 + y * 7)[..., None], 0, 16)
    palette = bytes(np.random.default_rng(3).integers(0, 256, 48, dtype=np.uint8))
    transparency = bytes(range(0, 160, 16))
    yield "palette4_trns.png", png((x * y)[..., None] // 9 % 16, 3, 4, [(b"PLTE", palette), (b"tRNS", transparency)])
    exif = Image.Exif()
    exif[0x0112] = 6
    yield "oriented.png", png(rgb, 2, 8, [(b"eXIf", exif.tobytes()[6:])])


def upright(file):
    picture = Image.open(io.BytesIO(file))
    if picture.mode.startswith("I;16"):  # Pillow would clip at 255; the upper 8 bits are what is meant
        return Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8)).convert("RGB")
    return ImageOps.exif_transpose(picture).convert("RGB")


def cropped(picture):
    """torchvision's Resize(SHORT_SIDE) and CenterCrop(CROP), as it calls Pillow."""
    short = min(picture.size)
    size = [SHORT_SIDE if side == short else int(SHORT_SIDE * side / short) for side in picture.size]
    picture = picture.resize(size, Image.Resampling.BILINEAR)
    left, top = (int(round((side - CROP) / 2.0)) for side in picture.size)
    return picture.crop((left, top, left + CROP, top + CROP))


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, file in pictures():
        (folder / name).write_bytes(file)
        stem = folder / name.split(".")[0]
        picture = upright(file)
        crop = np.asarray(cropped(picture))
        np.save(f"{stem}.pixels.npy", np.asarray(picture))
        np.save(f"{stem}.crop.npy", crop)
        if name == "gradient.jpg":
            tensor = (crop.astype(np.float32) / np.float32(255) - MEAN) / STD
            np.save(f"{stem}.tensor.npy", np.ascontiguousarray(tensor.transpose(2, 0, 1)))


main()
