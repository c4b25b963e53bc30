//! What the folders of dump files tell.
#![forbid(unsafe_code)]

use std::path::{Component, Path};

/// What the folders above a file tell: `<time>/<device>/<model>/<number>/<run>`, or
/// `extra-info/data-dump/<device>` for operators that failed.
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
        if let [.., extra, dumps, device] = &parts[..]
            && (&**extra, &**dumps) == ("extra-info", "data-dump")
        {
            let device = device.parse().ok();
            return Self {
                device,
                ..Self::default()
            };
        }
        let Some(start) = parts.iter().rposition(|name| is_time(name)) else {
            return Self::default();
        };
        let mut below = parts[start + 1..].iter();
        let device = below.next().and_then(|name| name.parse().ok());
        let model = device.and_then(|_| below.next()).map(ToString::to_string);
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
        let failed = Place::of(Path::new("/out/20260131120000/extra-info/data-dump/3"));
        assert_eq!((failed.device, failed.model), (Some(3), None));
    }
}
