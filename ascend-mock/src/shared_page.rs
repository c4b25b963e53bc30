//! Pages of memory (several of the system's) that processes of one machine share, word by word.
//!
//! A page is a file without a name. Its maker gives out a [key](SharedPage::key) that names the
//! process, the file's number there and a random number; whoever may look into the maker's
//! `/proc` entry opens the page by it. The page lasts as long as someone holds it, but is only
//! found while its maker does. Nobody is woken by a change: who waits for one looks again and
//! again, at [`INTERVAL`].

use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::fs::OpenOptionsExt;
use std::process;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ascend_sys::{ACL_ERROR_RT_IPC_ERROR, ACL_ERROR_RT_RESOURCE_ALLOC_FAIL};

use crate::fault::Fault;

/// How often to look for what another process changes.
pub(crate) const INTERVAL: Duration = Duration::from_millis(1);

/// Words that a page has for its users, who find them zero.
pub(crate) const WORDS: usize = TOTAL - FIRST;

/// Memory is taken as it is written to.
const BYTES: usize = 32 << 10;
const TOTAL: usize = BYTES / size_of::<AtomicU64>();
/// The first two words are what the page is for, and the key's random number.
const FIRST: usize = 2;
/// A page cannot shrink below its mapping.
const SEALS: libc::c_int = libc::F_SEAL_SHRINK | libc::F_SEAL_GROW;

/// What a page is for: one of another kind is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Event = 0x4153_0001,
    Notify = 0x4153_0002,
}

/// A page, mapped.
pub(crate) struct SharedPage {
    words: NonNull<AtomicU64>,
    key: String,
    /// Keeps the key good.
    _file: File,
}

// SAFETY: the page is mapped until the drop, and its words are atomic.
unsafe impl Send for SharedPage {}
// SAFETY: as above.
unsafe impl Sync for SharedPage {}

impl SharedPage {
    /// Makes a page that others may open.
    pub(crate) fn create(purpose: Purpose) -> Result<Self, Fault> {
        let fault = |error| {
            Fault::new(
                ACL_ERROR_RT_RESOURCE_ALLOC_FAIL,
                format!("no page to share with other processes: {error}"),
            )
        };
        let file = Self::make_file().map_err(fault)?;
        let secret = RandomState::new().build_hasher().finish();
        let key = format!(
            "ascend-{}-{}-{secret:016x}",
            process::id(),
            file.as_raw_fd()
        );
        let page = Self::map(file, key).map_err(fault)?;
        page.raw(1).store(secret, Ordering::Relaxed);
        page.raw(0).store(purpose as u64, Ordering::Release);
        Ok(page)
    }

    /// Opens the page that another process (or this one) gave the key of.
    pub(crate) fn open(key: &str, purpose: Purpose) -> Result<Self, Fault> {
        let fault = |why: &dyn Display| {
            Fault::new(
                ACL_ERROR_RT_IPC_ERROR,
                format!("the key {key:?} opens nothing: {why}"),
            )
        };
        let (process, number, secret) =
            parse(key).ok_or_else(|| fault(&"it is not one that was exported"))?;
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY)
            .open(format!("/proc/{process}/fd/{number}"))
            .map_err(|error| fault(&format_args!("the exporter is gone ({error})")))?;
        // SAFETY: only asks for the file's seals, and answers -1 for what has none.
        let seals = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_GET_SEALS) };
        let size = file.metadata().map_or(0, |metadata| metadata.len());
        if seals < 0 || seals & SEALS != SEALS || size != BYTES as u64 {
            return Err(fault(&"the exporter has destroyed the object"));
        }
        let page = Self::map(file, key.to_owned()).map_err(|error| fault(&error))?;
        let found = (
            page.raw(0).load(Ordering::Acquire),
            page.raw(1).load(Ordering::Relaxed),
        );
        if found != (purpose as u64, secret) {
            return Err(fault(&"it is of another object"));
        }
        Ok(page)
    }

    /// What other processes open the page by: text of less than 64 bytes.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// One of the [`WORDS`] words.
    pub(crate) fn word(&self, index: usize) -> &AtomicU64 {
        self.raw(FIRST + index)
    }

    fn raw(&self, index: usize) -> &AtomicU64 {
        assert!(index < TOTAL, "word {index} is beyond the page");
        // SAFETY: within the mapping.
        let word = unsafe { self.words.add(index) };
        // SAFETY: every word of the page is an initialised atomic, as long as the page is mapped.
        unsafe { word.as_ref() }
    }

    fn make_file() -> io::Result<File> {
        // SAFETY: the name is a text that ends with a zero byte.
        let number = unsafe {
            libc::memfd_create(
                c"ascend-shared".as_ptr(),
                libc::MFD_CLOEXEC | libc::MFD_ALLOW_SEALING,
            )
        };
        if number < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the file was just made, and nobody else has its number.
        let file = unsafe { File::from_raw_fd(number) };
        file.set_len(BYTES as u64)?;
        // SAFETY: seals a file of our own.
        if unsafe { libc::fcntl(number, libc::F_ADD_SEALS, SEALS) } < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(file)
    }

    fn map(file: File, key: String) -> io::Result<Self> {
        // SAFETY: a new mapping, at an address that the system chooses.
        let start = unsafe {
            libc::mmap(
                ptr::null_mut(),
                BYTES,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED,
                file.as_raw_fd(),
                0,
            )
        };
        match NonNull::new(start) {
            Some(start) if start.as_ptr() != libc::MAP_FAILED => Ok(Self {
                words: start.cast(),
                key,
                _file: file,
            }),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

impl Drop for SharedPage {
    fn drop(&mut self) {
        // SAFETY: the mapping of `map`, which nothing refers to any more.
        unsafe { libc::munmap(self.words.as_ptr().cast(), BYTES) };
    }
}

/// Process, file number and random number.
fn parse(key: &str) -> Option<(u32, u32, u64)> {
    let mut parts = key.strip_prefix("ascend-")?.split('-');
    let process = parts.next()?.parse().ok()?;
    let number = parts.next()?.parse().ok()?;
    let secret = u64::from_str_radix(parts.next()?, 16).ok()?;
    parts.next().is_none().then_some((process, number, secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_shared_by_its_key_while_its_maker_holds_it() {
        let made = SharedPage::create(Purpose::Event).unwrap();
        let longest = "ascend-4294967295-2147483647-0123456789abcdef";
        assert!(longest.len() < 64 && parse(longest).is_some());
        assert!(made.key().len() <= longest.len());
        let opened = SharedPage::open(made.key(), Purpose::Event).unwrap();
        made.word(WORDS - 1).store(7, Ordering::Relaxed);
        assert_eq!(opened.word(WORDS - 1).load(Ordering::Relaxed), 7);
        let key = made.key().to_owned();
        assert!(SharedPage::open(&key, Purpose::Notify).is_err());
        drop(made);
        assert!(SharedPage::open(&key, Purpose::Event).is_err());
        assert_eq!(opened.word(WORDS - 1).load(Ordering::Relaxed), 7);
    }

    #[test]
    fn keys_that_nobody_gave_out_open_nothing() {
        let file = File::open("/proc/self/maps").unwrap();
        let (pid, number) = (process::id(), file.as_raw_fd());
        let keys = [
            String::new(),
            "ascend".into(),
            format!("ascend-{pid}-{number}-0"),
            format!("ascend-{pid}-0-0"),
            format!("ascend-{pid}-99999999-0"),
            "ascend-99999999-1-0".into(),
            format!("ascend-{pid}-../../mem-0"),
        ];
        for key in keys {
            let fault = SharedPage::open(&key, Purpose::Event).err().unwrap();
            assert_eq!(fault.code, ACL_ERROR_RT_IPC_ERROR, "{key}");
        }
    }
}
