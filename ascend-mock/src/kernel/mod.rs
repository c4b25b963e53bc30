//! Kernels: their binaries and functions, and code of the host's that stands in for them.
//!
//! The CPU device cannot run code of AI cores. It knows what a binary holds, keeps the books of
//! arguments, and checks launches; then a launch is refused (207000), unless the program
//! registered code for the kernel's name by [`Lease::register_kernel`](crate::Lease).

mod arguments;
mod binary;
mod launch;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, RwLock};

use crate::handles::Registry;
use crate::ledger::Live;

pub(crate) use arguments::{Arguments, HANDLE_BYTES};
pub(crate) use binary::{Binary, BinaryDesc, Function, LoadOptions};
pub use launch::KernelCall;
pub(crate) use launch::{FailedLaunch, HostKernel, Passed};

#[derive(Default)]
pub(crate) struct Kernels {
    pub(crate) descriptions: Registry<BinaryDesc>,
    pub(crate) binaries: Registry<Binary>,
    pub(crate) functions: Registry<Function>,
    lists: Registry<Arguments>,
    /// Lists whose handles are addresses of the program's.
    lists_of_program: Mutex<BTreeMap<u64, Arc<Arguments>>>,
    /// The runtime's lists in the order of their last use: nothing ends them but their number.
    order: Mutex<BTreeMap<u64, u64>>,
    by_host: RwLock<BTreeMap<String, HostKernel>>,
}

impl Kernels {
    pub(crate) fn live(&self) -> Vec<Live> {
        let mut live = self.descriptions.live();
        live.extend(self.binaries.live());
        live
    }
}
