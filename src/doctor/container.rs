//! What a container has to be given.

use std::path::Path;

use ascend_graph::text;

use super::finding::{Finding, listed};
use super::machine::Machine;
use super::nodes::MANAGERS;
use super::{Facts, Presence};

/// The kind of container that this is, if it is one.
pub(super) fn kind(machine: &Machine) -> Option<&'static str> {
    let root = &machine.root;
    let groups = root
        .text(Path::new("/proc/1/cgroup"))
        .plain()
        .unwrap_or_default();
    let has_service = machine.variable("KUBERNETES_SERVICE_HOST").is_some();
    if has_service || groups.contains("kubepods") {
        return Some("Kubernetes");
    }
    let is_docker = root.exists(Path::new("/.dockerenv")) || groups.contains("docker");
    let is_podman = root.exists(Path::new("/run/.containerenv"));
    match (is_docker, is_podman) {
        (true, _) => Some("Docker"),
        (_, true) => Some("Podman"),
        _ if groups.contains("lxc") || groups.contains("containerd") => Some("Linux"),
        _ => None,
    }
}

pub(super) fn check(_: &Machine, facts: &Facts) -> Vec<Finding> {
    let Some(kind) = facts.container else {
        return Vec::new();
    };
    let presence = facts.presence();
    if presence == Presence::Absent {
        return Vec::new(); // told with the NPU
    }
    let mut lacks = facts.nodes.missing();
    if facts.driver.is_none() {
        lacks.push("/usr/local/Ascend/driver".to_owned());
    }
    if lacks.is_empty() {
        return vec![Finding::ok(
            "container",
            text!("the {kind} container has the NPU and its driver", kind),
        )];
    }
    let what = text!(
        "the {kind} container was started without {lacks}",
        kind,
        lacks = listed(&lacks)
    );
    let why = || {
        text!(
            "the device nodes and the driver are the host's: without them aclInit answers 507008 or 500000"
        )
    };
    let finding = if presence == Presence::Expected {
        Finding::fault("container-mounts", what).because(why())
    } else {
        let why = text!(
            "{why}; whether the host has an NPU cannot be told from here",
            why = why()
        );
        Finding::warning("container-mounts", what)
            .because(why)
            .assumed()
    };
    vec![finding.mend(command(kind, facts))]
}

/// The command that starts a container with all that it needs.
pub(super) fn command(kind: &str, facts: &Facts) -> String {
    let program = match kind {
        "Kubernetes" => {
            return "kubectl set resources deployment <name> -c <container> \
                    --limits='huawei.com/<Ascend910|Ascend310P>=1'"
                .to_owned();
        }
        "Podman" => "podman",
        _ => "docker",
    };
    let chips = facts.chips.as_ref().map_or(1, Vec::len).max(1);
    let mut devices: Vec<String> = facts
        .nodes
        .devices
        .iter()
        .map(|id| format!("davinci{id}"))
        .collect();
    if devices.is_empty() {
        devices.extend((0..chips).map(|id| format!("davinci{id}")));
    }
    devices.extend(MANAGERS.map(str::to_owned));
    let devices: Vec<_> = devices
        .iter()
        .map(|name| format!("--device /dev/{name}"))
        .collect();
    format!(
        "{program} run {} -v /usr/local/Ascend/driver:/usr/local/Ascend/driver:ro \
         -v /usr/local/dcmi:/usr/local/dcmi:ro -v /usr/local/bin/npu-smi:/usr/local/bin/npu-smi:ro \
         -v /etc/ascend_install.info:/etc/ascend_install.info:ro -it <image>",
        devices.join(" ")
    )
}

/// The command that starts a container whose user is in a group.
pub(super) fn with_group(kind: &str, group: u32) -> String {
    match kind {
        "Kubernetes" => format!(
            "kubectl patch deployment <name> -p '{{\"spec\":{{\"template\":{{\"spec\":\
             {{\"securityContext\":{{\"supplementalGroups\":[{group}]}}}}}}}}}}'"
        ),
        "Podman" => format!("podman run --group-add {group} <options> <image>"),
        _ => format!("docker run --group-add {group} <options> <image>"),
    }
}
