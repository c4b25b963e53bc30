//! `ascend doctor` on device nodes: who may use them, who has them open, and what a container was given.

use std::fs;

use super::doctor_tree::{DRIVER, Tree};
use super::text;

#[test]
fn nodes_missing() {
    let tree = Tree::host();
    tree.remove("/dev/devmm_svm");
    let answer = tree.answer();
    answer.tells(
        "fault",
        "nodes-incomplete",
        "/dev/devmm_svm is not there",
        "sudo reboot",
    );
    tree.remove("/dev");
    tree.write("/proc/modules", "nvme 1 0 - Live\n");
    let answer = tree.answer();
    let finding = answer.tells(
        "fault",
        "nodes-missing",
        "no device nodes",
        "sudo modprobe drv_davinci_intf_host",
    );
    assert_eq!(finding["is_assumed"], true);
    tree.write("/proc/modules", "drv_davinci_intf_host 1 0 - Live\n");
    let answer = tree.answer();
    answer.tells("fault", "nodes-missing", "no device nodes", "sudo reboot");
    answer.only(&["nodes-missing"]);
}

#[test]
fn a_board_has_other_nodes() {
    let tree = Tree::host();
    tree.remove("/dev/devmm_svm");
    tree.remove("/dev/hisi_hdc");
    tree.write("/dev/svm0", "");
    let answer = tree.answer();
    answer.only(&[]);
    assert_eq!(answer.code, 0);
}

#[test]
fn nodes_without_rights() {
    let mut tree = Tree::host();
    let group = tree.group();
    let groups = |members: &str| {
        let others = if group == 0 { "" } else { "root:x:0:\n" };
        tree.write(
            "/etc/group",
            format!("HwHiAiUser:x:{group}:{members}\n{others}"),
        );
    };
    groups("");
    tree.user("ada");
    let answer = tree.answer();
    let what = "ada may not use /dev/davinci0 (group HwHiAiUser, mode 660)";
    let finding = answer.tells(
        "fault",
        "nodes-rights",
        what,
        "sudo usermod -aG HwHiAiUser ada",
    );
    assert!(finding["why"].as_str().unwrap().contains("507033"));
    answer.only(&["nodes-rights"]);
    let groups =
        |members: &str| tree.write("/etc/group", format!("HwHiAiUser:x:{group}:{members}\n"));
    groups("eve,ada");
    let answer = tree.answer();
    answer.tells("ok", "nodes", "ada may use all", "");
    tree.mode("/dev/hisi_hdc", 0o600);
    let answer = tree.answer();
    answer.tells(
        "fault",
        "nodes-rights",
        "ada may not use /dev/hisi_hdc",
        "sudo chmod g+rw /dev/davinci0",
    );
    // nobody comes into the group of root
    tree.write("/etc/group", format!("root:x:{group}:\n"));
    let answer = tree.answer();
    let nodes = "/dev/davinci0 /dev/davinci1 /dev/davinci_manager /dev/devmm_svm /dev/hisi_hdc";
    let command = format!(
        "sudo chgrp HwHiAiUser {nodes} && sudo chmod g+rw {nodes} && sudo usermod -aG HwHiAiUser ada"
    );
    let what = "ada may not use /dev/davinci0 (group root, mode 660)";
    answer.tells("fault", "nodes-rights", what, &command);
    tree.user("eve");
    let refused = tree.run(&[]);
    assert_eq!(refused.status.code(), Some(6));
    assert!(text(&refused.stderr).contains("no user is called \"eve\""));
}

#[test]
fn groups_of_a_container_are_given_when_it_starts() {
    let mut tree = Tree::host();
    let group = tree.group();
    tree.write("/etc/group", format!("HwHiAiUser:x:{group}:\n"));
    tree.user("ada");
    for (mark, text, command) in [
        (
            "/proc/1/cgroup",
            "0::/kubepods/pod1\n",
            "kubectl patch deployment <name> -p ",
        ),
        ("/run/.containerenv", "", "podman run --group-add "),
        ("/.dockerenv", "", "docker run --group-add "),
    ] {
        tree.write(mark, text);
        let answer = tree.answer();
        let finding = answer.tells("fault", "nodes-rights", "group HwHiAiUser", command);
        let command = finding["command"].as_str().unwrap();
        assert!(command.contains(&group.to_string()) && !command.contains("usermod"));
        tree.remove(mark);
    }
    tree.write("/.dockerenv", "");
    tree.mode("/dev/davinci0", 0o600);
    let answer = tree.answer();
    let finding = answer.tells("fault", "nodes-rights", "mode 600", "sudo chmod g+rw ");
    assert!(!finding["command"].as_str().unwrap().contains("usermod"));
    assert!(finding["why"].as_str().unwrap().contains("the host's"));
}

#[test]
fn folders_of_a_tree_are_no_faults() {
    let tree = Tree::host();
    tree.remove("/dev/davinci0");
    fs::create_dir(tree.at("/dev/davinci0")).unwrap();
    // the command would be done to the nodes of this machine
    assert!(!tree.answer().has("nodes-kind"));
}

#[test]
fn no_group() {
    let tree = Tree::host();
    tree.write("/etc/group", "root:x:0:\n");
    tree.write(
        "/etc/ascend_install.info",
        "UserName=npu\nUserGroup=npu\nDriver_Install_Path_Param=/usr/local/Ascend\n",
    );
    let answer = tree.answer();
    answer.tells(
        "warning",
        "group-missing",
        "no group npu",
        "sudo groupadd npu && sudo useradd -g npu",
    );
    assert_eq!(
        (answer.code, &answer.json["verdict"]),
        (13, &"warnings".into())
    );
}

#[test]
fn a_container_without_mounts() {
    let tree = Tree::host();
    tree.write("/.dockerenv", "");
    let answer = tree.answer();
    answer.tells("ok", "container", "has the NPU", "");
    answer.only(&[]);
    for gone in [DRIVER, "/dev", "/usr/local/Ascend/firmware"] {
        tree.remove(gone);
    }
    fs::create_dir(tree.at(DRIVER)).unwrap();
    let answer = tree.answer();
    let what = "Docker container was started without /dev/davinci0, /dev/davinci_manager, /dev/devmm_svm, \
                /dev/hisi_hdc and /usr/local/Ascend/driver";
    let run = "docker run --device /dev/davinci0 --device /dev/davinci1 --device /dev/davinci_manager \
               --device /dev/devmm_svm --device /dev/hisi_hdc -v /usr/local/Ascend/driver:";
    answer.tells("fault", "container-mounts", what, run);
    assert!(!answer.has("driver-missing") && !answer.has("nodes-missing"));
    assert_eq!(answer.code, 14);
    // where the bus cannot be seen, the host may have none
    tree.remove("/sys");
    let answer = tree.answer();
    let finding = answer.tells(
        "warning",
        "container-mounts",
        "started without",
        "docker run --device /dev/davinci0",
    );
    assert_eq!(finding["is_assumed"], true);
    tree.remove("/.dockerenv");
    tree.write("/proc/1/cgroup", "0::/kubepods/besteffort/pod1\n");
    let answer = tree.answer();
    answer.tells(
        "warning",
        "container-mounts",
        "Kubernetes",
        "kubectl set resources deployment <name> -c <container> --limits=",
    );
}

#[test]
fn processes_and_memory_are_told() {
    let tree = Tree::host();
    tree.write("/proc/12/comm", "python3\n");
    tree.link("/proc/12/fd/5", "/dev/davinci1");
    tree.link("/proc/12/fd/6", "/dev/null");
    tree.write(
        "/proc/meminfo",
        "MemTotal: 4194304 kB\nMemAvailable: 524288 kB\n",
    );
    tree.write("/dev/vdavinci100", "");
    let answer = tree.answer();
    answer.tells(
        "note",
        "processes",
        "1 process on davinci1: 12 (python3)",
        "",
    );
    let command = "export TE_PARALLEL_COMPILER=1 MAX_COMPILE_CORE_NUMBER=1";
    answer.tells("warning", "memory", "512 MiB of 4096 MiB", command);
    answer.tells("note", "nodes-slices", "vdavinci100", "");
    for process in 100..170 {
        tree.link(&format!("/proc/{process}/fd/3"), "/dev/davinci0");
    }
    tree.answer().tells(
        "fault",
        "processes-many",
        "70 processes on davinci0",
        "kill <PID>",
    );
}
