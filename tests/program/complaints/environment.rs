//! Environments that lack something.

use super::super::doctor_tree::{DRIVER, Tree};
use super::super::stand_in::Place;
use super::Complaint;
use super::said::Said;

const LIBRARIES: &str = "/usr/local/Ascend/ascend-toolkit/8.0.RC3/lib64";

#[test]
fn libascendcl_is_not_found() {
    let mut complaint = Complaint::of(10);
    let said =
        "ImportError: libascendcl.so: cannot open shared object file: No such file or directory\n";
    complaint.write("posted.log", said);
    complaint.says(
        "ascend explain posted.log",
        0,
        &[
            "the library of AscendCL is not found",
            "source the toolkit's set_env.sh",
            "without an NPU use the CPU device",
        ],
    );
    let mut tree = Tree::host();
    tree.clear_environment();
    complaint.machine(&tree);
    complaint.doctor_says(
        14,
        &[
            "set-env: set_env.sh of CANN 8.0.RC3 is not applied",
            "source /usr/local/Ascend/ascend-toolkit/set_env.sh",
            "export LD_LIBRARY_PATH=/usr/local/Ascend/driver/lib64/driver",
        ],
    );
    complaint.matches_the_page();
}

#[test]
fn libhccl_is_not_found() {
    let mut complaint = Complaint::of(11);
    let said = "ImportError: libhccl.so: cannot open shared object file: No such file or directory\n\
                RuntimeError: Failed to infer device type\n";
    complaint.write("posted.log", said);
    complaint.says(
        "ascend explain posted.log",
        0,
        &["the library of HCCL is not found, so that PyTorch's plug-in cannot be loaded  <- begin here", "install the whole toolkit"],
    );
    let tree = Tree::host();
    tree.remove(&format!("{LIBRARIES}/libhccl.so"));
    complaint.machine(&tree);
    complaint.doctor_says(
        13,
        &[
            "toolkit-libraries: CANN 8.0.RC3 lacks libhccl.so",
            "--install",
        ],
    );
    complaint.matches_the_page();
}

#[test]
fn programs_cannot_be_linked() {
    let mut complaint = Complaint::of(12);
    let said = "/usr/bin/ld: main.o: in function `main':\nmain.cpp:9: undefined reference to `aclInit'\n\
                /usr/bin/ld: cannot find -lascendcl: No such file or directory\n";
    complaint.write("posted.log", said);
    complaint.says(
        "ascend explain posted.log",
        0,
        &[
            "the linker does not find AscendCL",
            "add -L<toolkit>/lib64 and -lascendcl",
            "after the objects",
        ],
    );
    complaint.matches_the_page();
}

#[test]
fn a_package_of_python_is_missing() {
    let mut complaint = Complaint::of(13);
    let place = Place::new();
    let mut command = place.command("python", &[]);
    command.env("PYTHON_LACKS", "decorator");
    let line = "ascend convert net.onnx net.om --soc Ascend310P3";
    let said = Said::of(line, &command.output().unwrap(), place.folder.path());
    complaint.shows(said, 3, &["python3 lacks decorator", "install"]);
    let tree = Tree::host();
    tree.remove("/usr/lib/python3/dist-packages/decorator");
    complaint.machine(&tree);
    complaint.doctor_says(13, &["python-packages", "decorator", "pip install"]);
    complaint.matches_the_page();
}

#[test]
fn libatb_is_not_found() {
    let mut complaint = Complaint::of(14);
    complaint.write(
        "posted.log",
        "OSError: libatb.so: cannot open shared object file: No such file\n",
    );
    complaint.says(
        "ascend explain posted.log",
        0,
        &[
            "the library of ATB is not found",
            "source nnal/atb/set_env.sh after the toolkit's",
        ],
    );
    let tree = Tree::host();
    tree.write("/usr/local/Ascend/nnal/atb/set_env.sh", "");
    complaint.machine(&tree);
    complaint.doctor_says(
        0,
        &[
            "nnal-environment",
            "source /usr/local/Ascend/nnal/atb/set_env.sh",
        ],
    );
    complaint.matches_the_page();
}

#[test]
fn a_container_has_no_npu() {
    let mut complaint = Complaint::of(15);
    let tree = Tree::host();
    tree.write("/.dockerenv", "");
    for gone in [DRIVER, "/dev", "/usr/local/Ascend/firmware"] {
        tree.remove(gone);
    }
    complaint.machine(&tree);
    complaint.doctor_says(
        14,
        &["container-mounts: the Docker container was started without /dev/davinci0", "docker run --device /dev/davinci0 --device /dev/davinci1 --device /dev/davinci_manager", "-v /usr/local/Ascend/driver:"],
    );
    complaint.says(
        "ascend explain 507008",
        0,
        &["a container without the device files or the driver's folder"],
    );
    complaint.matches_the_page();
}
