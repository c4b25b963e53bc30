//! Versions and chips that do not go together.

use std::fs;

use super::super::doctor_tree::{DRIVER, Tree};
use super::Complaint;
use super::errors::network;

fn driver(tree: &Tree, version: &str, inner: &str) {
    let info =
        format!("Version={version}\nInnerversion={inner}B220\ncompatible_version=[{inner}]\n");
    tree.write(&format!("{DRIVER}/version.info"), info);
}

/// A driver that goes with the toolkit is told to, and one that does not, with the one that would.
#[test]
fn which_driver_goes_with_this_cann() {
    let mut complaint = Complaint::of(16);
    let tree = Tree::host();
    complaint.machine(&tree);
    complaint.says(
        "ascend doctor --root machine --env environ",
        0,
        &[
            "pair-driver: driver 24.1.rc3 fits CANN 8.0.RC3",
            "0 faults, 0 warnings",
        ],
    );
    let older = Complaint::of(16);
    driver(&tree, "23.0.rc1", "V100R001C10");
    older.machine(&tree);
    let line = "ascend doctor --root machine --env environ";
    let mut said = older.shell(line);
    said.line += "   # with an older driver";
    complaint
        .shows(
            said,
            14,
            &[
                "driver 23.0.rc1 is too old for CANN 8.0.RC3",
                "npu-driver_24.1.rc3_linux",
                "--upgrade",
            ],
        )
        .leave_out(&["ok "]);
    complaint.matches_the_page();
}

#[test]
fn a_device_that_cannot_be_set_up() {
    let mut complaint = Complaint::of(17);
    network(&complaint);
    complaint.plant("aclrtSetDevice", "code = 507033");
    complaint.says(
        "ASCEND_MOCK_CONFIG=fault.toml ascend run net.om --output out --device mock",
        4,
        &[
            "cannot open device 0: aclrtSetDevice failed with 507033",
            "(1) a driver that does not go with this CANN",
            "names the driver to install",
        ],
    );
    let tree = Tree::host();
    driver(&tree, "26.0.rc1", "V100R001C40");
    complaint.machine(&tree);
    complaint.doctor_says(
        13,
        &[
            "pair-driver",
            "do not name each other",
            "Ascend-cann-toolkit_9.0.0_linux",
        ],
    );
    complaint.matches_the_page();
}

#[test]
fn a_version_that_is_0_0_0() {
    let mut complaint = Complaint::of(18);
    let tree = Tree::host();
    let toolkit = "/usr/local/Ascend/ascend-toolkit/8.0.RC3";
    tree.remove(&format!(
        "{toolkit}/{}-linux/ascend_toolkit_install.info",
        std::env::consts::ARCH
    ));
    tree.remove(&format!("{toolkit}/opp/version.info"));
    complaint.machine(&tree);
    complaint.doctor_says(
        13,
        &[
            "the version of a toolkit cannot be told",
            "the libraries tell version 0.0.0 or warn of a mismatch",
            "--install",
        ],
    );
    complaint.matches_the_page();
}

/// The model of the CPU device, under the name of a chip and without what only that device has.
#[test]
fn an_om_for_another_chip() {
    let mut complaint = Complaint::of(19);
    network(&complaint);
    let mut om = fs::read(complaint.at("net.om")).unwrap();
    for (ours, theirs) in [
        ("Ascend-CPU", "Ascend910B"),
        ("ascend_rt_cpu_program", "ascend_rt_cpu_progrXm"),
    ] {
        let places: Vec<usize> = om
            .windows(ours.len())
            .enumerate()
            .filter_map(|(place, bytes)| (bytes == ours.as_bytes()).then_some(place))
            .collect();
        assert!(!places.is_empty(), "{ours}");
        for place in places {
            om[place..place + theirs.len()].copy_from_slice(theirs.as_bytes());
        }
    }
    complaint.write("chip.om", om);
    let told = complaint.says(
        "ascend inspect chip.om --device mock",
        0,
        &["chip        Ascend910B", "runs here   no: "],
    );
    told.keep(&["chip  ", "runs here"]);
    let convert = "ascend convert net.onnx chip2.om --soc Ascend910B";
    complaint.says(
        convert,
        6,
        &[
            "`Ascend910B` is no chip that atc knows",
            "Ascend910B1, Ascend910B2",
            "npu-smi info",
        ],
    );
    complaint.write(
        "posted.log",
        "[Check][SocVersion] supported socVersion=Ascend910B2, but the model socVersion=Ascend910B\n",
    );
    complaint.says(
        "ascend explain posted.log",
        0,
        &[
            "the .om was made for another chip",
            "convert with the exact name that `ascend info` shows",
        ],
    );
    complaint.matches_the_page();
}

#[test]
fn a_slice_of_a_chip() {
    let mut complaint = Complaint::of(20);
    network(&complaint);
    complaint.plant("aclmdlExecuteAsync", "task = 507009");
    complaint.says(
        "ASCEND_MOCK_CONFIG=fault.toml ascend run net.om --output out --device mock",
        8,
        &[
            "507009 (ACL_ERROR_RT_TASK_TYPE_NOT_SUPPORT",
            "often a slice of a chip (vNPU) with a model for the whole one",
            "compile with --virtual_type=1",
        ],
    );
    let tree = Tree::host();
    tree.write("/dev/vdavinci100", "");
    complaint.machine(&tree);
    complaint.doctor_says(0, &["nodes-slices", "vdavinci100"]);
    complaint.matches_the_page();
}
