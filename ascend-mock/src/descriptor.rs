//! A file descriptor of the program's, written to without being stopped or killed by its reader.

use std::fs::File;
use std::io::{self, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::ptr;
use std::time::Duration;

use libc::{F_DUPFD_CLOEXEC, POLLERR, POLLNVAL, POLLOUT, SIG_BLOCK, SIGPIPE};

/// What is written at once: as much as a pipe with room takes without waiting.
const PIECE: usize = 4096;

/// A descriptor of our own for the same open file, which lives on when the program closes its own.
pub(crate) struct Descriptor(File);

impl Descriptor {
    /// Duplicates the descriptor `number`.
    pub(crate) fn duplicate(number: i32) -> io::Result<Self> {
        // SAFETY: fcntl(2) takes any number, and answers EBADF for one that is no open descriptor.
        let copy = unsafe { libc::fcntl(number, F_DUPFD_CLOEXEC, 3) };
        if copy < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: fcntl(2) has just made the descriptor, so nobody else owns it.
        let owned = unsafe { OwnedFd::from_raw_fd(copy) };
        Ok(Self(File::from(owned)))
    }

    /// Writes what there is room for within `patience`, and gives how many bytes that were: 0 if there
    /// was no room.
    ///
    /// # Errors
    /// What the system says, such as `BrokenPipe` when the reader is gone.
    pub(crate) fn write(&mut self, bytes: &[u8], patience: Duration) -> io::Result<usize> {
        let mut waiting = libc::pollfd {
            fd: self.0.as_raw_fd(),
            events: POLLOUT,
            revents: 0,
        };
        let patience = i32::try_from(patience.as_millis()).unwrap_or(i32::MAX);
        // SAFETY: poll(2) gets one structure, which lives until it returns.
        let ready = unsafe { libc::poll(&raw mut waiting, 1, patience) };
        match ready {
            0 => return Ok(0),
            1.. if waiting.revents & POLLOUT == 0
                && waiting.revents & (POLLERR | POLLNVAL) != 0 =>
            {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            1.. => {}
            _ => match io::Error::last_os_error() {
                error if error.kind() == io::ErrorKind::Interrupted => return Ok(0),
                error => return Err(error),
            },
        }
        match self.0.write(&bytes[..bytes.len().min(PIECE)]) {
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
                ) =>
            {
                Ok(0)
            }
            written => written,
        }
    }
}

/// Keeps the signal of a broken pipe from the calling thread, for which writing fails instead.
pub(crate) fn block_broken_pipes() {
    let mut set = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: sigemptyset(3) gets a place for a set.
    unsafe { libc::sigemptyset(set.as_mut_ptr()) };
    // SAFETY: the set was made by sigemptyset(3), and SIGPIPE is a signal.
    unsafe { libc::sigaddset(set.as_mut_ptr(), SIGPIPE) };
    // SAFETY: the set is made, and the old one is not asked for.
    unsafe { libc::pthread_sigmask(SIG_BLOCK, set.as_ptr(), ptr::null_mut()) };
}
