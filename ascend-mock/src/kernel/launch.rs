//! Launches: checked as hardware does it, and done by code of the host's where there is some.

use std::fmt;
use std::sync::Arc;

use ascend_sys::{ACL_ERROR_RT_AICORE_EXCEPTION, ACL_ERROR_RT_FEATURE_NOT_SUPPORT};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::slots::Lease;
use crate::sync::{read, write};
use crate::world::World;

use super::Function;

/// What does a kernel's work on the host.
pub(crate) type HostKernel = Arc<dyn Fn(&KernelCall<'_>) -> Result<(), String> + Send + Sync>;

/// A launch whose kernel failed.
#[derive(Debug)]
pub(crate) struct FailedLaunch {
    pub(crate) function: u64,
    pub(crate) passed: Passed,
}

/// Arguments of a launch, as they are passed.
#[derive(Clone, Debug)]
pub(crate) enum Passed {
    /// Device memory, read when the kernel's turn comes.
    Device {
        address: u64,
        bytes: usize,
    },
    Host(Vec<u8>),
}

/// A launch of a kernel, for the code that does the kernel's work
/// ([`Lease::register_kernel`]).
pub struct KernelCall<'a> {
    function: &'a Function,
    blocks: u32,
    arguments: &'a [u8],
    world: &'a World,
}

impl fmt::Debug for KernelCall<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KernelCall")
            .field("name", &self.function.name)
            .field("blocks", &self.blocks)
            .field("arguments", &self.arguments)
            .finish_non_exhaustive()
    }
}

impl KernelCall<'_> {
    /// The kernel's name in its binary.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.function.name
    }

    /// How many blocks the program launched; all of them are this one call's to compute.
    #[must_use]
    pub fn blocks(&self) -> u32 {
        self.blocks
    }

    /// The arguments as the kernel gets them, each from a multiple of 8 in lists. Where hardware
    /// has the address of a place holder's data stands the offset of the data in these bytes.
    #[must_use]
    pub fn arguments(&self) -> &[u8] {
        self.arguments
    }

    /// The 64-bit argument at a byte offset, such as an address of device memory.
    #[must_use]
    pub fn word(&self, offset: usize) -> Option<u64> {
        let bytes = self.arguments.get(offset..)?.get(..8)?;
        Some(u64::from_le_bytes(bytes.try_into().ok()?))
    }

    /// Reads device memory.
    ///
    /// # Errors
    ///
    /// When the bytes do not lie in one live block.
    pub fn read(&self, address: u64, bytes: usize) -> Result<Vec<u8>, String> {
        read_device(self.world, address, bytes).map_err(|fault| fault.text)
    }

    /// Writes device memory.
    ///
    /// # Errors
    ///
    /// When the bytes do not lie in one live block.
    pub fn write(&self, address: u64, bytes: &[u8]) -> Result<(), String> {
        let written = self.world.write_device(address, bytes);
        written.map_err(|fault| fault.text)
    }
}

fn read_device(world: &World, address: u64, bytes: usize) -> Result<Vec<u8>, Fault> {
    let span = world.space.span(address, bytes)?;
    let mut read = vec![0; bytes];
    span.read(&mut read);
    Ok(read)
}

impl Lease {
    /// Registers code that does the work of the kernel `name` whenever a program launches it. The
    /// last code for a name holds. An error of the code is the failure of an AI core (507015) at
    /// the stream's next synchronisation.
    pub fn register_kernel(
        &self,
        name: impl Into<String>,
        kernel: impl Fn(&KernelCall<'_>) -> Result<(), String> + Send + Sync + 'static,
    ) {
        let kernels = &self.world().kernels.by_host;
        write(kernels).insert(name.into(), Arc::new(kernel));
    }
}

impl Entry<'_> {
    /// The CPU device has no AI cores: a kernel that no code of the host's stands in for is
    /// refused here, where the program can still see which one it is.
    pub(crate) fn launch(
        &self,
        function: u64,
        blocks: u32,
        stream: u64,
        passed: Passed,
    ) -> Result<(), Fault> {
        let handle = function;
        let function = self.world.kernels.functions.get(handle)?;
        if blocks == 0 {
            return Err(Fault::runtime_argument("numBlocks is 0"));
        }
        let stream = self.own_stream(stream)?;
        let kernels = read(&self.world.kernels.by_host);
        let kernel = kernels.get(&function.name).map(Arc::clone);
        drop(kernels);
        let kernel = kernel.ok_or_else(|| {
            Fault::new(
                ACL_ERROR_RT_FEATURE_NOT_SUPPORT,
                format!(
                    "kernel {} is code for AI cores, which the CPU device has not; register code \
                     for it by Lease::register_kernel, or run this part on hardware",
                    function.name
                ),
            )
        })?;
        self.submit_work(&stream, move |world| {
            let read;
            let arguments = match &passed {
                Passed::Host(bytes) => bytes,
                Passed::Device { address, bytes } => {
                    read = read_device(world, *address, *bytes)?;
                    &read
                }
            };
            let call = KernelCall {
                function: &function,
                blocks,
                arguments,
                world,
            };
            kernel(&call).map_err(|why| {
                let text = format!("kernel {} failed: {why}", function.name);
                Fault::new(ACL_ERROR_RT_AICORE_EXCEPTION, text).of_launch(FailedLaunch {
                    function: handle,
                    passed: passed.clone(),
                })
            })
        })
    }
}
