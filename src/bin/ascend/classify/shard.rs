//! A part of a job, so that several processes share it.

use std::env;
use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use ascend_rt::{Error, ErrorKind};

use super::sources::Key;

/// What Kubernetes sets in the pods of an indexed job.
const INDEX: &str = "JOB_COMPLETION_INDEX";
/// What such a job may set beside it, for Kubernetes does not tell it.
const COUNT: &str = "JOB_COMPLETION_COUNT";

/// The sources whose key has this place among so many.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Shard {
    index: u64,
    count: u64,
}

/// Which part of the pictures to classify.
#[derive(Debug, clap::Args)]
pub(super) struct ShardArgs {
    /// Classify part I of N only, counted from 0: each picture is in one of them, by its path
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// The same with the part's number from `JOB_COMPLETION_INDEX`, as indexed jobs of Kubernetes have
    /// it [default: `JOB_COMPLETION_COUNT`]
    #[arg(long, value_name = "N", conflicts_with = "shard")]
    shards: Option<u64>,
}

impl Shard {
    fn new(index: u64, count: u64) -> Result<Self, String> {
        if index < count {
            return Ok(Self { index, count });
        }
        let last = count.saturating_sub(1);
        Err(match count {
            0 => "there is no part of 0 parts: give I/N such as 0/4".to_owned(),
            _ => format!("parts are counted from 0: give 0/{count} to {last}/{count}"),
        })
    }

    pub(super) fn has(self, key: Key) -> bool {
        key.shard(self.count) == self.index
    }

    pub(super) fn index(self) -> u64 {
        self.index
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/');
        let numbers =
            numbers.and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        let Some((index, count)) = numbers else {
            return Err(format!("{text:?} is no part: give I/N such as 0/4"));
        };
        Self::new(index, count)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

impl ShardArgs {
    /// The part that arguments and environment name, if they do.
    pub(super) fn find(&self) -> Result<Option<Shard>, Error> {
        self.find_with(|name| env::var(name).ok())
    }

    fn find_with(&self, variable: impl Fn(&str) -> Option<String>) -> Result<Option<Shard>, Error> {
        if self.shard.is_some() {
            return Ok(self.shard);
        }
        let number = |name: &str| match variable(name) {
            None => Ok(None),
            Some(text) => text.parse::<u64>().map(Some).map_err(|_| {
                Error::new(
                    ErrorKind::InvalidArgument,
                    format!("{name} is {text:?}, and no number: give one"),
                )
            }),
        };
        let index = number(INDEX)?;
        let count = match self.shards {
            Some(count) => Some(count),
            None if index.is_some() => number(COUNT)?,
            None => None,
        };
        match (index, count) {
            (Some(index), Some(count)) => Shard::new(index, count).map(Some).map_err(|message| {
                let message = format!("{INDEX} is {index}, of {count}: {message}");
                Error::new(ErrorKind::InvalidArgument, message)
            }),
            (None, Some(count)) => {
                let message = format!(
                    "{INDEX} does not tell which of the {count} parts this is: run in an indexed job, \
                     or give --shard I/{count}"
                );
                Err(Error::new(ErrorKind::InvalidArgument, message))
            }
            (Some(index), None) => {
                // The work is done, whether this is heard or not.
                let _ = writeln!(
                    io::stderr(),
                    "note: {INDEX} is {index}, but not of how many: all pictures are classified; give \
                     --shards N or set {COUNT} for a part of them"
                );
                Ok(None)
            }
            (None, None) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_from_nought() {
        for (text, shard) in [
            ("0/1", Some((0, 1))),
            ("3/4", Some((3, 4))),
            ("4/4", None),
            ("0/0", None),
            ("1", None),
            ("-1/4", None),
            ("a/b", None),
        ] {
            let found = text.parse::<Shard>().ok();
            assert_eq!(
                found.map(|shard| (shard.index, shard.count)),
                shard,
                "{text}"
            );
        }
    }

    #[test]
    fn kubernetes_names_the_part() {
        struct Case {
            option: Option<u64>,
            index: Option<&'static str>,
            count: Option<&'static str>,
            found: Result<Option<(u64, u64)>, &'static str>,
        }
        let case = |option, index, count, found| Case {
            option,
            index,
            count,
            found,
        };
        for case in [
            case(None, None, None, Ok(None)),
            case(None, None, Some("4"), Ok(None)),
            case(None, Some("3"), None, Ok(None)),
            case(None, Some("3"), Some("4"), Ok(Some((3, 4)))),
            case(Some(8), Some("7"), Some("4"), Ok(Some((7, 8)))),
            case(Some(4), Some("4"), None, Err("counted from 0")),
            case(Some(4), None, None, Err("--shard I/4")),
            case(Some(4), Some("x"), None, Err("no number")),
        ] {
            let args = ShardArgs {
                shard: None,
                shards: case.option,
            };
            let variable = |name: &str| {
                let value = if name == INDEX {
                    case.index
                } else {
                    case.count
                };
                value.map(str::to_owned)
            };
            match (args.find_with(variable), case.found) {
                (Ok(found), Ok(expected)) => {
                    assert_eq!(found.map(|shard| (shard.index, shard.count)), expected);
                }
                (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
                (found, expected) => panic!("{found:?} where {expected:?}"),
            }
        }
    }

    /// The place of a path among shards must never change: processes of different versions may
    /// share a job.
    #[test]
    fn a_path_stays_in_its_part() {
        let places = ["a.jpg", "b.jpg", "dir/c.jpg"].map(|path| Key::of(path.as_bytes()).shard(4));
        assert_eq!(places, [2, 2, 3]);
    }
}
