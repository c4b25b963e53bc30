use super::product;
use crate::om::Format;
use crate::{Error, Result};

/// The rows of a block.
const N0: usize = 16;

/// A tensor in blocks, as outputs, channels and pixels.
pub(super) struct Blocks {
    /// Extents: outputs (of all groups), channels (of one group), pixels.
    extents: [usize; 3],
    /// How far apart neighbours are in the plain tensor.
    strides: [usize; 3],
    c0: usize,
    /// Groups, and how many of them share blocks.
    groups: [usize; 2],
    /// Outputs of the groups that share blocks, rounded up; 1 if outputs are not in the blocks.
    block_outputs: usize,
    /// Channels of the groups that share blocks, rounded up.
    block_channels: usize,
    /// Pixels, rounded up.
    block_pixels: usize,
}

impl Blocks {
    /// `[groups / shared][channels / C0][height][width][outputs / 16][16][C0]`
    pub(super) fn fractal_z(
        format: Format,
        dims: &[usize],
        c0: usize,
        groups: usize,
    ) -> Result<Self> {
        let (extents, strides) = match (format, dims) {
            // A dense layer: its weights have no pixels.
            (Format::NCHW, &[outputs, channels]) => ([outputs, channels, 1], [channels, 1, 1]),
            _ => axes(format, dims)?,
        };
        let [outputs, channels, pixels] = extents;
        if !outputs.is_multiple_of(groups) {
            return Err(Error::format(format!(
                "has {outputs} outputs, which {groups} groups do not divide"
            )));
        }
        let group_outputs = outputs / groups;
        // As many groups share blocks as fill both sides of them.
        let fill = |extent: usize, block: usize| block / gcd(extent, block);
        let shared = [fill(channels, c0), fill(group_outputs, N0)];
        let shared = (shared[0] / gcd(shared[0], shared[1]) * shared[1]).min(groups);
        Ok(Self {
            extents,
            strides,
            c0,
            groups: [groups, shared],
            block_outputs: (shared * group_outputs).next_multiple_of(N0),
            block_channels: (shared * channels).next_multiple_of(c0),
            block_pixels: pixels,
        })
    }

    /// `[outputs][channels / C0][height][width][C0]`
    pub(super) fn nc1hwc0(format: Format, dims: &[usize], c0: usize) -> Result<Self> {
        let (extents, strides) = match dims {
            // One number for each channel.
            &[channels] => ([1, channels, 1], [channels, 1, 1]),
            _ => axes(format, dims)?,
        };
        Ok(Self {
            extents,
            strides,
            c0,
            groups: [1, 1],
            block_outputs: 1,
            block_channels: extents[1].next_multiple_of(c0),
            block_pixels: extents[2],
        })
    }

    /// `[matrices][columns / C0][rows / 16][16][C0]`: columns are the channels, rows the pixels.
    pub(super) fn fractal_nz(dims: &[usize], c0: usize) -> Result<Self> {
        let (matrices, rows, columns) = match dims {
            [] => return Err(Error::format("is laid out as matrices, but has no axes")),
            &[columns] => (1, 1, columns),
            [matrices @ .., rows, columns] => (product(matrices)?, *rows, *columns),
        };
        Ok(Self {
            extents: [matrices, columns, rows],
            strides: [rows * columns, 1, columns],
            c0,
            groups: [1, 1],
            block_outputs: 1,
            block_channels: columns.next_multiple_of(c0),
            block_pixels: rows.next_multiple_of(N0),
        })
    }

    /// Tells whether a shape in blocks has as many blocks of outputs: one that is turned around has as many
    /// elements.
    pub(super) fn fits(&self, dims: &[usize]) -> bool {
        match dims {
            &[_, blocks, N0, _] if self.block_outputs > 1 => blocks == self.block_outputs / N0,
            _ => true,
        }
    }

    /// The elements in blocks, padding included.
    pub(super) fn count(&self) -> Option<usize> {
        let [groups, shared] = self.groups;
        let repeats = if self.block_outputs == 1 {
            self.extents[0]
        } else {
            groups.div_ceil(shared)
        };
        repeats
            .checked_mul(self.block_channels)?
            .checked_mul(self.block_pixels)?
            .checked_mul(self.block_outputs)
    }

    /// Takes `count` elements of `N` bytes out of their blocks.
    pub(super) fn unpack<const N: usize>(&self, data: &[u8], count: usize) -> Vec<u8> {
        let (elements, _) = data.as_chunks::<N>();
        let [outputs, channels, pixels] = self.extents;
        let mut plain = vec![[0; N]; count];
        let between_pixels = self.block_outputs * self.c0;
        for output in 0..outputs {
            for channel in 0..channels {
                let mut from = self.position(output, channel);
                let mut to = output * self.strides[0] + channel * self.strides[1];
                for _ in 0..pixels {
                    plain[to] = elements[from];
                    from += between_pixels;
                    to += self.strides[2];
                }
            }
        }
        plain.into_flattened()
    }

    /// Where the first pixel of a channel of an output is.
    fn position(&self, output: usize, channel: usize) -> usize {
        let [groups, shared] = self.groups;
        let (block, output, channel) = if self.block_outputs == 1 {
            (output, 0, channel)
        } else {
            let group_outputs = self.extents[0] / groups;
            let (group, output) = (output / group_outputs, output % group_outputs);
            let place = group % shared;
            (
                group / shared,
                place * group_outputs + output,
                place * self.extents[1] + channel,
            )
        };
        let of_channels = self.block_pixels * self.block_outputs;
        block * self.block_channels * of_channels
            + channel / self.c0 * of_channels * self.c0
            + output * self.c0
            + channel % self.c0
    }
}

/// Extents of outputs, channels and pixels, and how far apart neighbours on these axes are.
fn axes(format: Format, dims: &[usize]) -> Result<([usize; 3], [usize; 3])> {
    let &[a, b, c, d] = dims else {
        return Err(Error::unsupported(format!(
            "had {} axes before it was laid out, and which of four they were is not told",
            dims.len()
        )));
    };
    Ok(match format {
        Format::NCHW | Format::ND => ([a, b, c * d], [b * c * d, c * d, 1]),
        Format::NHWC => ([a, d, b * c], [b * c * d, 1, d]),
        Format::HWCN => ([d, c, a * b], [1, d, c * d]),
        Format::CHWN => ([d, a, b * c], [1, b * c * d, d]),
        _ => {
            return Err(Error::unsupported(format!(
                "was laid out as {format} before, which is not known to become blocks"
            )));
        }
    })
}

fn gcd(mut a: usize, mut b: usize) -> usize {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}
