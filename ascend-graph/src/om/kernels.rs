//! The binaries inside an `.om`: kernels for the AI cores and the device's CPU, and libraries for the host.

use bytes::Bytes;

use super::cursor::Cursor;
use super::{Partition, PartitionKind};
use crate::Result;

const KERNEL: u32 = 0x5D77_6EFD;
const CUSTOM_OP: u32 = 0x4B43_534B;
const ELF: &[u8] = b"\x7fELF";

/// More items than this no partition has: an item is small in the file and takes room in memory.
const MOST_ITEMS: usize = 1 << 20;

/// A binary of an `.om`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kernel {
    /// The partition that it is in, which tells what it is for.
    pub partition: PartitionKind,
    /// Its name; the attribute `_kernelname` of an operator leads to it.
    pub name: String,
    /// For libraries of the host: what kind they are of.
    pub library: Option<HostLibrary>,
    /// Its bytes, a slice of the file.
    pub data: Bytes,
}

impl Kernel {
    /// Tells whether the binary is an ELF object, as all known ones are.
    #[must_use]
    pub fn is_elf(&self) -> bool {
        self.data.starts_with(ELF)
    }
}

/// What the partition `SO_BINS` tells of a library of the host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostLibrary {
    /// 0 registers operators, 1 drives a device, 2 was made by automatic fusion, 3 has custom operators.
    pub kind: u16,
    /// The vendor's folder.
    pub vendor: String,
}

impl HostLibrary {
    /// Gives the name of the kind, or `None` for a number that is not known here.
    #[must_use]
    pub fn kind_name(&self) -> Option<&'static str> {
        ["op registry", "device op master", "autofuse", "custom op"]
            .get(usize::from(self.kind))
            .copied()
    }
}

/// Lists the binaries of a partition, and says where the list breaks off.
///
/// A device's loader stops quietly at what is no item; so does this, with a warning.
pub(super) fn kernels(partition: &Partition, warnings: &mut Vec<String>) -> Vec<Kernel> {
    let mut items = Cursor::new(&partition.data);
    let mut kernels = Vec::new();
    let promised = match promised(partition.kind, &mut items) {
        Ok(promised) => promised,
        Err(error) => {
            warnings.push(error.within(partition.kind).to_string());
            return kernels;
        }
    };
    let is_done = |found: usize| promised.is_some_and(|promised| found >= promised);
    while items.rest() > 0 && !is_done(kernels.len()) && kernels.len() < MOST_ITEMS {
        let start = items.position();
        match item(partition, &mut items) {
            Ok(kernel) => kernels.push(kernel),
            Err(error) => {
                warnings.push(format!(
                    "{}: the list breaks off after {} items, at byte {start} of {}: {error}",
                    partition.kind,
                    kernels.len(),
                    partition.data.len()
                ));
                return kernels;
            }
        }
    }
    if items.rest() > 0 {
        warnings.push(format!(
            "{}: {} bytes follow its {} items",
            partition.kind,
            items.rest(),
            kernels.len()
        ));
    } else if let Some(promised) = promised.filter(|&promised| promised != kernels.len()) {
        warnings.push(format!(
            "{}: it promises {promised} items and has {}",
            partition.kind,
            kernels.len()
        ));
    }
    kernels
}

/// The number of items, where the partition tells it.
fn promised(kind: PartitionKind, items: &mut Cursor<'_>) -> Result<Option<usize>> {
    if kind == PartitionKind::SO_BINS {
        items.count(16, "the number of libraries").map(Some)
    } else {
        Ok(None)
    }
}

fn item(partition: &Partition, items: &mut Cursor<'_>) -> Result<Kernel> {
    let expected = match partition.kind {
        PartitionKind::CUSTOM_OPS => CUSTOM_OP,
        _ => KERNEL,
    };
    let magic = items.u32("an item's mark")?;
    if magic != expected {
        return Err(crate::Error::format(format!(
            "an item starts with {magic:#010x} instead of {expected:#010x}"
        )));
    }
    let is_library = partition.kind == PartitionKind::SO_BINS;
    let mut library = None;
    let (name_len, vendor_len);
    if is_library {
        name_len = u32::from(items.u16("the length of a name")?);
        let kind = items.u16("the kind of a library")?;
        vendor_len = items.u32("the length of a vendor's name")?;
        library = Some(kind);
    } else {
        name_len = items.u32("the length of a name")?;
        vendor_len = 0;
    }
    let data_len = items.u32("the length of a binary")?;
    let name = text(items.take(name_len.into(), "the name")?);
    let vendor = text(items.take(vendor_len.into(), "the vendor's name")?);
    let data = items.take(data_len.into(), &format!("the binary `{name}`"))?;
    Ok(Kernel {
        partition: partition.kind,
        name,
        library: library.map(|kind| HostLibrary { kind, vendor }),
        data: partition.data.slice_ref(data),
    })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
