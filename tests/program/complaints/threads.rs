//! Threads, memory, processes.

use std::sync::Arc;
use std::thread;

use ascend_rt::{Acl, MockConfig, Model, Session};
use ndarray::Array4;

use super::super::doctor_tree::Tree;
use super::Complaint;
use super::errors::network;

/// A server's threads run models although none of them has set a context.
#[test]
fn threads_memory_and_hangs() {
    let mut complaint = Complaint::of(30);
    network(&complaint);
    let acl = Acl::mock(MockConfig::default().strict(true)).unwrap();
    let device = acl.device(0).unwrap();
    let model = Arc::new(Model::load(&device.context(), complaint.at("net.om")).unwrap());
    let workers = (0..4).map(|_| {
        let model = Arc::clone(&model);
        thread::spawn(move || {
            let mut session = Session::new(model).unwrap();
            let image = Array4::<f32>::zeros((1, 3, 64, 64));
            session.run(&[(&image).into()]).unwrap().len()
        })
    });
    let workers: Vec<_> = workers.collect();
    for worker in workers {
        assert_eq!(worker.join().unwrap(), 1);
    }
    complaint.says(
        "ascend explain 107002",
        0,
        &[
            "the calling thread has no usable context",
            "bind a device or context on this thread first",
        ],
    );
    complaint.plant("aclmdlExecuteAsync", "nth = 3\nhang = true");
    let hangs =
        "ASCEND_MOCK_CONFIG=fault.toml ascend bench net.om --loop 5 --run-limit 1s --device mock";
    complaint.says(
        hangs,
        4,
        &[
            "the device hangs, number 0: a run was not done within its limit of 1s",
            "use another device, or raise the limit",
        ],
    );
    let bench = "ascend bench net.om --duration 1s --device mock";
    let told = complaint.says(
        bench,
        0,
        &["memory 0.0 MiB before, 6.0 MiB with the model, 6.0 MiB at peak"],
    );
    told.keep(&["device 0: loaded"]);
    complaint.says("ascend --version", 0, &["ascend "]);
    complaint.matches_the_page();
}

#[test]
fn rules_that_users_trip_over() {
    let mut complaint = Complaint::of(31);
    complaint.write(
        "posted.log",
        "RuntimeError: Cannot re-initialize NPU in forked subprocess\n",
    );
    complaint.says(
        "ascend explain posted.log",
        0,
        &[
            "a process that was forked after the runtime had started",
            "start workers with spawn",
        ],
    );
    complaint.says("ascend explain 100002", 0, &["treat as benign for aclInit"]);
    let tree = Tree::host();
    for process in 100..170 {
        tree.write(&format!("/proc/{process}/comm"), "python3\n");
        tree.link(&format!("/proc/{process}/fd/3"), "/dev/davinci0");
    }
    complaint.machine(&tree);
    complaint.doctor_says(
        14,
        &["processes-many: 70 processes on davinci0", "kill <PID>"],
    );
    complaint.matches_the_page();
}
