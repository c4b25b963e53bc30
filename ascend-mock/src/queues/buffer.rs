//! Buffers that are shared with queues and devices, and chains of them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ascend_sys::ACL_ERROR_RT_MEMORY_ALLOCATION;

use super::Queues;
use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::kinds;
use crate::ledger::Origin;
use crate::memory::SharedBlock;
use crate::sync::lock;

/// The largest buffer.
const MAX_BYTES: usize = 1 << 30;
/// What a buffer has for the program beside its data.
const USER_BYTES: usize = 96;
/// The most buffers of a chain.
const MAX_CHAIN: usize = 128;

/// A handle of a buffer; several may share what is in it.
pub(crate) struct Buffer {
    shared: Arc<Content>,
    /// The buffers behind this one, if it heads a chain.
    chain: Mutex<Vec<u64>>,
}

struct Content {
    block: SharedBlock,
    length: AtomicUsize,
    user: Mutex<[u8; USER_BYTES]>,
}

kinds! {
    Buffer => SharedBuffer;
}

impl Buffer {
    /// Where the data is, for host and device alike, and how much there is room for.
    pub(crate) fn room(&self) -> (u64, usize) {
        let block = &self.shared.block;
        (block.address(), block.bytes())
    }

    /// Sets all of the data, which is as long as `data`.
    pub(crate) fn set_data(&self, data: &[u8]) {
        self.shared.block.span().write(data);
    }

    /// The first `length` bytes; the buffer was said to have that many.
    pub(crate) fn data(&self, length: usize) -> Vec<u8> {
        let mut data = vec![0; length];
        self.shared.block.span().read_start(&mut data);
        data
    }

    pub(crate) fn length(&self) -> usize {
        self.shared.length.load(Ordering::Relaxed)
    }

    pub(crate) fn set_length(&self, length: usize) -> Result<(), Fault> {
        let (_, bytes) = self.room();
        if length > bytes {
            return Err(Fault::argument(format!(
                "the buffer has {bytes} bytes, not {length}"
            )));
        }
        self.shared.length.store(length, Ordering::Relaxed);
        Ok(())
    }

    /// The part of the program's bytes, if there are so many.
    pub(crate) fn user_part(size: usize, offset: usize) -> Result<std::ops::Range<usize>, Fault> {
        let end = offset.checked_add(size).filter(|end| *end <= USER_BYTES);
        end.map(|end| offset..end).ok_or_else(|| {
            Fault::argument(format!(
                "a buffer has {USER_BYTES} bytes for the program, not {size} at {offset}"
            ))
        })
    }

    pub(crate) fn user_data(&self, size: usize, offset: usize) -> Result<Vec<u8>, Fault> {
        let part = Self::user_part(size, offset)?;
        Ok(lock(&self.shared.user)[part].to_vec())
    }

    pub(crate) fn set_user_data(&self, data: &[u8], offset: usize) -> Result<(), Fault> {
        let part = Self::user_part(data.len(), offset)?;
        lock(&self.shared.user)[part].copy_from_slice(data);
        Ok(())
    }

    pub(crate) fn chain_length(&self) -> usize {
        1 + lock(&self.chain).len()
    }
}

impl Queues {
    /// A chain ends with its head, and only with it.
    pub(crate) fn free(&self, buffer: u64, origin: Origin) -> Result<(), Fault> {
        let heads = self
            .buffers
            .filter(|head| lock(&head.chain).contains(&buffer));
        if !heads.is_empty() {
            return Err(Fault::argument(
                "the buffer is in a chain; free the head of the chain, which frees all of it",
            ));
        }
        let head = self.buffers.remove(buffer)?;
        head.shared.block.is_freed_by(origin);
        let chain = std::mem::take(&mut *lock(&head.chain));
        for next in chain {
            let next = self.buffers.remove(next)?;
            next.shared.block.is_freed_by(origin);
        }
        Ok(())
    }

    pub(crate) fn append(&self, head: u64, buffer: u64) -> Result<(), Fault> {
        let chained = self.buffers.get(head)?;
        if head == buffer || self.buffers.get(buffer)?.chain_length() > 1 {
            return Err(Fault::argument("the buffer heads a chain itself"));
        }
        let mut chain = lock(&chained.chain);
        if chain.contains(&buffer) || chain.len() + 1 >= MAX_CHAIN {
            return Err(Fault::argument(format!(
                "the chain has the buffer already, or {MAX_CHAIN} buffers"
            )));
        }
        chain.push(buffer);
        Ok(())
    }

    pub(crate) fn chained(&self, head: u64, index: u32) -> Result<u64, Fault> {
        let chained = self.buffers.get(head)?;
        let chain = lock(&chained.chain);
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let buffer = match index.checked_sub(1) {
            None => Some(head),
            Some(index) => chain.get(index).copied(),
        };
        buffer.ok_or_else(|| {
            Fault::argument(format!(
                "the chain has {} buffers, no buffer {index}",
                chain.len() + 1
            ))
        })
    }

    /// Another handle of the same content.
    pub(crate) fn share(&self, buffer: &Buffer, origin: Origin) -> u64 {
        let copy = Buffer {
            shared: Arc::clone(&buffer.shared),
            chain: Mutex::default(),
        };
        self.buffers.insert(origin, |_| copy).0
    }
}

impl Entry<'_> {
    pub(crate) fn create_buffer(&self, size: usize) -> Result<u64, Fault> {
        if size == 0 {
            return Err(Fault::argument("size is 0"));
        }
        if size > MAX_BYTES {
            return Err(Fault::new(
                ACL_ERROR_RT_MEMORY_ALLOCATION,
                format!("a buffer has {MAX_BYTES} bytes at most, not {size}"),
            ));
        }
        let block = self.share_block(size)?;
        let buffer = Buffer {
            shared: Arc::new(Content {
                block,
                length: AtomicUsize::new(size),
                user: Mutex::new([0; USER_BYTES]),
            }),
            chain: Mutex::default(),
        };
        Ok(self.world.queues.buffers.insert(self.origin, |_| buffer).0)
    }
}
