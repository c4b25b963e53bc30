//! Lists of arguments for kernels, as programs put them together.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ascend_sys::ACL_ERROR_RT_RESOURCE_ALLOC_FAIL;

use crate::entry::Entry;
use crate::fault::Fault;
use crate::handles::{Object, numbers};
use crate::ledger::Kind;
use crate::sync::lock;

use super::Kernels;

/// Parameters that a list can have.
const MAX_PARAMETERS: usize = 128;

/// Bytes that the values and buffers of a list can have together.
const MAX_BYTES: usize = 1 << 20;

/// Lists of the runtime's that live at once. C has no function to end one, so those give way that
/// were not used for long.
const MAX_LISTS: usize = 1024;

/// Lists in memory of the program's, which says when it uses them no more by using the memory for
/// another one.
const MAX_LISTS_OF_PROGRAM: usize = 1 << 16;

/// Bytes that a program sets aside where it keeps a list itself.
pub(crate) const HANDLE_BYTES: usize = 64;

pub(crate) struct Arguments {
    function: u64,
    /// The number of the first parameter; the others follow.
    first: u64,
    /// Its place in the order of use, which changes under the lock of that.
    used: AtomicU64,
    list: Mutex<List>,
}

impl Object for Arguments {
    const KIND: Kind = Kind::KernelArguments;

    fn is_owned_by_program(&self) -> bool {
        false
    }
}

struct List {
    parameters: Vec<Parameter>,
    /// Bytes of values and buffers, each from a multiple of 8.
    bytes: usize,
    room: usize,
    is_final: bool,
}

enum Parameter {
    Value(Vec<u8>),
    /// An address whose data comes after all parameters; the program fills the buffer.
    PlaceHolder(Option<Arc<[AtomicU8]>>),
}

impl Arguments {
    fn new(function: u64, room: usize) -> Self {
        Self {
            function,
            first: numbers(Self::KIND, MAX_PARAMETERS as u64),
            used: AtomicU64::new(0),
            list: Mutex::new(List {
                parameters: Vec::new(),
                bytes: 0,
                room: room.min(MAX_BYTES),
                is_final: false,
            }),
        }
    }

    /// Leaves the order of use, if it is in it.
    fn leave(&self, handle: u64, order: &mut BTreeMap<u64, u64>) -> bool {
        let used = self.used.load(Ordering::Relaxed);
        let is_in = order.get(&used) == Some(&handle);
        if is_in {
            order.remove(&used);
        }
        is_in
    }

    fn put_last(&self, handle: u64, order: &mut BTreeMap<u64, u64>) {
        let last = order.last_key_value().map_or(0, |(last, _)| last + 1);
        self.used.store(last, Ordering::Relaxed);
        order.insert(last, handle);
    }

    pub(crate) fn append(&self, value: Vec<u8>) -> Result<u64, Fault> {
        let bytes = value.len();
        self.push(Parameter::Value(value), bytes)
    }

    pub(crate) fn append_place_holder(&self) -> Result<u64, Fault> {
        self.push(Parameter::PlaceHolder(None), size_of::<u64>())
    }

    fn push(&self, parameter: Parameter, bytes: usize) -> Result<u64, Fault> {
        let mut list = lock(&self.list);
        if list.is_final {
            return Err(Fault::runtime_argument(
                "the list is final: aclrtKernelArgsParaUpdate changes what is in it",
            ));
        }
        if list.parameters.len() == MAX_PARAMETERS {
            return Err(Fault::runtime_argument(format!(
                "a list has {MAX_PARAMETERS} parameters at most"
            )));
        }
        list.take_room(bytes)?;
        list.parameters.push(parameter);
        Ok(self.first + (list.parameters.len() - 1) as u64)
    }

    fn index_of(&self, parameter: u64, list: &List) -> Result<usize, Fault> {
        let index = parameter.checked_sub(self.first);
        let index = index.and_then(|index| usize::try_from(index).ok());
        index
            .filter(|index| *index < list.parameters.len())
            .ok_or_else(|| {
                Fault::runtime_argument(format!("{parameter:#x} is no parameter of the list"))
            })
    }

    /// The buffer of a place holder, for the program to fill until the launch.
    pub(crate) fn buffer(&self, parameter: u64, bytes: usize) -> Result<Arc<[AtomicU8]>, Fault> {
        let mut list = lock(&self.list);
        let index = self.index_of(parameter, &list)?;
        match &list.parameters[index] {
            Parameter::PlaceHolder(Some(buffer)) if buffer.len() == bytes => {
                return Ok(Arc::clone(buffer));
            }
            Parameter::PlaceHolder(None) => {}
            Parameter::PlaceHolder(Some(buffer)) => {
                return Err(Fault::runtime_argument(format!(
                    "the place holder has a buffer of {} bytes already",
                    buffer.len()
                )));
            }
            Parameter::Value(_) => {
                return Err(Fault::runtime_argument(format!(
                    "parameter {index} is a value, no place holder"
                )));
            }
        }
        list.take_room(bytes)?;
        let buffer: Arc<[AtomicU8]> = (0..bytes).map(|_| AtomicU8::new(0)).collect();
        list.parameters[index] = Parameter::PlaceHolder(Some(Arc::clone(&buffer)));
        Ok(buffer)
    }

    /// Changes a value. The list has to be made final again.
    pub(crate) fn update(&self, parameter: u64, value: Vec<u8>) -> Result<(), Fault> {
        let mut list = lock(&self.list);
        let index = self.index_of(parameter, &list)?;
        match &mut list.parameters[index] {
            Parameter::Value(old) if old.len() == value.len() => *old = value,
            Parameter::Value(old) => {
                return Err(Fault::runtime_argument(format!(
                    "parameter {index} has {} bytes, the new value {}",
                    old.len(),
                    value.len()
                )));
            }
            Parameter::PlaceHolder(_) => {
                return Err(Fault::runtime_argument(format!(
                    "parameter {index} is a place holder; write to its buffer"
                )));
            }
        }
        list.is_final = false;
        Ok(())
    }

    pub(crate) fn finish(&self) -> Result<(), Fault> {
        let mut list = lock(&self.list);
        let is_empty = |parameter: &Parameter| matches!(parameter, Parameter::PlaceHolder(None));
        if let Some(index) = list.parameters.iter().position(is_empty) {
            return Err(Fault::runtime_argument(format!(
                "place holder {index} has no buffer; call aclrtKernelArgsGetPlaceHolderBuffer"
            )));
        }
        list.is_final = true;
        Ok(())
    }

    /// The list as a kernel of `function` gets it: parameters from multiples of 8, then the
    /// buffers. A place holder is the offset of its buffer.
    pub(crate) fn bytes_for(&self, function: u64) -> Result<Vec<u8>, Fault> {
        let list = lock(&self.list);
        if self.function != function {
            return Err(Fault::runtime_argument(
                "the list of arguments was made for another kernel",
            ));
        }
        if !list.is_final {
            return Err(Fault::runtime_argument(
                "the list of arguments is not final; call aclrtKernelArgsFinalize",
            ));
        }
        let parameters = list.parameters.iter();
        let parameters: usize = parameters.map(Parameter::aligned_bytes).sum();
        let (mut bytes, mut data) = (Vec::with_capacity(list.bytes), Vec::new());
        for parameter in &list.parameters {
            match parameter {
                Parameter::Value(value) => bytes.extend(value),
                Parameter::PlaceHolder(buffer) => {
                    let offset = (parameters + data.len()) as u64;
                    bytes.extend(offset.to_le_bytes());
                    let buffer = buffer.iter().flat_map(|buffer| buffer.iter());
                    data.extend(buffer.map(|byte| byte.load(Ordering::Relaxed)));
                    data.resize(data.len().next_multiple_of(8), 0);
                }
            }
            bytes.resize(bytes.len().next_multiple_of(8), 0);
        }
        bytes.extend(data);
        Ok(bytes)
    }
}

impl List {
    fn take_room(&mut self, bytes: usize) -> Result<(), Fault> {
        let bytes = bytes.checked_next_multiple_of(8);
        let taken = bytes.and_then(|bytes| self.bytes.checked_add(bytes));
        let taken = taken.filter(|taken| *taken <= self.room).ok_or_else(|| {
            let left = self.room - self.bytes;
            Fault::runtime_argument(format!("the list has {left} bytes of room left"))
        })?;
        self.bytes = taken;
        Ok(())
    }
}

impl Parameter {
    fn aligned_bytes(&self) -> usize {
        match self {
            Self::Value(value) => value.len().next_multiple_of(8),
            Self::PlaceHolder(_) => size_of::<u64>(),
        }
    }
}

impl Kernels {
    fn find_list(&self, handle: u64) -> Result<Arc<Arguments>, Fault> {
        let fault = match self.lists.get(handle) {
            Ok(list) => {
                self.note_use(handle, &list);
                return Ok(list);
            }
            Err(fault) => fault,
        };
        let of_program = lock(&self.lists_of_program).get(&handle).map(Arc::clone);
        of_program.ok_or(fault)
    }

    /// Puts a list of the runtime's last in the order of use.
    fn note_use(&self, handle: u64, list: &Arguments) {
        let mut order = lock(&self.order);
        if list.leave(handle, &mut order) {
            list.put_last(handle, &mut order);
        }
    }

    /// Keeps a new list in the books. The one that was not used for longest makes room for it.
    fn book(&self, handle: u64, list: &Arguments) {
        let mut order = lock(&self.order);
        while order.len() >= MAX_LISTS
            && let Some((_, oldest)) = order.pop_first()
        {
            self.lists.remove(oldest).ok();
        }
        list.put_last(handle, &mut order);
    }

    pub(super) fn end_lists_of(&self, function: u64) {
        let ended = self.lists.extract(|list| list.function == function);
        let mut order = lock(&self.order);
        for (handle, list) in ended {
            list.leave(handle, &mut order);
        }
        drop(order);
        lock(&self.lists_of_program).retain(|_, list| list.function != function);
    }
}

impl Entry<'_> {
    pub(crate) fn make_arguments(&self, function: u64) -> Result<u64, Fault> {
        let kernels = &self.world.kernels;
        kernels.functions.get(function)?;
        let lists = &kernels.lists;
        let (handle, list) = lists.insert(self.origin, |_| Arguments::new(function, MAX_BYTES));
        kernels.book(handle, &list);
        Ok(handle)
    }

    /// Makes a list under a handle that is an address of the program's.
    pub(crate) fn make_arguments_at(
        &self,
        function: u64,
        handle: u64,
        room: usize,
    ) -> Result<(), Fault> {
        let kernels = &self.world.kernels;
        kernels.functions.get(function)?;
        let mut lists = lock(&kernels.lists_of_program);
        if lists.len() >= MAX_LISTS_OF_PROGRAM && !lists.contains_key(&handle) {
            return Err(Fault::new(
                ACL_ERROR_RT_RESOURCE_ALLOC_FAIL,
                format!(
                    "{MAX_LISTS_OF_PROGRAM} lists of arguments are in memory of the program; use \
                     the memory of one again, or unload the binary of some"
                ),
            ));
        }
        lists.insert(handle, Arc::new(Arguments::new(function, room)));
        Ok(())
    }

    pub(crate) fn arguments(&self, handle: u64) -> Result<Arc<Arguments>, Fault> {
        self.world.kernels.find_list(handle)
    }
}
