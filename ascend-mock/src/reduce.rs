//! Reductions of device memory into device memory.

use ascend_sys::{ACL_ERROR_RT_SYS_DMA, aclDataType, aclrtReduceKind};
use half::{bf16, f16};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::stream::Uses;
use crate::sync::lock;
use crate::world::World;

/// What becomes of each pair of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    Sum,
    Max,
    Min,
}

impl Operation {
    pub(crate) fn from_c(kind: aclrtReduceKind) -> Result<Option<Self>, Fault> {
        match kind {
            aclrtReduceKind::ACL_RT_MEMCPY_SDMA_AUTOMATIC_SUM => Ok(Some(Self::Sum)),
            aclrtReduceKind::ACL_RT_MEMCPY_SDMA_AUTOMATIC_MAX => Ok(Some(Self::Max)),
            aclrtReduceKind::ACL_RT_MEMCPY_SDMA_AUTOMATIC_MIN => Ok(Some(Self::Min)),
            aclrtReduceKind::ACL_RT_MEMCPY_SDMA_AUTOMATIC_EQUAL => Ok(None),
            other => Err(Fault::runtime_argument(format!(
                "{} is no reduction",
                other.0
            ))),
        }
    }

    fn of_integers<T: Ord>(self, one: T, two: T, sum: impl FnOnce(T, T) -> T) -> T {
        match self {
            Self::Sum => sum(one, two),
            Self::Max => one.max(two),
            Self::Min => one.min(two),
        }
    }

    fn of_floats(self, one: f32, two: f32) -> f32 {
        match self {
            Self::Sum => one + two,
            Self::Max => one.max(two),
            Self::Min => one.min(two),
        }
    }
}

/// The types that reductions take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    I8,
    I16,
    I32,
    F16,
    BF16,
    F32,
}

impl Number {
    pub(crate) fn from_c(dtype: aclDataType) -> Result<Self, Fault> {
        match dtype {
            aclDataType::ACL_INT8 => Ok(Self::I8),
            aclDataType::ACL_INT16 => Ok(Self::I16),
            aclDataType::ACL_INT32 => Ok(Self::I32),
            aclDataType::ACL_FLOAT16 => Ok(Self::F16),
            aclDataType::ACL_BF16 => Ok(Self::BF16),
            aclDataType::ACL_FLOAT => Ok(Self::F32),
            other => Err(Fault::argument(format!(
                "data type {} is not reduced",
                other.0
            ))),
        }
    }

    fn bytes(self) -> usize {
        match self {
            Self::I8 => 1,
            Self::I16 | Self::F16 | Self::BF16 => 2,
            Self::I32 | Self::F32 => 4,
        }
    }
}

/// A reduction of `bytes` bytes at `from` into those at `to`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reduction {
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) bytes: usize,
    pub(crate) operation: Operation,
    pub(crate) number: Number,
}

impl Reduction {
    fn run(&self, world: &World) -> Result<(), Fault> {
        let (mut from, mut to) = (vec![0; self.bytes], vec![0; self.bytes]);
        world.read_device(self.from, &mut from)?;
        // Reductions of several streams into one place add up.
        let _turn = lock(&world.reductions);
        world.read_device(self.to, &mut to)?;
        let operation = self.operation;
        match self.number {
            Number::I8 => each(&mut to, &from, |one, two| {
                let (one, two) = (i8::from_ne_bytes(one), i8::from_ne_bytes(two));
                operation
                    .of_integers(one, two, i8::wrapping_add)
                    .to_ne_bytes()
            }),
            Number::I16 => each(&mut to, &from, |one, two| {
                let (one, two) = (i16::from_ne_bytes(one), i16::from_ne_bytes(two));
                operation
                    .of_integers(one, two, i16::wrapping_add)
                    .to_ne_bytes()
            }),
            Number::I32 => each(&mut to, &from, |one, two| {
                let (one, two) = (i32::from_ne_bytes(one), i32::from_ne_bytes(two));
                operation
                    .of_integers(one, two, i32::wrapping_add)
                    .to_ne_bytes()
            }),
            Number::F16 => each(&mut to, &from, |one, two| {
                let (one, two) = (
                    f16::from_ne_bytes(one).to_f32(),
                    f16::from_ne_bytes(two).to_f32(),
                );
                f16::from_f32(operation.of_floats(one, two)).to_ne_bytes()
            }),
            Number::BF16 => each(&mut to, &from, |one, two| {
                let (one, two) = (
                    bf16::from_ne_bytes(one).to_f32(),
                    bf16::from_ne_bytes(two).to_f32(),
                );
                bf16::from_f32(operation.of_floats(one, two)).to_ne_bytes()
            }),
            Number::F32 => each(&mut to, &from, |one, two| {
                let (one, two) = (f32::from_ne_bytes(one), f32::from_ne_bytes(two));
                operation.of_floats(one, two).to_ne_bytes()
            }),
        }
        world.write_device(self.to, &to)
    }
}

/// Makes of each number in `to` what `combine` makes of it and the one in `from`.
fn each<const N: usize>(to: &mut [u8], from: &[u8], combine: impl Fn([u8; N], [u8; N]) -> [u8; N]) {
    let (to, _) = to.as_chunks_mut();
    let (from, _) = from.as_chunks();
    for (to, from) in to.iter_mut().zip(from) {
        *to = combine(*to, *from);
    }
}

impl Entry<'_> {
    ///
    pub(crate) fn reduce_in_stream(&self, reduction: Reduction, stream: u64) -> Result<(), Fault> {
        let stream = self.own_stream(stream)?;
        let Reduction {
            from,
            to,
            bytes,
            number,
            ..
        } = reduction;
        if bytes % number.bytes() != 0 {
            return Err(Fault::runtime_argument(format!(
                "{bytes} bytes are no whole number of {number:?}"
            )));
        }
        for address in [from, to] {
            let span = self.world.span(address, bytes, self.origin)?;
            if span.device != stream.device {
                return Err(Fault::runtime_argument(format!(
                    "{address:#x} belongs to device {}, the stream to {}",
                    span.device, stream.device
                )));
            }
        }
        let uses = Uses::default()
            .reads(from, bytes)
            .reads(to, bytes)
            .writes(to, bytes);
        self.submit_work_using(&stream, uses, move |world| {
            let outcome = reduction.run(world);
            outcome.map_err(|fault| Fault::new(ACL_ERROR_RT_SYS_DMA, fault.text))
        })
    }
}
