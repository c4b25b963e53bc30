//! Memory of the system: files without a name, and the addresses that they are mapped at.

use std::ffi::{c_int, c_void};
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::ptr::{self, NonNull};

/// Of the system's smallest pages; those of aarch64 may be larger, and then cover some of these.
pub(crate) const PAGE: u64 = 64 << 10;

const SHARED: c_int = libc::MAP_SHARED | libc::MAP_NORESERVE;
const ANONYMOUS: c_int = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
const READ_WRITE: c_int = libc::PROT_READ | libc::PROT_WRITE;

/// A file in memory that has no name. Its pages are taken as they are written to.
pub(crate) struct MemoryFile(pub(crate) File);

impl MemoryFile {
    pub(crate) fn new(bytes: u64) -> io::Result<Self> {
        // SAFETY: the name ends with a zero byte.
        let fd = unsafe { libc::memfd_create(c"ascend-device".as_ptr(), libc::MFD_CLOEXEC) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the descriptor was opened above, and nobody else has it.
        let file = File::from(unsafe { OwnedFd::from_raw_fd(fd) });
        file.set_len(bytes)?;
        Ok(Self(file))
    }

    /// Gives the whole pages of a range back to the system; they read as zeros then.
    pub(crate) fn discard(&self, range: &Range<u64>) {
        let (start, end) = (range.start.next_multiple_of(PAGE), range.end / PAGE * PAGE);
        let length = end.saturating_sub(start);
        let (Ok(start), Ok(length)) = (start.try_into(), length.try_into()) else {
            return;
        };
        if length == 0 {
            return;
        }
        let mode = libc::FALLOC_FL_PUNCH_HOLE | libc::FALLOC_FL_KEEP_SIZE;
        // SAFETY: the call only changes the file's contents, in a range that nobody owns.
        let code = unsafe { libc::fallocate(self.0.as_raw_fd(), mode, start, length) };
        if code != 0 {
            let error = io::Error::last_os_error();
            tracing::debug!("pages of device memory stay taken: {error}");
        }
    }
}

/// A range of addresses of the process, given back when it is dropped.
pub(crate) struct Mapping {
    start: NonNull<u8>,
    bytes: usize,
}

// SAFETY: the range belongs to this value alone; what is in it is reached through raw pointers.
unsafe impl Send for Mapping {}
// SAFETY: as above.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Addresses with nothing behind them: following one faults. They lie at `hint` if they can.
    pub(crate) fn reserved(bytes: usize, hint: usize) -> io::Result<Self> {
        Self::new(bytes, hint, libc::PROT_NONE, ANONYMOUS, -1, 0)
    }

    /// Memory of nobody's: reads as zeros. It lies at `hint` if it can.
    pub(crate) fn anonymous(bytes: usize, hint: usize) -> io::Result<Self> {
        Self::new(bytes, hint, READ_WRITE, ANONYMOUS, -1, 0)
    }

    /// The bytes of a file from `offset`, which is a multiple of the page size; at `hint` if the
    /// addresses are free.
    pub(crate) fn of(
        file: &MemoryFile,
        offset: u64,
        bytes: usize,
        hint: usize,
    ) -> io::Result<Self> {
        Self::new(bytes, hint, READ_WRITE, SHARED, file.0.as_raw_fd(), offset)
    }

    fn new(
        bytes: usize,
        hint: usize,
        access: c_int,
        flags: c_int,
        fd: c_int,
        offset: u64,
    ) -> io::Result<Self> {
        let hint = ptr::without_provenance_mut(hint);
        // SAFETY: without MAP_FIXED no mapping of the process is touched.
        let start = unsafe { map(hint, bytes, access, flags, fd, offset) }?;
        Ok(Self { start, bytes })
    }

    /// Puts a part of a file at `at` within the mapping, in place of what was there.
    pub(crate) fn put(
        &self,
        at: usize,
        file: &MemoryFile,
        offset: u64,
        bytes: usize,
    ) -> io::Result<()> {
        let flags = SHARED | libc::MAP_FIXED;
        self.replace(at, bytes, READ_WRITE, flags, file.0.as_raw_fd(), offset)
    }

    /// Takes away what lies at `at`: following the addresses faults, as after `reserved`.
    pub(crate) fn close(&self, at: usize, bytes: usize) -> io::Result<()> {
        let flags = ANONYMOUS | libc::MAP_FIXED;
        self.replace(at, bytes, libc::PROT_NONE, flags, -1, 0)
    }

    /// Takes away what lies at `at`, and puts memory of nobody's there, as after `anonymous`: a
    /// copy that is under way ends without harm.
    pub(crate) fn clear(&self, at: usize, bytes: usize) -> io::Result<()> {
        let flags = ANONYMOUS | libc::MAP_FIXED;
        self.replace(at, bytes, READ_WRITE, flags, -1, 0)
    }

    fn replace(
        &self,
        at: usize,
        bytes: usize,
        access: c_int,
        flags: c_int,
        fd: c_int,
        offset: u64,
    ) -> io::Result<()> {
        let start = self.at(at, bytes).ok_or(io::ErrorKind::InvalidInput)?;
        // SAFETY: the range lies within this mapping, which this value owns.
        unsafe { map(start.as_ptr().cast(), bytes, access, flags, fd, offset) }.map(|_| ())
    }

    /// Where `bytes` bytes from `at` are, if they lie within the mapping.
    pub(crate) fn at(&self, at: usize, bytes: usize) -> Option<NonNull<u8>> {
        let end = at.checked_add(bytes)?;
        if end > self.bytes {
            return None;
        }
        NonNull::new(self.start.as_ptr().wrapping_add(at))
    }

    pub(crate) fn start(&self) -> usize {
        self.start.addr().get()
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// Whether anything is at `address`, be it that nobody may follow it.
pub(crate) fn is_mapped(address: u64) -> bool {
    // SAFETY: asks for a number only.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    let (Ok(page), Ok(address)) = (usize::try_from(page), usize::try_from(address)) else {
        return false;
    };
    let start = ptr::without_provenance_mut(address / page * page);
    let mut state = 0;
    // SAFETY: asks for the state of one page, which has one byte of room.
    let code = unsafe { libc::mincore(start, 1, &raw mut state) };
    code == 0
}

/// # Safety
///
/// With `MAP_FIXED` the range belongs to the caller.
unsafe fn map(
    start: *mut c_void,
    bytes: usize,
    access: c_int,
    flags: c_int,
    fd: c_int,
    offset: u64,
) -> io::Result<NonNull<u8>> {
    let offset = offset
        .try_into()
        .map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    // SAFETY: the caller vouches for the range.
    let start = unsafe { libc::mmap(start, bytes, access, flags, fd, offset) };
    if start == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    NonNull::new(start.cast()).ok_or_else(|| io::ErrorKind::AddrNotAvailable.into())
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the range was mapped by `new`, and nothing reaches into it any more.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.bytes) };
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{FileExt, MetadataExt};

    use super::*;

    const BYTES: usize = 64 << 10;

    #[test]
    fn discarded_pages_are_given_back() {
        let file = MemoryFile::new(16 * PAGE).unwrap();
        file.0.write_all_at(&vec![1; 8 * BYTES], 0).unwrap();
        let taken = file.0.metadata().unwrap().blocks();
        file.discard(&(1..3 * PAGE + 1));
        assert_eq!(file.0.metadata().unwrap().blocks(), taken / 8 * 6);
        let mut byte = [9];
        file.0.read_exact_at(&mut byte, PAGE).unwrap();
        assert_eq!(byte, [0]);
        file.0.read_exact_at(&mut byte, PAGE - 1).unwrap();
        assert_eq!(byte, [1]);
    }

    #[test]
    fn addresses_are_mapped_while_their_mapping_lives() {
        let mapping = Mapping::reserved(BYTES, 0x1100_0000_0000).unwrap();
        let last = (mapping.start() + BYTES - 1) as u64;
        assert!(is_mapped(last));
        drop(mapping);
        assert!(!is_mapped(last));
    }

    #[test]
    fn what_is_put_into_a_mapping_is_taken_away_again() {
        let file = MemoryFile::new(PAGE).unwrap();
        file.0.write_all_at(&[1], 0).unwrap();
        let bytes = BYTES;
        let mapping = Mapping::anonymous(2 * bytes, 0).unwrap();
        mapping.put(bytes, &file, 0, bytes).unwrap();
        let byte = mapping.at(bytes, 1).unwrap();
        // SAFETY: the byte lies within the mapping.
        assert_eq!(unsafe { byte.read_volatile() }, 1);
        mapping.clear(bytes, bytes).unwrap();
        // SAFETY: as above.
        assert_eq!(unsafe { byte.read_volatile() }, 0);
        assert!(mapping.put(bytes + 1, &file, 0, bytes).is_err());
        assert!(mapping.at(2 * bytes, 1).is_none());
        let error = Mapping::reserved(usize::MAX - 4096, 0).err();
        assert!(error.is_some());
    }
}
