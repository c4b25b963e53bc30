//! What a model says of the preprocessing of pictures (AIPP) on the device.

use std::fmt;

use ascend_graph::om::Picture;

/// The preprocessing that the device does to an input before the network gets it.
///
/// The input takes the bytes of pictures (`uint8`); its dimensions in
/// [`TensorSpec::dims`](super::TensorSpec::dims) are those of the bytes, such as
/// `[batch, height * 3 / 2, width, 1]` for YUV420SP.
///
/// C API: `aclmdlGetAippType`, `aclmdlGetFirstAippInfo`, `acl_mdl.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum AippSpec {
    /// Its parameters are part of the model.
    Static {
        /// How the pictures lie in memory.
        picture: Picture,
        /// Height and width of the pictures in pixels; `None` where the gear decides.
        size: Option<[usize; 2]>,
    },
    /// Its parameters come with the runs: see [`AippParameters`](super::AippParameters).
    Dynamic {
        /// Height and width in pixels that the pictures have to become; `None` where the gear
        /// decides.
        size: Option<[usize; 2]>,
        /// The most bytes that the pictures of a run may take together.
        most_bytes: usize,
    },
}

/// As in `pictures of YUV420SP_U8, 224x224`.
impl fmt::Display for AippSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Static { picture, size } => {
                write!(f, "pictures of {}", picture.name())?;
                size.map_or(Ok(()), |[height, width]| write!(f, ", {height}x{width}"))
            }
            Self::Dynamic { size, most_bytes } => {
                write!(f, "pictures of up to {most_bytes} bytes")?;
                size.map_or(Ok(()), |[height, width]| {
                    write!(f, ", which become {height}x{width}")
                })
            }
        }
    }
}
