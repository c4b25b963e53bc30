//! `ascend doctor --bundle`: what it holds, and what it does not give away.

use std::fs;
use std::process::Command;

use super::doctor_tree::Tree;
use super::{path, text};

const PRIVATE: [&str; 8] = [
    "ada",
    "grace",
    "npu07",
    "10.1.2.3",
    "/data/g1",
    "1020AB77",
    "52:54:00:12:34:56",
    "s3cret",
];

fn tree() -> Tree {
    let mut tree = Tree::host();
    tree.write(
        "/etc/passwd",
        "root:x:0:0::/root:/bin/sh\nada:x:54321:54321::/home/ada:/bin/sh\ngrace:x:1002:1::/data/g1:/bin/sh\n",
    );
    tree.write("/etc/hostname", "npu07.lab.example\n");
    tree.write(
        "/etc/ld.so.conf.d/own.conf",
        "/home/ada/lib\n/data/g1/lib\n",
    );
    tree.write(
        "/etc/sys_version.conf",
        "Serial Number=1020AB77\nmac 52:54:00:12:34:56\non npu07 at 10.1.2.3 by grace\n",
    );
    tree.set("HOME", "/home/ada");
    tree.set("USER", "ada");
    tree.set("HCCL_IF_IP", "10.1.2.3");
    tree.set("ASCEND_TOKEN", "s3cret");
    tree.set("OTHER", "s3cret");
    tree.write(
        "/home/ada/Ascend/latest/version.cfg",
        "runtime_running_version=[7.5.0.1.129:8.0.RC3]\n",
    );
    tree
}

#[test]
fn a_bundle_tells_what_it_holds_and_not_who() {
    let tree = tree();
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("bundle");
    let output = tree.run(&["--bundle", path(&folder)]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    let told = text(&output.stderr);
    assert!(told.contains("CONTENTS.txt"), "{told}");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let contents = read("CONTENTS.txt");
    for line in contents.lines().filter(|line| line.len() > 64) {
        let name = line.rsplit_once(' ').unwrap().1;
        let all = read(name);
        for private in PRIVATE {
            assert!(
                !all.contains(private) && !name.contains(private),
                "{private} is in {name}: {all}"
            );
        }
    }
    assert!(
        contents.contains("files/home/user-1/Ascend/latest/version.cfg"),
        "{contents}"
    );
    assert!(
        contents.contains("  2 user-…") && contents.contains("  1 ip-…"),
        "{contents}"
    );
    let environment = read("environment.txt");
    assert!(
        environment.contains("HCCL_IF_IP=ip-1\nHOME=/home/user-1\n"),
        "{environment}"
    );
    assert!(
        !environment.contains("TOKEN") && !environment.contains("OTHER"),
        "{environment}"
    );
    let configuration = read("files/etc/ld.so.conf.d/own.conf");
    assert_eq!(configuration, "/home/user-1/lib\n/home-1/lib\n");
    let system = read("files/etc/sys_version.conf");
    assert_eq!(
        system,
        "Serial Number=serial-1\nmac mac-1\non host-1 at ip-1 by user-2\n"
    );
    let report: serde_json::Value = serde_json::from_str(&read("report.json")).unwrap();
    assert_eq!(report["verdict"], "ready");
    // versions are no addresses
    assert!(read("files/usr/local/Ascend/firmware/version.info").contains("Version=7.5.0.1.129"));
    assert!(read("folders.txt").contains("/dev/davinci0 100660"));
    let again = tree.run(&["--bundle", path(&folder)]);
    assert_eq!(again.status.code(), Some(9));
    assert!(text(&again.stderr).contains("exists already"));
}

#[test]
fn an_archive_is_one_that_tar_reads() {
    let tree = tree();
    let place = tempfile::tempdir().unwrap();
    let [archive, folder, unpacked] =
        ["bundle.tar", "bundle", "unpacked"].map(|name| place.path().join(name));
    for target in [&archive, &folder] {
        assert_eq!(tree.run(&["--bundle", path(target)]).status.code(), Some(0));
    }
    fs::create_dir(&unpacked).unwrap();
    let tar = Command::new("tar")
        .args(["-xf", path(&archive), "-C", path(&unpacked)])
        .output();
    let Ok(tar) = tar else {
        println!("skipped: there is no tar");
        return;
    };
    assert!(tar.status.success(), "{}", text(&tar.stderr));
    let compared = Command::new("diff")
        .args(["-r", path(&folder), path(&unpacked)])
        .output()
        .unwrap();
    assert!(compared.status.success(), "{}", text(&compared.stdout));
}
