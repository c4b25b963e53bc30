//! How an element of a resized axis is made of elements of the axis.

use ascend_graph::onnx::AttributeValue;

use crate::compiler::facts::Site;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Coordinates {
    HalfPixel,
    HalfPixelSymmetric,
    PytorchHalfPixel,
    AlignCorners,
    Asymmetric,
    Crop,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kernel {
    Nearest,
    Linear,
    Cubic,
}

pub(super) struct Mode {
    pub(super) coordinates: Coordinates,
    pub(super) kernel: Kernel,
    rounds: fn(f64) -> f64,
    cubic: f64,
    excludes_outside: bool,
    is_antialiased: bool,
}

/// One axis, from so many elements to so many, within a window in shares of the axis.
pub(super) struct Line {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) scale: f64,
    pub(super) window: [f64; 2],
}

impl Mode {
    pub(super) fn of(site: &Site, is_first_form: bool) -> Option<Self> {
        let text = |name: &str| std::str::from_utf8(site.node.text(name)).ok();
        Some(Self {
            coordinates: match text("coordinate_transformation_mode")? {
                _ if is_first_form => Coordinates::Asymmetric,
                "" | "half_pixel" => Coordinates::HalfPixel,
                "half_pixel_symmetric" => Coordinates::HalfPixelSymmetric,
                "pytorch_half_pixel" => Coordinates::PytorchHalfPixel,
                "align_corners" => Coordinates::AlignCorners,
                "asymmetric" => Coordinates::Asymmetric,
                "tf_crop_and_resize" => Coordinates::Crop,
                _ => return None,
            },
            kernel: match text("mode")? {
                "" | "nearest" => Kernel::Nearest,
                "linear" => Kernel::Linear,
                "cubic" => Kernel::Cubic,
                _ => return None,
            },
            rounds: match text("nearest_mode")? {
                _ if is_first_form => f64::floor,
                "" | "round_prefer_floor" => |place| (place - 0.5).ceil(),
                "round_prefer_ceil" => |place| (place + 0.5).floor(),
                "floor" => f64::floor,
                "ceil" => f64::ceil,
                _ => return None,
            },
            cubic: match site.node.attribute("cubic_coeff_a") {
                Some(AttributeValue::Float(a)) => a.into(),
                _ => -0.75,
            },
            excludes_outside: site.node.int("exclude_outside").unwrap_or(0) != 0,
            is_antialiased: site.node.int("antialias").unwrap_or(0) != 0,
        })
    }

    /// Gives where an element of the result lies among those of the input.
    #[allow(clippy::cast_precision_loss, reason = "extents are far below 2^53")]
    fn place(&self, line: &Line, at: usize) -> f64 {
        let (from, to, at) = (line.from as f64, line.to as f64, at as f64);
        let half = (at + 0.5) / line.scale - 0.5;
        let scaled = from * line.scale;
        match self.coordinates {
            Coordinates::HalfPixel => half,
            Coordinates::HalfPixelSymmetric => from / 2.0 * (1.0 - to / scaled) + half,
            Coordinates::PytorchHalfPixel if line.to > 1 => half,
            Coordinates::AlignCorners if scaled > 1.0 => at * (from - 1.0) / (scaled - 1.0),
            Coordinates::PytorchHalfPixel | Coordinates::AlignCorners => 0.0,
            Coordinates::Asymmetric => at / line.scale,
            Coordinates::Crop if line.to > 1 => {
                let [start, end] = line.window;
                (start + at * (end - start) / (to - 1.0)) * (from - 1.0)
            }
            Coordinates::Crop => f64::midpoint(line.window[0], line.window[1]) * (from - 1.0),
        }
    }

    /// Gives the elements that make one of the result, and their weights.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "places are clamped to the extent, which is far below 2^53"
    )]
    pub(super) fn weights(&self, line: &Line, at: usize) -> Vec<(usize, f64)> {
        let place = self.place(line, at);
        let last = (line.from - 1) as f64;
        let clamped = |place: f64| place.clamp(0.0, last) as usize;
        // So far float32 is from a half or whole number that is meant.
        let near = (place * 2.0).round() / 2.0;
        let place = if (place - near).abs() < 1e-6 {
            near
        } else {
            place
        };
        if self.kernel == Kernel::Nearest {
            return vec![(clamped((self.rounds)(place)), 1.0)];
        }
        let shrink = if self.is_antialiased {
            line.scale.min(1.0)
        } else {
            1.0
        };
        let reach = if self.kernel == Kernel::Linear {
            1.0
        } else {
            2.0
        } / shrink;
        let (mut found, mut element) = (Vec::new(), (place - reach).floor());
        while element <= place + reach {
            let weight = self.weight((element - place).abs() * shrink);
            let is_outside = element < 0.0 || element > last;
            if weight != 0.0 && !(self.excludes_outside && is_outside) {
                found.push((clamped(element), weight));
            }
            element += 1.0;
        }
        let sum: f64 = found.iter().map(|(_, weight)| weight).sum();
        if self.excludes_outside || self.is_antialiased {
            for (_, weight) in &mut found {
                *weight /= sum;
            }
        }
        found
    }

    fn weight(&self, distance: f64) -> f64 {
        let (d, a) = (distance, self.cubic);
        match self.kernel {
            Kernel::Cubic if d <= 1.0 => ((a + 2.0) * d - (a + 3.0)) * d * d + 1.0,
            Kernel::Cubic if d < 2.0 => ((d - 5.0) * d + 8.0) * d * a - 4.0 * a,
            Kernel::Cubic => 0.0,
            _ => (1.0 - d).max(0.0),
        }
    }
}
