"""The preprocessing of pictures (AIPP) by its formulas, for whole arrays: `Aipp` is one `aipp_op`.

What the device does, in this order: channels swap, crop, conversion of colours, normalisation in half
precision, padding with zeros. Written from the formulas alone; nothing here is taken from the CPU device.
"""

from dataclasses import dataclass

import numpy as np

# YUV of the narrow range to blue, green and red: what a configuration gets that names no matrix.
YUV_TO_BGR = ((298, 516, 0), (298, -100, -208), (298, 0, 409))
YUV_BIAS = (16, 128, 128)


@dataclass(frozen=True)
class Aipp:
    """The settings of one input; sides are height, width."""

    picture: str  # RGB888_U8, XRGB8888_U8, YUV400_U8 or YUV420SP_U8
    source: tuple | None = None  # None: the size that the network takes
    crop: tuple | None = None  # top, left, height, width
    padding: tuple | None = None  # top, bottom, left, right
    csc: bool = False  # YUV becomes BGR
    rbuv_swap: bool = False
    ax_swap: bool = False
    mean: tuple = (0, 0, 0, 0)
    min: tuple = (0.0, 0.0, 0.0, 0.0)
    var_reci: tuple = (1.0, 1.0, 1.0, 1.0)

    def source_of(self, target):
        """The size of the pictures for a network that takes `target`."""
        if self.source is not None:
            return self.source
        assert self.crop is None and self.padding is None
        return tuple(target)

    def bytes_shape(self, batch, target):
        """The shape of the input of the .om."""
        height, width = self.source_of(target)
        rows, channels = {
            "RGB888_U8": (height, 3),
            "XRGB8888_U8": (height, 4),
            "YUV400_U8": (height, 1),
            "YUV420SP_U8": (height * 3 // 2, 1),
        }[self.picture]
        return (batch, rows, width, channels)

    def configuration(self, target=None):
        """The file for --insert-op-conf; without `target` the pictures have the size that a run has."""
        height, width = (0, 0) if target is None else self.source_of(target)
        lines = [
            "aipp_mode: static",
            f"input_format: {self.picture}",
            f"src_image_size_h: {height}",
            f"src_image_size_w: {width}",
            f"csc_switch: {str(self.csc).lower()}",
            f"rbuv_swap_switch: {str(self.rbuv_swap).lower()}",
            f"ax_swap_switch: {str(self.ax_swap).lower()}",
        ]
        if self.crop:
            top, left, rows, columns = self.crop
            lines += ["crop: true", f"load_start_pos_h: {top}", f"load_start_pos_w: {left}"]
            lines += [f"crop_size_h: {rows}", f"crop_size_w: {columns}"]
        if self.padding:
            names = ("top", "bottom", "left", "right")
            lines += ["padding: true"]
            lines += [f"{name}_padding_size: {size}" for name, size in zip(names, self.padding)]
        for name, values in (("mean", self.mean), ("min", self.min), ("var_reci", self.var_reci)):
            lines += [f"{name}_chn_{channel}: {value}" for channel, value in enumerate(values)]
        return "aipp_op {\n" + "".join(f"  {line}\n" for line in lines) + "}\n"

    def apply(self, pictures, channels, target):
        """What the network gets, float16 [batch, channels, height, width], of uint8 pictures."""
        pixels = self.channels(pictures, *self.source_of(target))
        if self.ax_swap:  # alpha, which comes first, to the end
            pixels = np.roll(pixels, -1, axis=-1)
        if self.rbuv_swap:
            swapped = (0, 2, 1) if self.picture.startswith("YUV") else (2, 1, 0)
            pixels = pixels[..., [*swapped, *range(3, pixels.shape[-1])]]
        if self.crop:
            top, left, rows, columns = self.crop
            pixels = pixels[:, top : top + rows, left : left + columns]
        if self.csc:
            centred = pixels[..., :3].astype(np.int32) - YUV_BIAS
            pixels = np.clip((centred @ np.array(YUV_TO_BGR, np.int32).T) >> 8, 0, 255)
        values = np.moveaxis(pixels[..., :channels], -1, 1).astype(np.float16)
        each = [np.array(of[:channels], np.float16)[None, :, None, None] for of in (self.mean, self.min, self.var_reci)]
        values = (values - each[0] - each[1]) * each[2]
        if self.padding:
            top, bottom, left, right = self.padding
            values = np.pad(values, ((0, 0), (0, 0), (top, bottom), (left, right)))
        assert values.dtype == np.float16 and values.shape[2:] == tuple(target), values.shape
        return values

    def channels(self, pictures, height, width):
        """The pixels, [batch, height, width, channels]."""
        if self.picture != "YUV420SP_U8":
            return pictures
        luma = pictures[:, :height, :, 0]
        pairs = pictures[:, height:, :, 0].reshape(len(pictures), height // 2, width // 2, 2)
        pairs = pairs.repeat(2, axis=1).repeat(2, axis=2)
        return np.concatenate([luma[..., None], pairs], axis=-1)
