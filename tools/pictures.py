#!/usr/bin/env python3
"""Draws labelled pictures of sixteen kinds of things, for training and testing.

Every picture is a function of (seed, index) alone, so a set of pictures is
named by its seed and its length.  Needs numpy and Pillow.
"""

import argparse
import colorsys
import io
import itertools
import math
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

TRAIN, VALID, TEST, SAMPLE = 1, 2, 3, 4  # the seeds in use, one stream each

TAU = 2 * math.pi
SHAPES = []  # (function, greatest tilt in degrees), in the order of the labels


def shape(tilt):
    """Registers a drawing function, whose name becomes the label."""

    def register(draw):
        SHAPES.append((draw, tilt))
        return draw

    return register


# Colours


def colour(rng, hue=(0.0, 1.0), saturation=(0.35, 0.95), value=(0.35, 0.95)):
    """A random colour; hues wrap around at 1."""
    h, s, v = (rng.uniform(*span) for span in (hue, saturation, value))
    return tuple(round(255 * c) for c in colorsys.hsv_to_rgb(h % 1, s, v))


def shade(base, factor):
    return tuple(min(255, round(c * factor)) for c in base)


def blend(a, b, t):
    return tuple(round(x + (y - x) * t) for x, y in zip(a, b))


def metal(rng):
    return colour(rng, (0.07, 0.15), (0.0, 0.6), (0.5, 0.9))


def wood(rng):
    return colour(rng, (0.05, 0.11), (0.35, 0.7), (0.3, 0.75))


def foliage(rng):
    if rng.random() < 0.7:
        return colour(rng, (0.2, 0.42), (0.4, 0.9), (0.25, 0.75))
    return colour(rng, (0.0, 0.15), (0.5, 0.95), (0.4, 0.9))


# The pen


CLEAR = (0, 0, 0, 0)  # the colour of a hole


class Pen:
    """Draws on a transparent sheet, in coordinates where the thing drawn spans
    about -1..1, y downwards, put at a random place, size, tilt and perspective.
    """

    OVER = 2  # pixels drawn per pixel shown, each way

    def __init__(self, rng, size, tilt):
        width, height = size
        self.image = Image.new("RGBA", (width * self.OVER, height * self.OVER))
        self.canvas = ImageDraw.Draw(self.image)
        self.roundness = 0.08  # how far the relief reaches in from the edge

        half = min(size) / 2 * self.OVER
        fill = rng.uniform(0.42, 0.78)
        self.scale = fill * half
        room = (0.85 - fill) * half
        self.centre = np.array(self.image.size) / 2 + rng.uniform(-room, room, 2)
        angle = math.radians(rng.uniform(-tilt, tilt))
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        stretch = np.diag([rng.choice([-1, 1]), rng.uniform(0.88, 1.12)])
        self.matrix = self.scale * turn @ stretch
        self.vanish = rng.uniform(-0.12, 0.12, 2)

    def place(self, points):
        points = np.asarray(points, float)
        depth = np.maximum(1 + points @ self.vanish, 0.2)
        return points @ self.matrix.T / depth[:, None] + self.centre

    def polygon(self, points, fill):
        self.canvas.polygon([tuple(p) for p in self.place(points)], fill=fill)

    def box(self, left, top, right, bottom, fill):
        self.polygon([(left, top), (right, top), (right, bottom), (left, bottom)], fill)

    def ellipse(self, x, y, rx, ry, fill, tilt=0.0):
        self.polygon(arc(x, y, rx, ry, 0, TAU, tilt), fill)

    def line(self, points, width, fill):
        points = [tuple(p) for p in self.place(points)]
        self.canvas.line(points, fill, max(1, round(width * self.scale)), "curve")

    def layer(self):
        """The sheet at its shown size, colours already multiplied by alpha."""
        return self.image.convert("RGBa").reduce(self.OVER)


def arc(x, y, rx, ry, start=0.0, end=TAU, tilt=0.0, steps=40):
    """Points along an ellipse, turned by `tilt`."""
    t = np.linspace(start, end, steps)
    u, v = rx * np.cos(t), ry * np.sin(t)
    c, s = math.cos(tilt), math.sin(tilt)
    return np.stack([x + c * u - s * v, y + s * u + c * v], 1)


# The things drawn


@shape(tilt=180)
def ball(pen, rng):
    a, b = colour(rng), colour(rng)
    pen.ellipse(0, 0, 1, 1, a)
    pattern = rng.integers(4)
    if pattern == 1:  # a belt
        low, high = sorted(rng.uniform(-0.5, 0.5, 2))
        high = max(high, low + 0.2)
        low, high = math.asin(low), math.asin(high)
        left, right = arc(0, 0, 1, 1, math.pi - high, math.pi - low), arc(0, 0, 1, 1, low, high)
        pen.polygon([*right, *left], b)
    elif pattern == 2:  # a beach ball
        x, y = rng.uniform(-0.35, 0.35, 2)
        count = int(rng.integers(3, 5))
        for i in range(count):
            start = TAU * i / count
            pen.polygon([(x, y), *arc(0, 0, 1, 1, start, start + TAU / count / 2, steps=12)], b)
        pen.ellipse(x, y, 0.1, 0.1, shade(a, 1.2))
    elif pattern == 3:  # a seam
        pen.line(arc(-1.1, 0, 1, 1, -1.0, 1.0), 0.04, b)
        pen.line(arc(1.1, 0, 1, 1, math.pi - 1.0, math.pi + 1.0), 0.04, b)
    gleam = rng.uniform(0, TAU)
    x, y = 0.45 * math.cos(gleam), 0.45 * math.sin(gleam)
    if pattern == 0:
        for i in range(8):
            pen.ellipse(x, y, 0.24 - 0.03 * i, 0.2 - 0.025 * i, blend(a, (255, 255, 255), i / 9))
    pen.roundness = 0.55


@shape(tilt=25)
def brick_wall(pen, rng):
    tone = colour(rng, (-0.02, 0.1), (0.2, 0.75), (0.35, 0.85))
    mortar = colour(rng, saturation=(0, 0.15))
    width = rng.uniform(0.5, 0.85)
    height, gap = width * rng.uniform(0.32, 0.45), width * rng.uniform(0.05, 0.09)
    pen.box(-4, -4, 4, 4, mortar)
    for row in range(round(7 / height)):
        y = -3.5 + row * height
        for column in range(round(7 / width)):
            x = -3.5 + (column + row % 2 / 2) * width
            brick = shade(tone, rng.uniform(0.75, 1.2))
            pen.box(x, y, x + width - gap, y + height - gap, shade(brick, 0.6))
            pen.box(x, y, x + width - 1.2 * gap, y + height - 1.3 * gap, brick)


@shape(tilt=45)
def checkerboard(pen, rng):
    dark, light = colour(rng, value=(0.1, 0.5)), colour(rng, saturation=(0, 0.4), value=(0.75, 1))
    count = int(rng.integers(4, 9))
    side = 2 / count
    reach = 1 if rng.random() < 0.5 else 3  # a board or a floor
    edge = reach + rng.uniform(0.03, 0.15)
    pen.box(-edge, -edge, edge, edge, wood(rng))
    for i in range(count * reach):
        for j in range(count * reach):
            x, y = i * side - reach, j * side - reach
            pen.box(x, y, x + side, y + side, light if (i + j) % 2 else dark)


@shape(tilt=15)
def clock(pen, rng):
    face = colour(rng, saturation=(0, 0.25), value=(0.8, 1))
    ink = colour(rng, saturation=(0, 0.8), value=(0, 0.3))
    if rng.random() < 0.3:
        face, ink = ink, face
    pen.ellipse(0, 0, 1, 1, colour(rng, value=(0.15, 0.9)))
    rim = rng.uniform(0.82, 0.92)
    pen.ellipse(0, 0, rim, rim, face)
    for hour in range(12):
        x, y = math.cos(TAU * hour / 12), math.sin(TAU * hour / 12)
        inner = rim - (0.24 if hour % 3 == 0 else 0.15)
        pen.line([(inner * x, inner * y), ((rim - 0.06) * x, (rim - 0.06) * y)], 0.05, ink)
    for length, width in (0.42, 0.09), (0.66, 0.06):
        t = rng.uniform(0, TAU)
        x, y = math.cos(t), math.sin(t)
        pen.line([(-0.1 * x, -0.1 * y), (length * x, length * y)], width, ink)
    pen.ellipse(0, 0, 0.08, 0.08, ink)


@shape(tilt=15)
def cube(pen, rng):
    yaw, pitch = rng.uniform(0.3, 1.27), rng.uniform(0.4, 0.8)
    base, style = colour(rng, value=(0.55, 0.95)), rng.integers(3)

    def project(x, y, z):
        u, w = x * math.cos(yaw) - z * math.sin(yaw), x * math.sin(yaw) + z * math.cos(yaw)
        return 0.62 * u, 0.62 * (y * math.cos(pitch) - w * math.sin(pitch))

    faces = (
        (0.55, lambda s, t: project(s, t, -1)),
        (0.85, lambda s, t: project(-1, t, s)),
        (1.2, lambda s, t: project(s, -1, t)),
    )
    for light, face in faces:
        def patch(left, top, right, bottom, fill):
            corners = (left, top), (right, top), (right, bottom), (left, bottom)
            pen.polygon([face(*corner) for corner in corners], shade(fill, light))

        patch(-1, -1, 1, 1, base)
        if style == 1:  # a crate
            patch(-0.75, -0.75, 0.75, 0.75, shade(base, 0.75))
        elif style == 2:  # a puzzle
            patch(-1, -1, 1, 1, (25, 25, 25))
            for i in range(9):
                x, y = i % 3 * 2 / 3 - 1, i // 3 * 2 / 3 - 1
                sticker = colour(rng, saturation=(0.6, 1), value=(0.7, 1))
                patch(x + 0.05, y + 0.05, x + 0.61, y + 0.61, sticker)


@shape(tilt=35)
def fish(pen, rng):
    skin = colour(rng)
    fin, belt = shade(skin, rng.uniform(0.5, 0.8)), shade(colour(rng), 1.1)
    height = rng.uniform(0.38, 0.55)
    pen.polygon([(0.5, 0), (1, -0.5), (0.88, 0), (1, 0.5)], fin)
    pen.polygon([(-0.3, -height * 0.8), (0.1, -height - 0.3), (0.4, -height * 0.4)], fin)
    pen.polygon([(-0.1, height * 0.8), (0.15, height + 0.22), (0.3, height * 0.5)], fin)
    t = np.linspace(0, 1, 24)
    half = height * np.sin(math.pi * t ** 0.8) ** 0.8
    x = -1 + 1.75 * t
    pen.polygon([*zip(x, half), *zip(x[::-1], -half[::-1])], skin)
    if rng.random() < 0.6:
        for i in 8, 12, 16:
            edge = x[i : i + 3], half[i : i + 3]
            pen.polygon([*zip(*edge), *zip(edge[0][::-1], -edge[1][::-1])], belt)
    pen.polygon([(-0.25, 0.02), (0.15, 0.22), (-0.2, 0.22)], fin)
    pen.ellipse(-0.66, -0.12, 0.1, 0.1, (245, 245, 240))
    pen.ellipse(-0.67, -0.12, 0.05, 0.05, (10, 10, 15))
    pen.line([(-0.95, 0.1), (-0.75, 0.14)], 0.035, fin)
    pen.roundness = 0.2


@shape(tilt=30)
def flower(pen, rng):
    petal = colour(rng, (0.72, 1.17), (0.3, 0.95), (0.65, 1))
    heart = colour(rng, (0.07, 0.16), (0.6, 1), (0.35, 0.95))
    count, y = int(rng.integers(5, 10)), rng.uniform(-0.4, 0.0)
    size = 1 + y
    stalk = colour(rng, (0.25, 0.38), (0.5, 0.9), (0.3, 0.6))
    bend = rng.uniform(-0.25, 0.25)
    pen.line([(0, y), (bend / 3, y / 2 + 0.4), (bend, 1)], 0.07, stalk)
    for side in -1, 1:
        pen.ellipse(bend / 2 + 0.22 * side, 0.78, 0.26, 0.09, shade(stalk, 1.15), -0.5 * side)
    start, fat = rng.uniform(0, TAU), rng.uniform(0.8, 1.1) * size * 1.45 / count
    for i in range(count):
        t = start + TAU * i / count
        tone = shade(petal, 0.88 if i % 2 else 1.05)
        pen.ellipse(0.58 * size * math.cos(t), y + 0.58 * size * math.sin(t), 0.42 * size, fat, tone, t)
    pen.ellipse(0, y, 0.25 * size, 0.25 * size, heart)
    pen.ellipse(0, y, 0.16 * size, 0.16 * size, shade(heart, 0.8))


@shape(tilt=12)
def house(pen, rng):
    wall = colour(rng, saturation=(0.05, 0.6), value=(0.6, 1))
    roof = colour(rng, (-0.05, 0.1), (0.2, 0.9), (0.25, 0.7))
    trim = colour(rng, value=(0.15, 0.6))
    glass = colour(rng, (0.1, 0.6), (0.1, 0.5), (0.3, 1))
    depth, ridge = rng.uniform(0.3, 0.6), rng.uniform(-0.95, -0.75)
    front = 0.9 - depth  # the right edge of the front; the side wall goes on to 0.9
    middle = (front - 0.9) / 2
    pen.box(0.35, ridge - 0.05, 0.52, -0.3, shade(wall, 0.6))
    pen.box(front, -0.15, 0.9, 0.85, shade(wall, 0.7))
    pen.polygon([(-0.9, -0.15), (middle, ridge), (front, -0.15), (front, 0.85), (-0.9, 0.85)], wall)
    pen.polygon([(middle, ridge), (middle + depth, ridge), (1.0, -0.1), (front, -0.1)], roof)
    pen.line([(-1.0, -0.07), (middle, ridge), (front + 0.03, -0.1)], 0.1, shade(roof, 0.75))
    door = rng.uniform(-0.3, 0.0) + middle
    pen.box(door, 0.3, door + 0.3, 0.85, trim)
    for x in -0.8, front - 0.32:
        if abs(x - door) > 0.3:
            pen.box(x, 0.1, x + 0.26, 0.42, trim)
            pen.box(x + 0.03, 0.13, x + 0.23, 0.39, glass)
            pen.line([(x + 0.13, 0.13), (x + 0.13, 0.39)], 0.03, trim)
    pen.box(front + depth * 0.3, 0.15, front + depth * 0.7, 0.45, shade(glass, 0.7))


@shape(tilt=180)
def key(pen, rng):
    tone = metal(rng)
    bow, width = rng.uniform(0.3, 0.4), rng.uniform(0.1, 0.15)
    x = bow - 1
    pen.box(x, -width / 2, 1, width / 2, tone)
    if rng.random() < 0.5:
        pen.ellipse(x, 0, bow, bow, tone)
        pen.ellipse(x, 0, bow * 0.55, bow * 0.55, CLEAR)
    else:  # a clover
        for t in TAU / 4, TAU / 2, TAU * 3 / 4:
            u, v = x + 0.5 * bow * math.cos(t), 0.6 * bow * math.sin(t)
            pen.ellipse(u, v, bow * 0.55, bow * 0.55, tone)
            pen.ellipse(u, v, bow * 0.25, bow * 0.25, CLEAR)
    pen.box(x + bow, -width, x + bow + 0.08, width, shade(tone, 0.85))
    left = rng.uniform(0.5, 0.62)
    teeth = int(rng.integers(2, 4))
    step = (1 - left) / (teeth - 0.4)
    for i in range(teeth):
        pen.box(left + i * step, 0, left + (i + 0.6) * step, rng.uniform(0.25, 0.42), tone)
    pen.roundness = 0.05


@shape(tilt=30)
def ladder(pen, rng):
    tone = wood(rng) if rng.random() < 0.6 else colour(rng, saturation=(0, 0.8), value=(0.4, 1))
    rungs, width = int(rng.integers(5, 9)), rng.uniform(0.07, 0.11)
    foot = rng.uniform(0.36, 0.5)
    head = foot * rng.uniform(0.7, 1)
    for i in range(rungs):
        y = -0.85 + 1.7 * i / (rungs - 1)
        x = head + (foot - head) * (y + 1) / 2
        pen.line([(-x, y), (x, y)], width * 0.75, shade(tone, 0.85))
    for side in -1, 1:
        pen.line([(side * head, -1), (side * foot, 1)], width, tone)
    pen.roundness = 0.04


@shape(tilt=180)
def leaf(pen, rng):
    tone = foliage(rng)
    vein = shade(tone, rng.choice([0.6, 1.45]))
    width, teeth = rng.uniform(0.36, 0.58), rng.uniform(0, 0.09)
    t = np.linspace(0, 1, 61)
    half = width * np.sin(math.pi * t ** rng.uniform(0.65, 1.0)) * (1 + teeth * np.tile([1, -1], 31)[:61])
    y = -1 + 1.6 * t
    bend = rng.uniform(-0.25, 0.25) * np.sin(math.pi * t)
    pen.line([(bend[-1], 0.55), (rng.uniform(-0.15, 0.15), 1)], 0.06, shade(tone, 0.7))
    pen.polygon([*zip(bend + half, y), *zip((bend - half)[::-1], y[::-1])], tone)
    pen.line([*zip(bend, y)], 0.045, vein)
    for i in range(12, 54, 7):
        for side in -1, 1:
            pen.line([(bend[i], y[i]), (bend[i] + side * 0.8 * half[i - 8], y[i - 8])], 0.025, vein)


@shape(tilt=15)
def mug(pen, rng):
    glaze = colour(rng, saturation=(0, 0.9), value=(0.5, 1))
    belt, drink = colour(rng), colour(rng, (0.03, 0.12), (0.4, 0.9), (0.1, 0.6))
    height, dip, base = rng.uniform(0.6, 0.85), rng.uniform(0.12, 0.2), rng.uniform(0.5, 0.62)
    pen.line(arc(0.55, 0, 0.36, height * 0.55), rng.uniform(0.11, 0.16), shade(glaze, 0.85))
    for i in range(10):  # darker to the right
        start, end = math.pi * (1 - i / 10), math.pi * (0.9 - i / 10)
        top = arc(-0.2, -height, 0.65, dip, start, end, steps=3)
        bottom = arc(-0.2, height, base, dip, end, start, steps=3)
        pen.polygon([*top, *bottom], shade(glaze, 0.955 - 0.045 * i))
    if rng.random() < 0.5:
        top, bottom = arc(-0.2, -0.2, 0.63, dip, math.pi, 0), arc(-0.2, 0.2, 0.61, dip, 0, math.pi)
        pen.polygon([*top, *bottom], belt)
    pen.ellipse(-0.2, -height, 0.65, dip, shade(glaze, 1.1))
    pen.ellipse(-0.2, -height, 0.57, dip * 0.8, shade(glaze, 0.55))
    pen.ellipse(-0.2, -height + 0.04, 0.5, dip * 0.55, drink)


@shape(tilt=15)
def sailing_boat(pen, rng):
    hull, sail = colour(rng), colour(rng, saturation=(0, 0.7), value=(0.75, 1))
    other = sail if rng.random() < 0.5 else colour(rng, value=(0.6, 1))
    mast, boom = rng.uniform(-0.15, 0.1), rng.uniform(0.2, 0.35)
    pen.line([(mast, -1), (mast, 0.5)], 0.05, wood(rng))
    pen.polygon([(mast + 0.05, -0.95), (mast + 0.05, boom), (0.75, boom)], sail)
    pen.polygon([(mast - 0.05, -0.8), (mast - 0.05, boom), (-0.75, boom)], shade(other, 0.85))
    deck = rng.uniform(0.42, 0.5)
    pen.polygon([(-0.95, deck), (0.95, deck), (0.65, 0.9), (-0.6, 0.9)], hull)
    pen.polygon([(-0.95, deck), (0.95, deck), (0.9, deck + 0.08), (-0.89, deck + 0.08)], shade(hull, 1.3))


@shape(tilt=180)
def star(pen, rng):
    tone = colour(rng, value=(0.5, 1))
    points, inner = int(rng.integers(5, 7)), rng.uniform(0.36, 0.5)
    corners = []
    for i in range(2 * points):
        r, t = inner if i % 2 else 1.0, TAU * i / points / 2
        corners.append((r * math.sin(t), -r * math.cos(t)))
    pen.polygon(corners, tone)
    if rng.random() < 0.6:  # folded
        for i in range(0, 2 * points, 2):
            pen.polygon([(0, 0), corners[i], corners[i + 1]], shade(tone, 0.65))


@shape(tilt=10)
def tree(pen, rng):
    bark, tone = wood(rng), foliage(rng)
    width = rng.uniform(0.08, 0.14)
    pen.polygon([(-width, 1), (-width * 0.6, 0), (width * 0.6, 0), (width, 1)], shade(bark, 0.7))
    if rng.random() < 0.4:  # a fir
        tiers = int(rng.integers(3, 5))
        for i in reversed(range(tiers)):
            top, half = -1 + 1.3 * i / tiers, 0.35 + 0.35 * (i + 1) / tiers
            green = shade(tone, 1.1 - 0.4 * i / tiers)
            pen.polygon([(0, top), (half, top + 0.75), (-half, top + 0.75)], green)
    else:
        for i in range(28):
            t, r = rng.uniform(0, TAU), 0.52 * math.sqrt(rng.random())
            x, y = r * math.cos(t), -0.35 + r * math.sin(t)
            size = rng.uniform(0.14, 0.26)
            pen.ellipse(x, y, size, size, shade(tone, rng.uniform(0.7, 1.0) - 0.3 * y))
    pen.roundness = 0.2


@shape(tilt=30)
def umbrella(pen, rng):
    a, b = colour(rng), colour(rng)
    b = b if rng.random() < 0.5 else shade(a, 0.75)
    ribs, handle = int(rng.integers(4, 8)), colour(rng, saturation=(0, 0.7), value=(0.1, 0.6))
    pen.line([(0, -0.9), (0, 0.75), *arc(0.14, 0.78, 0.14, 0.18, math.pi, 0, steps=12)], 0.06, handle)
    hems = -np.cos(np.linspace(0, math.pi, ribs + 1))
    for i, (left, right) in enumerate(zip(hems, hems[1:])):
        hem = arc((left + right) / 2, 0, (right - left) / 2, 0.1, math.pi, TAU, steps=10)
        rise = arc(0, 0, right, 0.85, 0, -TAU / 4, steps=12)
        fall = arc(0, 0, left, 0.85, -TAU / 4, 0, steps=12)
        pen.polygon([*fall, *hem, *rise], b if i % 2 else a)
    pen.roundness = 0.15


LABELS = [draw.__name__ for draw, _ in SHAPES]


# The scene: pictures are float planes, shaped (3, height, width), of 0..255


def planes(image):
    return np.asarray(image).transpose(2, 0, 1).astype(np.float32, order="C")


def pixels(image):
    return Image.fromarray(np.clip(image, 0, 255).astype(np.uint8).transpose(1, 2, 0).copy())


def blurred(image, radius):
    return image.filter(ImageFilter.GaussianBlur(radius))


def weights(mask):
    return np.asarray(mask, np.float32) / 255


def mix(a, b, t):
    """Two pictures or colours mixed by a map of weights."""
    a, b = (np.reshape(x, (3, 1, 1)).astype(np.float32) if np.ndim(x) == 1 else x for x in (a, b))
    return a + (b - a) * t


def noise(rng, size, cells, octaves=3):
    """Smooth noise in about 0..1, `cells` bumps across and down at its coarsest."""
    total = np.zeros((size[1], size[0]), np.float32)
    for i in range(octaves):
        across, down = (max(2, round(c * 2**i)) for c in cells)
        grid = Image.fromarray(rng.random((down, across), np.float32))
        total += np.asarray(grid.resize(size, Image.Resampling.BICUBIC)) * np.float32(0.5 ** (i + 1))
    return total


def ramp(size, angle):
    """A plane that rises from about -1 to 1 in the direction of `angle`."""
    x = np.linspace(-1, 1, size[0], dtype=np.float32) * np.float32(math.cos(angle))
    y = np.linspace(-1, 1, size[1], dtype=np.float32) * np.float32(math.sin(angle))
    return x + y[:, None]


def background(rng, size):
    a, b = (colour(rng, saturation=(0.05, 0.6), value=(0.25, 0.95)) for _ in range(2))
    kind = rng.integers(5)
    if kind == 0:  # a studio
        return mix(a, b, ramp(size, rng.uniform(0, TAU)) / 2 + 0.5)
    if kind == 1:  # plaster, moss, clouds
        return mix(a, b, noise(rng, size, [rng.uniform(2, 12)] * 2))
    if kind == 2:  # planks, straw
        cells = [2, rng.uniform(12, 40)]
        rng.shuffle(cells)
        return mix(wood(rng), shade(wood(rng), 0.7), noise(rng, size, cells))
    if kind == 3:  # a landscape
        height = ramp(size, TAU / 4)
        sky = mix(colour(rng, (0.5, 0.65), (0.1, 0.6), (0.6, 1)), (235, 235, 230), height / 2 + 0.5)
        ground = colour(rng, (0.08, 0.62), (0.2, 0.6), (0.3, 0.7))
        land = mix(ground, shade(ground, 0.6), noise(rng, size, [4, 20]))
        crest = rng.uniform(-0.2, 0.7) + 0.15 * noise(rng, (size[0], 1), [5, 1])
        return mix(sky, land, np.clip((height - crest) * 40, 0, 1))
    # things out of focus
    image = Image.new("RGB", size, a)
    canvas = ImageDraw.Draw(image)
    for _ in range(rng.integers(12, 40)):
        x, y = rng.uniform(0, size[0]), rng.uniform(0, size[1])
        w, h = rng.uniform(8, 70, 2)
        draw = canvas.ellipse if rng.random() < 0.4 else canvas.rectangle
        draw((x - w, y - h, x + w, y + h), blend(colour(rng), b, rng.uniform(0.2, 0.8)))
    return planes(blurred(image, rng.uniform(4, 12)))


def specks(rng, size):
    """Dust, twigs and drops in front: a colour and a map of weights."""
    mask = Image.new("L", size)
    canvas = ImageDraw.Draw(mask)
    for _ in range(rng.integers(0, 12)):
        x, y = rng.uniform(0, size[0]), rng.uniform(0, size[1])
        if rng.random() < 0.7:
            w, h = rng.uniform(1, 6, 2)
            canvas.ellipse((x - w, y - h, x + w, y + h), 255)
        else:
            u, v = rng.uniform(-40, 40, 2)
            canvas.line((x, y, x + u, y + v), 255, int(rng.integers(1, 4)))
    return colour(rng, saturation=(0, 0.6), value=(0.05, 1)), weights(blurred(mask, rng.uniform(0.5, 2)))


def scene(rng, label):
    """A picture of the thing, lit and on its ground, as a clean lens would see it."""
    short = int(rng.integers(240, 289))
    long = round(short * rng.choice([1.0, 1.25, 4 / 3, 4 / 3, 1.5]))
    size = (long, short) if rng.random() < 0.75 else (short, long)

    draw, tilt = SHAPES[label]
    pen = Pen(rng, size, tilt)
    draw(pen, rng)
    layer = pen.layer()
    alpha = layer.getchannel(3)
    unit = pen.scale / pen.OVER

    sun = rng.uniform(0, TAU)
    x, y = math.cos(sun), math.sin(sun)
    ground = background(rng, size)
    reach = unit * rng.uniform(0.04, 0.2)
    shadow = weights(blurred(alpha, reach * rng.uniform(0.3, 1)))
    shadow = np.roll(shadow, (round(-reach * y), round(-reach * x)), (0, 1))
    ground *= 1 - np.float32(rng.uniform(0.2, 0.7)) * shadow

    bulge = unit * pen.roundness
    down, right = np.gradient(weights(blurred(alpha, bulge)))
    light = 1 - np.float32(1.6 * bulge * x) * right - np.float32(1.6 * bulge * y) * down
    light *= 0.88 + 0.3 * noise(rng, size, [rng.uniform(8, 40)] * 2, 2)
    image = ground * (1 - weights(alpha)) + planes(layer)[:3] * light

    image *= 1 + np.float32(rng.uniform(0, 0.35)) * ramp(size, sun)
    return mix(image, *specks(rng, size))


def encode(seed, index, quality=None):
    """A picture as the bytes of a JPEG file, and the index of its label."""
    rng = np.random.default_rng((seed, index))
    label = int(rng.integers(len(SHAPES)))
    image = planes(blurred(pixels(scene(rng, label)), rng.uniform(0, 1.4)))
    image *= (rng.uniform(0.9, 1.1, (3, 1, 1)) * rng.uniform(0.85, 1.25)).astype(np.float32)
    image += np.float32(rng.uniform(0, 7)) * rng.standard_normal(image.shape[1:], np.float32)
    file = io.BytesIO()
    pixels(image).save(file, "JPEG", quality=quality or int(rng.integers(55, 96)))
    return file.getvalue(), label


def picture(seed, index):
    """A picture and the index of its label."""
    data, label = encode(seed, index)
    return Image.open(io.BytesIO(data)), label


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("--count", type=int, default=2000, help="how many to write (default 2000)")
    parser.add_argument("--seed", type=int, default=TEST, help=f"stream to draw from (default {TEST}, the test's)")
    parser.add_argument("--quality", type=int, help="one JPEG quality for all, not a random one for each")
    parser.add_argument("--distinct", action="store_true", help="the first picture of each label only")
    args = parser.parse_args()

    args.out.mkdir(parents=True, exist_ok=True)
    if args.distinct:
        seen = {}
        for index in itertools.count():
            data, label = encode(args.seed, index, args.quality)
            if seen.setdefault(label, index) == index:
                (args.out / f"{LABELS[label]}.jpg").write_bytes(data)
                print(f"{index:5} {LABELS[label]}")
            if len(seen) == min(args.count, len(LABELS)):
                return
    (args.out / "labels.txt").write_text("".join(f"{label}\n" for label in LABELS))
    for index in range(args.count):
        data, label = encode(args.seed, index, args.quality)
        (args.out / f"{index:05}_{LABELS[label]}.jpg").write_bytes(data)


if __name__ == "__main__":
    main()
