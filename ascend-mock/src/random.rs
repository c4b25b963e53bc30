//! Random numbers into device memory.

use std::f64::consts::TAU;

use ascend_sys::{ACL_ERROR_RT_AICPU_EXCEPTION, aclDataType};
use half::{bf16, f16};

use crate::entry::Entry;
use crate::fault::Fault;
use crate::stream::{Random, Uses};
use crate::world::World;

/// How far from the mean truncated normal numbers lie at most, in standard deviations.
const TRUNCATION: f64 = 2.0;

/// The most bytes that one task makes at a time.
const CHUNK: usize = 1 << 16;

/// A number of the caller's, or the device address of one.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Parameter {
    Value([u8; 8]),
    At { address: u64, bytes: usize },
}

impl Parameter {
    fn read(self, world: &World) -> Result<[u8; 8], Fault> {
        match self {
            Self::Value(value) => Ok(value),
            Self::At { address, bytes } => {
                let mut value = [0; 8];
                world.read_device(address, &mut value[..bytes])?;
                Ok(value)
            }
        }
    }

    fn integer(self, world: &World) -> Result<u64, Fault> {
        Ok(u64::from_le_bytes(self.read(world)?))
    }
}

/// How the numbers are spread.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Spread {
    /// Bits that are 0 with this probability.
    Dropout {
        ratio: Parameter,
    },
    Uniform {
        min: Parameter,
        max: Parameter,
    },
    Normal {
        mean: Parameter,
        deviation: Parameter,
    },
    Truncated {
        mean: Parameter,
        deviation: Parameter,
    },
}

/// The types that the numbers can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    I32,
    I64,
    U32,
    U64,
    F16,
    BF16,
    F32,
}

impl Number {
    pub(crate) fn from_c(dtype: aclDataType) -> Result<Self, Fault> {
        match dtype {
            aclDataType::ACL_INT32 => Ok(Self::I32),
            aclDataType::ACL_INT64 => Ok(Self::I64),
            aclDataType::ACL_UINT32 => Ok(Self::U32),
            aclDataType::ACL_UINT64 => Ok(Self::U64),
            aclDataType::ACL_FLOAT16 => Ok(Self::F16),
            aclDataType::ACL_BF16 => Ok(Self::BF16),
            aclDataType::ACL_FLOAT => Ok(Self::F32),
            other => {
                let text = format!("there are no random numbers of data type {}", other.0);
                Err(Fault::argument(text))
            }
        }
    }

    fn is_float(self) -> bool {
        matches!(self, Self::F16 | Self::BF16 | Self::F32)
    }

    fn bytes(self) -> usize {
        match self {
            Self::F16 | Self::BF16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 => 8,
        }
    }

    fn float(self, [a, b, c, d, ..]: [u8; 8]) -> f64 {
        match self {
            Self::F16 => f16::from_le_bytes([a, b]).to_f64(),
            Self::BF16 => bf16::from_le_bytes([a, b]).to_f64(),
            _ => f32::from_le_bytes([a, b, c, d]).into(),
        }
    }

    /// Never above the greatest number asked for: rounding goes to the nearest.
    fn put(self, value: f64, to: &mut Vec<u8>) {
        match self {
            Self::F16 => to.extend(f16::from_f64(value).to_le_bytes()),
            Self::BF16 => to.extend(bf16::from_f64(value).to_le_bytes()),
            _ => {
                #[allow(
                    clippy::cast_possible_truncation,
                    reason = "rounds to single precision"
                )]
                to.extend((value as f32).to_le_bytes());
            }
        }
    }

    /// The number of different integers from `min` to before `max`, and the first of them.
    fn integers(self, min: [u8; 8], max: [u8; 8]) -> Option<(u64, u64)> {
        let extended = |bytes: [u8; 8]| match self {
            Self::I32 => {
                let [a, b, c, d, ..] = bytes;
                i64::from(i32::from_le_bytes([a, b, c, d])).cast_unsigned()
            }
            Self::U32 => {
                let [a, b, c, d, ..] = bytes;
                u32::from_le_bytes([a, b, c, d]).into()
            }
            _ => u64::from_le_bytes(bytes),
        };
        let (min, max) = (extended(min), extended(max));
        let is_signed = matches!(self, Self::I32 | Self::I64);
        let is_less = if is_signed {
            min.cast_signed() < max.cast_signed()
        } else {
            min < max
        };
        is_less.then(|| (max.wrapping_sub(min), min))
    }
}

/// Numbers to make.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbers {
    pub(crate) number: Number,
    pub(crate) spread: Spread,
    pub(crate) to: u64,
    /// The device address of how many numbers of the seed were used already; 0 for none.
    pub(crate) offset: u64,
    pub(crate) seed: Parameter,
    pub(crate) count: Parameter,
}

/// Appends the next number of a source.
type Maker = Box<dyn FnMut(&mut Source, &mut Vec<u8>)>;

/// Numbers of a seed, by their place.
struct Source {
    seed: u64,
    place: u64,
}

impl Source {
    fn next(&mut self) -> u64 {
        let mut random = Random(self.seed ^ Random(self.place).next());
        self.place = self.place.wrapping_add(1);
        random.next()
    }

    /// From 0 to before 1.
    fn unit(&mut self) -> f64 {
        #[allow(
            clippy::cast_precision_loss,
            reason = "53 bits are what a double holds"
        )]
        let bits = (self.next() >> 11) as f64;
        bits * f64::EPSILON / 2.0
    }

    /// Of mean 0 and deviation 1, by the method of Box and Muller.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (TAU * self.unit()).cos()
    }
}

impl Numbers {
    fn run(&self, world: &World) -> Result<(), Fault> {
        let count = usize::try_from(self.count.integer(world)?).map_err(Fault::internal)?;
        let place = match self.offset {
            0 => 0,
            address => world.read_word(address)?,
        };
        let mut source = Source {
            seed: self.seed.integer(world)?,
            place,
        };
        let (items, bytes) = match self.spread {
            Spread::Dropout { .. } => (count.div_ceil(8), 1),
            _ => (count, self.number.bytes()),
        };
        let mut put = self.maker(world)?;
        let mut made = Vec::new();
        let mut address = self.to;
        for item in 0..items {
            put(&mut source, &mut made);
            if made.len() >= CHUNK || item + 1 == items {
                world.write_device(address, &made)?;
                address += made.len() as u64;
                made.clear();
            }
        }
        debug_assert_eq!(address, self.to + (items * bytes) as u64);
        Ok(())
    }

    /// What appends the next number.
    fn maker(&self, world: &World) -> Result<Maker, Fault> {
        let number = self.number;
        let float = |parameter: Parameter| Ok::<f64, Fault>(number.float(parameter.read(world)?));
        Ok(match self.spread {
            Spread::Dropout { ratio } => {
                let ratio = float(ratio)?;
                Box::new(move |source, to| {
                    let bits = (0..8)
                        .filter(|_| source.unit() >= ratio)
                        .map(|bit| 1 << bit);
                    to.push(bits.sum());
                })
            }
            Spread::Uniform { min, max } if number.is_float() => {
                let (min, max) = (float(min)?, float(max)?);
                Box::new(move |source, to| number.put(min + source.unit() * (max - min), to))
            }
            Spread::Uniform { min, max } => {
                let range = number.integers(min.read(world)?, max.read(world)?);
                let (width, min) = range.ok_or_else(|| {
                    Fault::runtime_argument("the least number is not below the greatest")
                })?;
                let bytes = number.bytes();
                Box::new(move |source, to| {
                    let value = min.wrapping_add(source.next() % width);
                    to.extend_from_slice(&value.to_le_bytes()[..bytes]);
                })
            }
            Spread::Normal { mean, deviation } => {
                let (mean, deviation) = (float(mean)?, float(deviation)?);
                Box::new(move |source, to| number.put(mean + source.normal() * deviation, to))
            }
            Spread::Truncated { mean, deviation } => {
                let (mean, deviation) = (float(mean)?, float(deviation)?);
                Box::new(move |source, to| {
                    let mut value = source.normal();
                    while value.abs() > TRUNCATION {
                        value = source.normal();
                    }
                    number.put(mean + value * deviation, to);
                })
            }
        })
    }
}

impl Entry<'_> {
    /// Fills device memory with random numbers when `stream` gets there.
    pub(crate) fn random_in_stream(&self, numbers: Numbers, stream: u64) -> Result<(), Fault> {
        let stream = self.own_stream(stream)?;
        let is_normal = matches!(
            numbers.spread,
            Spread::Normal { .. } | Spread::Truncated { .. }
        );
        let is_dropout = matches!(numbers.spread, Spread::Dropout { .. });
        if (is_normal || is_dropout) && !numbers.number.is_float() {
            return Err(Fault::runtime_argument(
                "normal numbers and dropout masks take floating-point parameters only",
            ));
        }
        let mut uses = Uses::default();
        if let Parameter::Value(count) = numbers.count {
            let count = usize::try_from(u64::from_le_bytes(count)).map_err(Fault::internal)?;
            let bytes = match numbers.spread {
                Spread::Dropout { .. } => Some(count.div_ceil(8)),
                _ => count.checked_mul(numbers.number.bytes()),
            };
            let bytes = bytes.ok_or_else(|| {
                Fault::runtime_argument(format!("{count} numbers are more than memory can hold"))
            })?;
            self.world.span(numbers.to, bytes, self.origin)?;
            uses = uses.writes(numbers.to, bytes);
        }
        self.submit_operator(&stream, uses, move |world| {
            let outcome = numbers.run(world);
            outcome.map_err(|fault| Fault::new(ACL_ERROR_RT_AICPU_EXCEPTION, fault.text))
        })
    }
}
