//! Buffers that queues pass on: data that host and device reach, a small area for the user, and
//! chains of them.

use std::sync::{Arc, Mutex, Weak};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::Object;
use crate::ledger::{Kind, Origin};
use crate::sync::lock;

use super::block::Holding;
use super::space::Space;

/// Bytes of a buffer's area for the user.
const USER: usize = 96;
/// Buffers in a chain.
const CHAIN: usize = 128;

/// What a handle stands for: one reference to data, and the chain that it heads or is in.
pub(crate) struct SharedBuffer {
    data: Arc<Data>,
    chain: Mutex<Chain>,
}

impl Object for SharedBuffer {
    const KIND: Kind = Kind::SharedBuffer;
}

#[derive(Default)]
struct Chain {
    /// What was appended to this buffer, in order.
    rest: Vec<u64>,
    /// The buffer that this one was appended to.
    head: Option<u64>,
}

struct Data {
    space: Weak<Space>,
    origin: Origin,
    base: u64,
    bytes: usize,
    state: Mutex<State>,
}

struct State {
    /// How much of the data is valid.
    length: usize,
    user: [u8; USER],
}

impl Drop for Data {
    fn drop(&mut self) {
        if let Some(space) = self.space.upgrade() {
            let freed = space.free(self.base, self.origin, &[Holding::Buffer]);
            if freed.is_err() {
                tracing::debug!("the data of a shared buffer was lost with its device");
            }
        }
    }
}

impl Entry<'_> {
    pub(crate) fn allocate_buffer(&self, bytes: usize) -> Result<u64, Fault> {
        let base = self.allocate_shared(bytes, Holding::Buffer)?;
        let data = Arc::new(Data {
            space: Arc::downgrade(&self.world.space),
            origin: self.origin,
            base,
            bytes,
            state: Mutex::new(State {
                length: 0,
                user: [0; USER],
            }),
        });
        Ok(self.hand_out_buffer(data))
    }

    fn hand_out_buffer(&self, data: Arc<Data>) -> u64 {
        let chain = Mutex::default();
        let buffers = &self.world.buffers;
        buffers
            .insert(self.origin, |_| SharedBuffer { data, chain })
            .0
    }

    /// One more reference to the data of a buffer.
    pub(crate) fn copy_buffer(&self, handle: u64) -> Result<u64, Fault> {
        let data = Arc::clone(&self.world.buffers.get(handle)?.data);
        Ok(self.hand_out_buffer(data))
    }

    /// Gives a buffer back, with the whole chain that it heads.
    pub(crate) fn free_buffer(&self, handle: u64) -> Result<(), Fault> {
        let buffer = self.world.buffers.get(handle)?;
        let rest = {
            let mut chain = lock(&buffer.chain);
            if let Some(head) = chain.head {
                return Err(Fault::runtime_argument(format!(
                    "the buffer is in the chain of {head:#x}, which is freed by its head"
                )));
            }
            std::mem::take(&mut chain.rest)
        };
        for handle in rest.into_iter().chain([handle]) {
            self.world.buffers.remove(handle)?;
        }
        Ok(())
    }

    /// Address and size of the data.
    pub(crate) fn buffer_data(&self, handle: u64) -> Result<(u64, usize), Fault> {
        let data = &self.world.buffers.get(handle)?.data;
        Ok((data.base, data.bytes))
    }

    pub(crate) fn buffer_length(&self, handle: u64) -> Result<usize, Fault> {
        let buffer = self.world.buffers.get(handle)?;
        Ok(lock(&buffer.data.state).length)
    }

    pub(crate) fn set_buffer_length(&self, handle: u64, length: usize) -> Result<(), Fault> {
        let buffer = self.world.buffers.get(handle)?;
        if length > buffer.data.bytes {
            return Err(Fault::runtime_argument(format!(
                "the buffer has {} bytes, {length} are to be valid",
                buffer.data.bytes
            )));
        }
        lock(&buffer.data.state).length = length;
        Ok(())
    }

    /// Gives a part of the user's area to `with`.
    pub(crate) fn with_user_data(
        &self,
        handle: u64,
        (offset, bytes): (usize, usize),
        with: impl FnOnce(&mut [u8]),
    ) -> Result<(), Fault> {
        let buffer = self.world.buffers.get(handle)?;
        let mut state = lock(&buffer.data.state);
        let end = offset.checked_add(bytes);
        let part = end.and_then(|end| state.user.get_mut(offset..end));
        with(part.ok_or_else(|| {
            let text = format!("{bytes} bytes from {offset} are not within the area of {USER}");
            Fault::runtime_argument(text)
        })?);
        Ok(())
    }

    pub(crate) fn append_buffer(&self, head: u64, handle: u64) -> Result<(), Fault> {
        let buffers = &self.world.buffers;
        let (first, buffer) = (buffers.get(head)?, buffers.get(handle)?);
        if head == handle {
            return Err(Fault::runtime_argument(
                "a buffer is not appended to itself",
            ));
        }
        let mut chain = lock(&first.chain);
        if chain.head.is_some() || chain.rest.len() + 1 >= CHAIN {
            return Err(Fault::runtime_argument(format!(
                "{head:#x} is no head of a chain, or its chain has {CHAIN} buffers"
            )));
        }
        let mut own = lock(&buffer.chain);
        if own.head.is_some() || !own.rest.is_empty() {
            return Err(Fault::runtime_argument(format!(
                "{handle:#x} is in a chain already"
            )));
        }
        own.head = Some(head);
        chain.rest.push(handle);
        Ok(())
    }

    /// The buffers of a chain, the head first.
    pub(crate) fn buffer_chain(&self, head: u64) -> Result<Vec<u64>, Fault> {
        let first = self.world.buffers.get(head)?;
        let rest = lock(&first.chain).rest.clone();
        Ok([head].into_iter().chain(rest).collect())
    }
}
