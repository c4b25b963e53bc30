//! The kinds of copies, and which kind goes with which addresses.

use ascend_sys::aclrtMemcpyKind;

use crate::fault::Fault;

use super::End;

/// The direction that a caller states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    HostToHost,
    HostToDevice,
    DeviceToHost,
    DeviceToDevice,
    /// Whatever the addresses say.
    Inferred,
}

/// Where an end of a copy lies, as far as streams care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Device,
    /// Reached by host and device alike.
    Managed,
    Pinned,
    Pageable,
}

impl Direction {
    /// The public kinds; all others are refused.
    pub(crate) fn from_c(kind: aclrtMemcpyKind) -> Result<Self, Fault> {
        match kind {
            aclrtMemcpyKind::ACL_MEMCPY_HOST_TO_HOST => Ok(Self::HostToHost),
            aclrtMemcpyKind::ACL_MEMCPY_HOST_TO_DEVICE
            | aclrtMemcpyKind::ACL_MEMCPY_HOST_TO_BUF_TO_DEVICE => Ok(Self::HostToDevice),
            aclrtMemcpyKind::ACL_MEMCPY_DEVICE_TO_HOST => Ok(Self::DeviceToHost),
            aclrtMemcpyKind::ACL_MEMCPY_DEVICE_TO_DEVICE => Ok(Self::DeviceToDevice),
            aclrtMemcpyKind::ACL_MEMCPY_DEFAULT => Ok(Self::Inferred),
            other => Err(Fault::argument(format!("{} is no kind of copy", other.0))),
        }
    }

    /// What the kind of a copy between two sides should be.
    pub(crate) fn between(from: Side, to: Side) -> Self {
        let on_device = |side| matches!(side, Side::Device);
        match (on_device(from), on_device(to)) {
            _ if from == Side::Managed || to == Side::Managed => Self::Inferred,
            (false, false) => Self::HostToHost,
            (false, true) => Self::HostToDevice,
            (true, false) => Self::DeviceToHost,
            (true, true) => Self::DeviceToDevice,
        }
    }

    /// Whether the stated kind is the true one.
    pub(crate) fn fits(self, from: Side, to: Side) -> bool {
        let actual = Self::between(from, to);
        self == actual || self == Self::Inferred || actual == Self::Inferred
    }

    /// Whether a stream takes the stated kind, which the runtime corrects in part.
    pub(crate) fn is_taken(self, from: Side, to: Side) -> bool {
        match (from, to) {
            _ if self.fits(from, to) => true,
            (Side::Pinned, Side::Device)
            | (Side::Device, Side::Pinned)
            | (Side::Pageable, Side::Pageable) => true,
            (Side::Device, Side::Pageable) | (Side::Pageable, Side::Device) => {
                self == Self::DeviceToDevice
            }
            (Side::Pinned, Side::Pageable) | (Side::Pageable, Side::Pinned) => {
                self != Self::DeviceToDevice
            }
            _ => false,
        }
    }
}

impl End {
    pub(crate) fn side(&self) -> Side {
        match self {
            Self::Device(_) => Side::Device,
            Self::Managed(_) => Side::Managed,
            Self::Host(span) if span.pinned().is_some() => Side::Pinned,
            Self::Host(_) => Side::Pageable,
        }
    }
}
