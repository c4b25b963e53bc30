//! Values in device memory that streams write, wait for and compare.

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

use ascend_sys::{ACL_ERROR_RT_WAIT_TIMEOUT, aclrtCompareDataType, aclrtCondition};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::sync::lock;
use crate::world::World;

use super::task::{Awaited, Poll, Uses, Waker};

/// How often a stream looks at a value that anybody may write.
const INTERVAL: Duration = Duration::from_millis(1);

/// What a stream waits for a value to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Condition {
    /// Not less, as the difference of the two tells.
    AtLeast,
    Equal,
    /// Some bit in common.
    And,
    /// Some bit that neither has.
    Nor,
}

impl Condition {
    pub(crate) fn from_c(flag: u32) -> Result<Self, Fault> {
        match flag {
            0 => Ok(Self::AtLeast),
            1 => Ok(Self::Equal),
            2 => Ok(Self::And),
            3 => Ok(Self::Nor),
            other => Err(Fault::runtime_argument(format!(
                "{other} is no condition of a wait"
            ))),
        }
    }

    fn holds(self, found: u64, value: u64) -> bool {
        match self {
            Self::AtLeast => found.wrapping_sub(value).cast_signed() >= 0,
            Self::Equal => found == value,
            Self::And => found & value != 0,
            Self::Nor => !(found | value) != 0,
        }
    }
}

struct Value {
    address: u64,
    operand: u64,
    condition: Condition,
}

impl Awaited for Value {
    fn begin(self: Arc<Self>, world: &World, waker: &Waker) -> Poll {
        waker.clone().enlist(&mut lock(&world.value_waits));
        Box::new(move |world| {
            let found = world.read_word(self.address);
            match found.map(|found| self.condition.holds(found, self.operand)) {
                Ok(true) => Some(Ok(())),
                Ok(false) => None,
                Err(fault) => Some(Err(fault)),
            }
        })
    }

    fn expired(&self) -> Fault {
        let text = format!("the value at {:#x} did not come in time", self.address);
        Fault::new(ACL_ERROR_RT_WAIT_TIMEOUT, text)
    }

    fn interval(&self) -> Option<Duration> {
        Some(INTERVAL)
    }
}

impl World {
    /// The 64 bits at a device address.
    pub(crate) fn read_word(&self, address: u64) -> Result<u64, Fault> {
        let mut word = [0; 8];
        self.read_device(address, &mut word)?;
        Ok(u64::from_ne_bytes(word))
    }

    /// The bytes from a device address on.
    pub(crate) fn read_device(&self, address: u64, to: &mut [u8]) -> Result<(), Fault> {
        let span = self.look_up(address, to.len())?;
        span.read(to);
        Ok(())
    }

    pub(crate) fn write_device(&self, address: u64, from: &[u8]) -> Result<(), Fault> {
        let span = self.look_up(address, from.len())?;
        span.write(from);
        Ok(())
    }

    /// Writes a value that streams may wait for.
    pub(crate) fn write_value(&self, address: u64, value: u64) -> Result<(), Fault> {
        self.write_device(address, &value.to_ne_bytes())?;
        let waits = lock(&self.value_waits).clone();
        waits.iter().for_each(Waker::wake);
        Ok(())
    }
}

impl Entry<'_> {
    fn check_value(&self, address: u64) -> Result<(), Fault> {
        if !address.is_multiple_of(8) {
            let text = format!("{address:#x} is not a multiple of 8, as a value's address must be");
            return Err(Fault::runtime_argument(text));
        }
        self.world.span(address, 8, self.origin).map(|_| ())
    }

    pub(crate) fn write_value_in_stream(
        &self,
        address: u64,
        value: u64,
        stream: u64,
    ) -> Result<(), Fault> {
        let stream = self.own_stream(stream)?;
        self.check_value(address)?;
        let uses = Uses::default().writes(address, 8);
        self.submit_work_using(&stream, uses, move |world| {
            world.write_value(address, value)
        })
    }

    pub(crate) fn wait_for_value(
        &self,
        address: u64,
        value: u64,
        condition: Condition,
        stream: u64,
    ) -> Result<(), Fault> {
        let stream = self.own_stream(stream)?;
        self.check_value(address)?;
        let on = Arc::new(Value {
            address,
            operand: value,
            condition,
        });
        let limit = self.world.time_limits.wait();
        let uses = Uses::default().reads(address, 8);
        self.submit_wait_using(&stream, uses, on, limit)
    }
}

/// A comparison of two values in device memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Comparison {
    pub(crate) left: u64,
    pub(crate) condition: aclrtCondition,
    pub(crate) right: u64,
    pub(crate) kind: aclrtCompareDataType,
}

impl Comparison {
    /// Refuses numbers that stand for nothing.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        let conditions = aclrtCondition::ACL_RT_EQUAL.0..=aclrtCondition::ACL_RT_LESS_OR_EQUAL.0;
        if !conditions.contains(&self.condition.0) {
            return Err(Fault::argument(format!(
                "{} is no condition",
                self.condition.0
            )));
        }
        self.bytes().map(|_| ())
    }

    pub(crate) fn uses(&self) -> Uses {
        Uses::default().reads(self.left, 4).reads(self.right, 4)
    }

    fn bytes(&self) -> Result<usize, Fault> {
        match self.kind {
            aclrtCompareDataType::ACL_RT_SWITCH_INT32 => Ok(4),
            aclrtCompareDataType::ACL_RT_SWITCH_INT64 => Ok(8),
            other => Err(Fault::argument(format!(
                "{} is no type of a comparison",
                other.0
            ))),
        }
    }

    pub(crate) fn holds(&self, world: &World) -> Result<bool, Fault> {
        let bytes = self.bytes()?;
        let value = |address| {
            let mut found = [0; 8];
            world.read_device(address, &mut found[..bytes])?;
            let [a, b, c, d, ..] = found;
            Ok::<i64, Fault>(match bytes {
                4 => i32::from_ne_bytes([a, b, c, d]).into(),
                _ => i64::from_ne_bytes(found),
            })
        };
        let order = value(self.left)?.cmp(&value(self.right)?);
        Ok(match self.condition {
            aclrtCondition::ACL_RT_EQUAL => order == Ordering::Equal,
            aclrtCondition::ACL_RT_NOT_EQUAL => order != Ordering::Equal,
            aclrtCondition::ACL_RT_GREATER => order == Ordering::Greater,
            aclrtCondition::ACL_RT_GREATER_OR_EQUAL => order != Ordering::Less,
            aclrtCondition::ACL_RT_LESS => order == Ordering::Less,
            _ => order != Ordering::Greater,
        })
    }
}
