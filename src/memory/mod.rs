//! Memory of the device and page-locked memory of the host.
//!
//! Device memory cannot be touched from the host: [`DeviceBuffer`] has no way to its contents but
//! copies. Asynchronous copies take page-locked host memory only ([`PinnedBuffer`]); blocking ones
//! take any slice.

pub(crate) mod copy;
mod device;
mod element;
mod pinned;
mod uploader;

pub use device::DeviceBuffer;
pub use element::Element;
pub use pinned::PinnedBuffer;
pub use uploader::Uploader;
