//! Pictures as preprocessing takes them.

use std::fmt;

/// The layout of a picture's bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Picture {
    /// Nothing was said.
    #[default]
    Unknown,
    /// A plane of Y, then one of U and V by turns for each two by two pixels.
    Yuv420sp,
    /// Four bytes a pixel.
    Xrgb8888,
    /// Three bytes a pixel.
    Rgb888,
    /// Y only.
    Yuv400,
    /// Four bytes a pixel.
    Argb8888,
    /// Y, U, Y, V for each two pixels.
    Yuyv,
    /// A plane of Y, then one of U and V by turns for each two pixels of a row.
    Yuv422sp,
    /// Four bytes a pixel.
    Ayuv444,
}

/// The pictures with their numbers and names.
pub(super) const PICTURES: [(Picture, i32, &str); 8] = [
    (Picture::Yuv420sp, 1, "YUV420SP_U8"),
    (Picture::Xrgb8888, 2, "XRGB8888_U8"),
    (Picture::Rgb888, 3, "RGB888_U8"),
    (Picture::Yuv400, 4, "YUV400_U8"),
    (Picture::Argb8888, 7, "ARGB8888_U8"),
    (Picture::Yuyv, 8, "YUYV_U8"),
    (Picture::Yuv422sp, 9, "YUV422SP_U8"),
    (Picture::Ayuv444, 10, "AYUV444_U8"),
];

impl Picture {
    /// Gives the picture of a number as in `aclAippInputFormat`.
    #[must_use]
    pub fn from_code(code: i32) -> Option<Self> {
        let found = PICTURES.iter().find(|(_, number, _)| *number == code);
        found.map(|(picture, ..)| *picture)
    }

    /// Gives the number as in `aclAippInputFormat`, 0 for none.
    #[must_use]
    pub fn code(self) -> i32 {
        let found = PICTURES.iter().find(|(picture, ..)| *picture == self);
        found.map_or(0, |(_, number, _)| *number)
    }

    /// Gives the name that configurations use.
    #[must_use]
    pub fn name(self) -> &'static str {
        let found = PICTURES.iter().find(|(picture, ..)| *picture == self);
        found.map_or("unknown", |(_, _, name)| name)
    }

    /// Gives the picture of a name that configurations use.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let found = PICTURES.iter().find(|(.., known)| *known == name);
        let unknown = (name == Self::Unknown.name()).then_some(Self::Unknown);
        found.map(|(picture, ..)| *picture).or(unknown)
    }

    /// Gives the bytes of a picture; `None` if it is larger than can be.
    #[must_use]
    pub fn bytes(self, height: u64, width: u64) -> Option<u64> {
        let pixels = height.checked_mul(width)?;
        match self {
            Self::Unknown => None,
            Self::Yuv420sp => pixels.checked_mul(3).map(|bytes| bytes / 2),
            Self::Yuv400 => Some(pixels),
            Self::Yuyv | Self::Yuv422sp => pixels.checked_mul(2),
            Self::Rgb888 => pixels.checked_mul(3),
            Self::Xrgb8888 | Self::Argb8888 | Self::Ayuv444 => pixels.checked_mul(4),
        }
    }

    /// Tells whether a pixel is four bytes.
    #[must_use]
    pub fn has_four_channels(self) -> bool {
        matches!(self, Self::Xrgb8888 | Self::Argb8888 | Self::Ayuv444)
    }

    /// Gives dims whose product is the number of bytes of `count` pictures; -1 stays.
    #[must_use]
    pub fn byte_dims(self, count: i64, height: i64, width: i64) -> Vec<i64> {
        match self {
            Self::Yuv420sp | Self::Yuv422sp if height < 0 => vec![count, -1, width, 1],
            Self::Yuv420sp => vec![count, height.saturating_mul(3) / 2, width, 1],
            Self::Yuv422sp => vec![count, height.saturating_mul(2), width, 1],
            Self::Yuyv => vec![count, height, width, 2],
            Self::Rgb888 => vec![count, height, width, 3],
            Self::Xrgb8888 | Self::Argb8888 | Self::Ayuv444 => vec![count, height, width, 4],
            Self::Yuv400 | Self::Unknown => vec![count, height, width, 1],
        }
    }
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
