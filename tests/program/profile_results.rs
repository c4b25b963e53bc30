//! `ascend profile` on what `msprof` left, of several versions, made up with the columns that they have.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use super::{fails, path, succeeds};

/// The table of operators of CANN 8 and 9, with the tab that it writes behind times.
pub(super) const SUMMARY: &str = "Device_id,Model Name,Model ID,Task ID,Stream ID,Infer ID,Op Name,OP Type,OP State,Task Type,\
    Task Start Time(us),Task Duration(us),Task Wait Time(us),Block Num,HF32 Eligible,Input Shapes,\
    Input Data Types,Input Formats,Output Shapes,Output Data Types,Output Formats,Context ID,aicore_time(us)\n\
    0,resnet50,1,1,2,1,conv1,Conv2D,static,AI_CORE,\"1000.000\t\",60.000,0.0,8,NO,\"\"\"1,3,224,224;64,3,7,7\"\"\",FLOAT;FLOAT,NCHW;FRACTAL_Z,\"\"\"1,64,112,112\"\"\",FLOAT,NC1HWC0,N/A,50.0\n\
    0,resnet50,1,2,2,1,topk,TopKV2,static,AI_CPU,\"1060.000\t\",30.000,5.0,1,NO,,FLOAT,,,FLOAT,,N/A,N/A\n\
    0,resnet50,1,1,2,2,conv1,Conv2D,static,AI_CORE,\"2000.000\t\",40.000,0.0,8,NO,,FLOAT;FLOAT,,,FLOAT,,N/A,50.0\n\
    0,resnet50,1,2,2,2,topk,TopKV2,static,AI_CPU,\"2060.000\t\",20.000,5.0,1,NO,,FLOAT,,,FLOAT,,N/A,N/A\n\
    0,resnet50,1,3,2,2,lost,Relu,static,AI_CORE,N/A,N/A,N/A,8,NO,,,,,,,N/A,N/A\n";
pub(super) const CALLS: &str = "Device_id,Level,API Name,Time(us),Count,Avg(us),Min(us),Max(us),Variance\n\
    host,AscendCL,aclmdlExecute,150.0,2,75.0,70.0,80.0,1.0\nhost,AscendCL,aclrtMemcpy,900.0,4,225.0,200.0,300.0,1.0\n";
pub(super) const STEPS: &str = "Device_id,Iteration ID,FP Start(us),BP End(us),Iteration End(us),Iteration Time(us),Model ID\n\
    0,1,N/A,N/A,1100.0,9000.0,1\n0,2,N/A,N/A,2100.0,100.0,1\n0,3,N/A,N/A,3100.0,110.0,1\n";
pub(super) const TIMELINE: &str = r#"[
{"name":"process_name","pid":7,"tid":0,"ph":"M","args":{"name":"Ascend Hardware"}},
{"name":"process_name","pid":8,"tid":0,"ph":"M","args":{"name":"CANN"}},
{"name":"MEMCPY_ASYNC","pid":7,"tid":2,"ts":"1000.5","dur":50,"ph":"X","args":{"Task Type":"MEMCPY_ASYNC","operation":"host to device","size(B)":602112,"bandwidth(GB/s)":12.0}},
{"name":"conv1","pid":7,"tid":2,"ts":"1100.0","dur":61.5,"ph":"X","args":{"Model Id":1,"Task Type":"AI_CORE","Stream Id":2}},
{"name":"conv1","pid":8,"tid":2,"ts":1100,"dur":7,"ph":"X","args":{"Task Type":"AI_CORE"}},
{"name":"EVENT_WAIT","pid":7,"tid":2,"ts":"1200.0","dur":1000,"ph":"X","args":{"Task Type":"EVENT_WAIT"}}
]"#;

/// A folder with files of a profile.
pub(super) struct Tree(pub(super) TempDir);

impl Tree {
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            tree.write(name, text.as_bytes());
        }
        tree
    }

    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let place = self.at(name);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, bytes).unwrap();
        place
    }

    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn json(&self) -> Value {
        json(self.0.path())
    }
}

pub(super) fn json(place: &Path) -> Value {
    serde_json::from_str(&succeeds(&["profile", path(place), "--json", "-"])).unwrap()
}

/// The operators as name, type, core, count and total.
pub(super) fn operators(profile: &Value) -> Vec<(String, String, String, u64, String)> {
    let operators = profile["operators"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    operators
        .map(|operator| {
            (
                text(&operator["name"]),
                text(&operator["op_type"]),
                text(&operator["core"]),
                operator["count"].as_u64().unwrap(),
                format!("{:.1}", operator["total"].as_f64().unwrap()),
            )
        })
        .collect()
}

fn hints(profile: &Value) -> Vec<&str> {
    let hints = profile["hints"].as_array().unwrap().iter();
    hints.map(|hint| hint["id"].as_str().unwrap()).collect()
}

const OUTPUT: &str = "PROF_000001_20250102030405678_ABC/mindstudio_profiler_output";

#[test]
fn a_profile_of_msprof_is_read_and_explained() {
    let files = [
        (format!("{OUTPUT}/op_summary_20250102030405.csv"), SUMMARY),
        (format!("{OUTPUT}/api_statistic_20250102030405.csv"), CALLS),
        (format!("{OUTPUT}/step_trace_20250102030405.csv"), STEPS),
        (format!("{OUTPUT}/msprof_20250102030405.json"), TIMELINE),
        (format!("{OUTPUT}/README.txt"), "not a table"),
    ];
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (name.as_str(), *text))
        .collect();
    let tree = Tree::new(&files);
    let profile = tree.json();
    let expected = [
        ("conv1", "Conv2D", "AI_CORE", 2, "100.0"),
        ("topk", "TopKV2", "AI_CPU", 2, "50.0"),
    ];
    let expected = expected.map(|(name, kind, core, count, total)| {
        (
            name.to_owned(),
            kind.to_owned(),
            core.to_owned(),
            count,
            total.to_owned(),
        )
    });
    assert_eq!(operators(&profile), expected);
    let conv = &profile["operators"][0];
    assert_eq!(
        (conv["min"].as_f64(), conv["max"].as_f64()),
        (Some(40.0), Some(60.0))
    );
    assert_eq!(conv["input_shapes"], "\"1,3,224,224;64,3,7,7\"");
    assert_eq!(conv["blocks"], 8);
    assert_eq!(profile["executions"], 2);
    assert_eq!(profile["copies"][0]["direction"], "host to device");
    assert_eq!(profile["copies"][0]["bytes"], 602_112);
    assert_eq!(
        hints(&profile),
        [
            "first-run",
            "blocking-copies",
            "small-batch",
            "fp32-matrices",
            "aicpu"
        ]
    );
    // Any folder on the way is taken, and each file by itself.
    for place in ["PROF_000001_20250102030405678_ABC", OUTPUT] {
        assert_eq!(operators(&json(&tree.at(place))), expected, "{place}");
    }
    let one = tree.at(&format!("{OUTPUT}/op_summary_20250102030405.csv"));
    assert_eq!(operators(&json(&one)), expected);
    let told = succeeds(&["profile", path(tree.0.path())]);
    for part in [
        " 66.7%     100.0 us         2      50.0 us      40.0 us      60.0 us  Conv2D (AI_CORE)          conv1",
        "150.0 us         4  in all, of 2 executions",
        "aclrtMemcpy",
        "host to device, 588.00 KiB",
        "note: 1 row tells no time",
        "note: model resnet50",
        "what to do, in the order of tuning:",
        "the first run took 9.00 ms, later ones 110.0 us",
        "the device's CPUs compute 33 % of the operators' time, 50.0 us: topk",
        "$ ascend check MODEL.onnx --soc SOC",
    ] {
        assert!(told.contains(part), "{part:?} is missing in:\n{told}");
    }
    let by_type = succeeds(&["profile", path(tree.0.path()), "--by", "type", "--csv", "-"]);
    assert!(
        by_type.contains("\n,Conv2D,AI_CORE,2,100.000,50.000,40.000,60.000,66.667,"),
        "{by_type}"
    );
}

#[test]
fn older_and_foreign_forms_are_read() {
    // CANN 5: a folder for each device, and other names of columns.
    let old = Tree::new(&[(
        "PROF_000001_20220102030405678_X/device_0/summary/op_summary_0_1.csv",
        "Model Name,Model ID,Task ID,Stream ID,Infer ID,Op Name,OP Type,Task Type,Task Start Time,Task Duration(us),\
         Task Wait Time(us),Block Dim\nnet,1,3,5,1,conv,Conv2D,AI_CORE,1,10.5,0,2\n",
    )]);
    assert_eq!(operators(&old.json())[0].4, "10.5");
    assert_eq!(old.json()["operators"][0]["blocks"], 2);
    // PyTorch's profiler.
    let torch = Tree::new(&[(
        "x_ascend_pt/ASCEND_PROFILER_OUTPUT/kernel_details.csv",
        "\u{feff}Name,Type,Accelerator Core,Start Time(us),Duration(us),Wait Time(us),Block Dim\n\
         aclnnAdd,Add,AI_VECTOR_CORE,1.0\t,3.5,0,48\n",
    )]);
    assert_eq!(operators(&torch.json())[0].2, "AI_VECTOR_CORE");
    // Types only.
    let types = Tree::new(&[(
        "PROF_1/mindstudio_profiler_output/op_statistic_20250102030405.csv",
        "Device_id,Model Name,OP Type,Core Type,Count,Total Time(us),Min Time(us),Avg Time(us),Max Time(us),Ratio(%)\n\
         0,net,Conv2D,AI_CORE,4,100.0,20.0,25.0,40.0,80.0\n0,net,Relu,AI_CORE,4,25.0,5,6.25,8,20\n",
    )]);
    let told = succeeds(&["profile", path(types.0.path())]);
    assert!(
        told.contains(
            "80.0%     100.0 us         4      25.0 us      20.0 us      40.0 us  Conv2D"
        ),
        "{told}"
    );
    // Tasks only: copies are told apart.
    let tasks = Tree::new(&[(
        "PROF_1/mindstudio_profiler_output/task_time_20250102030405.csv",
        "Device_id,kernel_name,kernel_type,stream_id,task_id,task_time(us),task_start(us),task_stop(us)\n\
         0,conv_1,KERNEL_AICORE,2,1,12.0,\"1\t\",\"13\t\"\n0,N/A,MEMCPY_ASYNC,2,2,7.0,1,8\n0,N/A,EVENT_RECORD,2,3,1,1,2\n",
    )]);
    let profile = tasks.json();
    assert_eq!(operators(&profile).len(), 1);
    assert_eq!(profile["copies"][0]["total"].as_f64(), Some(7.0));
    // CANN 5 has a row for each task, and its types in words.
    let tasks = Tree::new(&[(
        "PROF_1/device_0/summary/task_time_0_1.csv",
        "Time(%),Time(us),Count,Avg(us),Min(us),Max(us),Waiting(us),Running(us),Pending(us),Type,API,Task ID,Op Name,Stream ID\n\
         50,30.0,3,10,8,12,0,30,0,kernel AI core task,,3,conv,5\n40,20.0,3,7,6,8,0,20,0,kernel AI cpu task,,4,topk,5\n\
         5,9.0,3,3,3,3,0,9,0,model execute task,,2,conv,5\n5,4.0,2,2,2,2,0,4,0,memory copy task,,1,N/A,5\n",
    )]);
    let profile = tasks.json();
    let found: Vec<_> = operators(&profile)
        .into_iter()
        .map(|one| (one.0, one.3, one.4))
        .collect();
    let expected = [("conv", 3, "30.0"), ("topk", 3, "20.0")];
    let expected = expected.map(|(name, count, total)| (name.to_owned(), count, total.to_owned()));
    assert_eq!(found, expected);
    assert_eq!(profile["operators"][0]["max"].as_f64(), Some(12.0));
    assert_eq!(profile["copies"][0]["count"], 2);
    assert_eq!(hints(&profile)[0], "aicpu");
    // A time line only: as an array, and as an object.
    for timeline in [
        TIMELINE.to_owned(),
        format!("{{\"traceEvents\":{TIMELINE},\"other\":[1]}}"),
    ] {
        let tree = Tree::new(&[("msprof_20250102030405.json", timeline.as_str())]);
        let profile = tree.json();
        assert_eq!(operators(&profile)[0].0, "conv1");
        assert_eq!(operators(&profile)[0].4, "61.5");
        assert_eq!(operators(&profile).len(), 1, "waiting is no operator");
        assert_eq!(profile["copies"][0]["count"], 1);
    }
}

#[test]
fn the_newest_profile_and_all_parts_of_it_are_taken() {
    let row = |name: &str, time: u32| {
        format!("Op Name,OP Type,Task Type,Task Duration(us)\n{name},Conv2D,AI_CORE,{time}\n")
    };
    let (a, b, c, d) = (
        row("old", 1),
        row("part0", 2),
        row("part1", 3),
        row("export", 4),
    );
    let new = "PROF_000001_20250102030405678_B/mindstudio_profiler_output";
    let names = [
        "PROF_000002_20240102030405678_A/mindstudio_profiler_output/op_summary_20240102030405.csv"
            .to_owned(),
        format!("{new}/op_summary_20250102030405_slice_0.csv"),
        format!("{new}/op_summary_20250102030405_slice_1.csv"),
        format!("{new}/op_summary_20250101000000.csv"),
    ];
    let files: Vec<_> = names
        .iter()
        .map(String::as_str)
        .zip([&*a, &*b, &*c, &*d])
        .collect();
    let tree = Tree::new(&files);
    let profile = tree.json();
    let found: Vec<_> = operators(&profile).into_iter().map(|one| one.0).collect();
    assert_eq!(found, ["part0", "part1"]);
    assert!(
        profile["notes"][0]
            .as_str()
            .unwrap()
            .contains("there is 1 other profile")
    );
}

#[test]
fn two_profiles_are_compared() {
    let table = |rows: &str| {
        let head = "Op Name,OP Type,Task Type,Task Duration(us)";
        Tree::new(&[(
            "PROF_1/op_summary_20250102030405.csv",
            &format!("{head}\n{rows}"),
        )])
    };
    let old = table("conv,Conv2D,AI_CORE,100\nrelu,Relu,AI_CORE,10\ncast,Cast,AI_CORE,50\n");
    let new = table("conv,Conv2D,AI_CORE,130\nrelu,Relu,AI_CORE,10\ntrans,TransData,AI_CORE,5\n");
    let (old_place, new_place) = (path(old.0.path()), path(new.0.path()));
    let told = succeeds(&["profile", new_place, "--against", old_place]);
    let rows: Vec<Vec<&str>> = told
        .lines()
        .skip_while(|line| !line.contains("difference"))
        .skip(1)
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(rows[0][..2], ["-50.0", "us"], "{told}");
    assert_eq!(rows[0].last(), Some(&"cast"));
    assert!(
        rows[0].contains(&"removed") && rows[2].contains(&"new"),
        "{told}"
    );
    assert_eq!(rows[1].last(), Some(&"conv"));
    assert!(rows[1].contains(&"+30.0%"), "{told}");
    assert!(told.contains("145.0 us was 160.0 us, -9.4%"), "{told}");
    assert!(
        told.contains("note: it is not known how many executions"),
        "{told}"
    );
    // A saved one is the same.
    let saved = new.at("old.json");
    succeeds(&["profile", old_place, "--json", path(&saved)]);
    let again = succeeds(&["profile", new_place, "--against", path(&saved)]);
    assert_eq!(told.replace(old_place, ""), again.replace(old_place, ""));
    let csv = succeeds(&[
        "profile",
        new_place,
        "--against",
        path(&saved),
        "--csv",
        "-",
    ]);
    assert!(
        csv.starts_with("name,type,old_us,new_us,difference_us,"),
        "{csv}"
    );
    assert!(csv.contains("\ncast,Cast,50.000,,-50.000,1,0\n"), "{csv}");
}

#[test]
fn reports_that_exist_are_replaced_only_when_asked() {
    let tree = Tree::new(&[("PROF_1/op_summary_20250102030405.csv", SUMMARY)]);
    let kept = tree.write("kept", b"mine");
    let profile = tree.at("PROF_1");
    for option in ["--json", "--csv", "--trace"] {
        fails(
            &["profile", path(&profile), option, path(&kept)],
            9,
            &["kept exists already", "--overwrite"],
        );
        assert_eq!(fs::read(&kept).unwrap(), b"mine");
    }
    succeeds(&[
        "profile",
        path(&profile),
        "--json",
        path(&kept),
        "--overwrite",
    ]);
    assert!(
        fs::read_to_string(&kept)
            .unwrap()
            .contains("ascend-profile")
    );
}
