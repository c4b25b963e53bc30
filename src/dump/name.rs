//! What the names of dump files and of their folders tell.
#![forbid(unsafe_code)]

use std::path::{Component, Path};

/// What the name of a file tells: `<type>.<operator>.<task>.<stream>.<time>`, where older runtimes
/// leave out the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) kind: String,
    pub(super) operator: String,
    pub(super) task: u64,
    pub(super) stream: Option<u64>,
    /// Microseconds since 1970.
    pub(super) time: u64,
}

impl Name {
    /// `None` for files that are no dumps.
    pub(super) fn of(name: &str) -> Option<Self> {
        let parts: Vec<&str> = name.split('.').collect();
        let number = |text: &str| -> Option<u64> {
            let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| text.parse().ok())?
        };
        let (kind, operator, task, stream, time) = match parts[..] {
            [kind, operator, task, stream, time] => {
                (kind, operator, task, Some(number(stream)?), time)
            }
            [kind, operator, task, time] => (kind, operator, task, None, time),
            _ => return None,
        };
        if kind.is_empty() || operator.is_empty() {
            return None;
        }
        Some(Self {
            kind: kind.to_owned(),
            operator: operator.to_owned(),
            task: number(task)?,
            stream,
            time: number(time)?,
        })
    }
}

/// What the folders above a file tell: `<time>/<device>/<model>/<number>/<run>`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) device: Option<u32>,
    pub(super) model: Option<String>,
    pub(super) model_id: Option<u32>,
    pub(super) run: Option<u64>,
}

impl Place {
    /// Of a folder, by its whole path. What does not look like a run's folders tells nothing.
    pub(super) fn of(folder: &Path) -> Self {
        let parts: Vec<_> = folder
            .components()
            .filter_map(|part| match part {
                Component::Normal(name) => Some(name.to_string_lossy()),
                _ => None,
            })
            .collect();
        let is_time =
            |name: &str| name.len() == 14 && name.bytes().all(|byte| byte.is_ascii_digit());
        let Some(start) = parts.iter().rposition(|name| is_time(name)) else {
            return Self::default();
        };
        let mut below = parts[start + 1..].iter();
        let device = below.next().and_then(|name| name.parse().ok());
        let model = device
            .and_then(|_| below.next())
            .map(|name| name.to_string());
        let model_id = below.next().and_then(|name| name.parse().ok());
        let run = model_id.and_then(|_| below.next()?.parse().ok());
        Self {
            device,
            model,
            model_id,
            run,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_read() {
        let name = Name::of("Conv2D.layer1_conv.12.3.1700000000000000").unwrap();
        assert_eq!((&*name.kind, &*name.operator), ("Conv2D", "layer1_conv"));
        assert_eq!(
            (name.task, name.stream, name.time),
            (12, Some(3), 1_700_000_000_000_000)
        );
        let old = Name::of("Relu.r.1.99").unwrap();
        assert_eq!((old.task, old.stream, old.time), (1, None, 99));
        for other in [
            "",
            "x",
            "mapping.csv",
            "Conv2D.a.1.2.3.output.0.npy",
            "a.b.c.d",
            "a.b.1.2.x",
            "a..1.2",
            "a.b.1.+2",
            "a.b.99999999999999999999.2",
            "op_1.csv",
        ] {
            assert_eq!(Name::of(other), None, "{other}");
        }
    }

    #[test]
    fn folders_tell_device_model_and_run() {
        let place = Place::of(Path::new("/out/20260131120000/1/resnet50/7/3"));
        let model = place.model.as_deref();
        assert_eq!(
            (place.device, model, place.model_id, place.run),
            (Some(1), Some("resnet50"), Some(7), Some(3))
        );
        let short = Place::of(Path::new("/out/20260131120000/0"));
        assert_eq!((short.device, short.model), (Some(0), None));
        assert_eq!(Place::of(Path::new("/somewhere/else")), Place::default());
    }
}
