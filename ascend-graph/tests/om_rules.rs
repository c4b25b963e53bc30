//! What we write passes the rules that a real loader checks, and reads back equal.

mod common;

use std::collections::HashMap;

use ascend_graph::om::{
    Aipp, CPU_PROGRAM_MARKER, Constant, Format, GEAR_INPUT, Header, InOut, InputAipp, IoTensor,
    OmFile, OmModel, PARTITION_CPU_PROGRAM, PartitionKind, Place, Program, WeightFiles,
    split_weights,
};
use ascend_graph::onnx::{Builder, Model};
use ascend_graph::{DataType, Gears, Rope};
use bytes::Bytes;
use common::{classifier, classifier_io, f32_bytes};

/// A model to write, and what the file is to say of it.
struct Case {
    name: &'static str,
    model: Model,
    io: InOut,
    aipp: Vec<InputAipp>,
    programs: usize,
}

/// `y = max(x, 0) * scale` and `z = -x`, of halves.
fn two_outputs() -> Model {
    let mut graph = Builder::new("two", 11);
    let shape = ["n".into(), 3.into(), 4.into(), 4.into()];
    let x = graph.input("x", DataType::F16, &shape);
    let scale = Bytes::from([0x00, 0x3c].repeat(48));
    let scale = graph.initializer("scale", DataType::F16, &[3, 4, 4], scale);
    let bias = graph.initializer("bias", DataType::F32, &[1], f32_bytes([1.0]));
    let active = graph.node("Relu", "relu", &[&x], []);
    graph.node_to("Mul", "mul", &[&active, &scale], &["y"], []);
    graph.node_to("Neg", "neg", &[&x], &["z"], []);
    graph.node("Neg", "beside", &[&bias], []);
    graph.output("y", DataType::F16, &shape);
    graph.output("z", DataType::F16, &shape);
    graph.build().expect("the model is sound")
}

fn two_outputs_io(batch: i64) -> InOut {
    let tensor = |name| IoTensor::new(name, DataType::F16, Format::NCHW, &[batch, 3, 4, 4]);
    InOut {
        inputs: vec![tensor("x")],
        outputs: vec![tensor("y"), tensor("z")],
        ..InOut::default()
    }
}

fn cases() -> [Case; 4] {
    let mut gears = two_outputs_io(-1);
    gears.set_gears(&Gears::Batch(vec![1, 2]));
    gears.shape_order = vec!["x".into()];
    for (gear, batch) in [(0, 1), (1, 2)] {
        for output in [0, 1] {
            gears.put_gear_output_dims(gear, output, &[batch, 3, 4, 4]);
        }
    }
    gears
        .inputs
        .push(IoTensor::new(GEAR_INPUT, DataType::I64, Format::ND, &[1]));
    let mut pictures = two_outputs_io(1);
    let target = pictures.inputs[0].clone();
    pictures.inputs[0] = IoTensor {
        dims_after_aipp: vec![1, 3, 4, 4],
        ..IoTensor::new("x", DataType::U8, Format::NHWC, &[1, 4, 4, 3])
    };
    let aipp = InputAipp {
        input: 0,
        parameters: None,
        aipp: Aipp {
            mean_chn: [1, 2, 3, 0],
            var_reci_chn: [0.5; 4],
            ..Aipp::default()
        },
        target,
    };
    let case = |name, model, io, aipp, programs| Case {
        name,
        model,
        io,
        aipp,
        programs,
    };
    [
        case("ranges", classifier(), classifier_io(), vec![], 1),
        case("fixed", two_outputs(), two_outputs_io(2), vec![], 1),
        case("gears", two_outputs(), gears, vec![], 2),
        case("pictures", two_outputs(), pictures, vec![aipp], 1),
    ]
}

const COMMAND: &str = "ascend convert net.onnx net.om --soc AscendCpu";

impl Case {
    fn file(&self) -> Bytes {
        let split = split_weights(&self.model).expect("the weights are sound");
        let programs: Vec<_> = (0..self.programs)
            .map(|gear| Rope::from(vec![7; 100 + gear]))
            .collect();
        let program = Program {
            name: self.name,
            model: &self.model,
            split: &split,
            io: &self.io,
            aipp: &self.aipp,
            files: WeightFiles::None,
            soc_version: "AscendCpu",
            tool_version: "0.1.0",
            command_line: COMMAND,
            memory_bytes: 4096,
            program_version: "1",
            programs: &programs,
            onnx: None,
        };
        program.to_rope().expect("it is written").to_bytes()
    }
}

/// Calls `check` with each case, its file, and the model that is read from it.
fn each_case(check: impl Fn(&Case, &Bytes, &OmModel)) {
    for case in cases() {
        let file = case.file();
        let model = OmModel::open(&file);
        let model = model.unwrap_or_else(|error| panic!("{}: {error}", case.name));
        check(&case, &file, &model);
    }
}

#[test]
fn the_container_passes_the_rules_a_real_loader_checks() {
    each_case(|case, file, model| {
        let u32_at = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap());
        let u64_at = |at: usize| u64::from_le_bytes(file[at..at + 8].try_into().unwrap());
        let payload = file.len() as u64 - 256;
        assert_eq!(
            (&file[..4], u32_at(4), u32_at(8), u32_at(0x4c), u64_at(0xb8)),
            (&b"IMOD"[..], 256, 0x2000_0000, 0, payload)
        );
        assert_eq!(
            (u32_at(0x98), u32_at(0x9c), &file[0x50..0x54]),
            (2, 1, &[0; 4][..])
        );
        assert_eq!(
            Header::read(file).unwrap(),
            Header {
                payload_bytes: payload,
                ..Header::new(case.name)
            },
            "nothing else is set"
        );
        let count = usize::try_from(u32_at(256)).unwrap();
        assert!(
            (2..=8).contains(&count),
            "one partition is no executable model"
        );
        let mut end = 0;
        let mut kinds = Vec::new();
        for entry in (0..count).map(|index| 264 + 24 * index) {
            kinds.push(u32_at(entry));
            assert_eq!(
                (u32_at(entry + 4), u64_at(entry + 8)),
                (0, end),
                "{}",
                case.name
            );
            end += u64_at(entry + 16);
            assert!(u64_at(entry + 16) > 0, "empty partitions are left out");
        }
        assert_eq!(
            8 + 24 * count as u64 + end,
            payload,
            "it ends with its last partition"
        );
        assert_eq!(
            kinds,
            [8, 0, 1, 2, PARTITION_CPU_PROGRAM.0],
            "the order of the compiler"
        );
        let om = OmFile::open(file).unwrap();
        assert_eq!((om.name(), om.models().len()), (case.name, 1));
        let (_, programs) = model.cpu_programs().unwrap();
        assert_eq!(programs.len(), case.programs);
    });
}

#[test]
fn the_model_tells_what_a_real_loader_reads() {
    each_case(|case, _, model| {
        let bytes = |kind| {
            let bytes = model.partition(kind).map_or(0, Bytes::len);
            i64::try_from(bytes).unwrap()
        };
        let weights = bytes(PartitionKind::WEIGHTS_DATA);
        let tasks = bytes(PartitionKind::TASK_INFO);
        assert_eq!(model.partition_sizes(), [weights, 0, 0, tasks, 0]);
        assert_eq!(model.command_line(), Some(COMMAND));
        assert_eq!(
            model.soc_version(),
            Some("AscendCpu"),
            "which no device has"
        );
        assert_eq!(
            (model.atc_version(), model.framework(), model.target()),
            (Some("0.1.0"), Some("Onnx"), Some("MINI"))
        );
        let needs = model.needs();
        let io = case.io.inputs.iter().chain(&case.io.outputs);
        assert_eq!(
            needs.zero_copy_bytes,
            io.map(|tensor| tensor.bytes).sum::<u64>()
        );
        assert_eq!(
            (needs.work_bytes, needs.streams, needs.events),
            (4096, 1, 0)
        );
        assert_eq!(needs.weight_bytes, model.weight_bytes());
        assert_eq!(model.work_bytes(), 4096, "what is told before loading");
        let task = model.task.as_ref().unwrap();
        assert_eq!((task.version.as_str(), task.task.len()), ("0.1.0", 0));
        assert_eq!(model.text(CPU_PROGRAM_MARKER), Some("1"));
        assert!(model.kernels.is_empty() && model.warnings.is_empty());
        let names = model.model.attr["attr_model_out_nodes_name"]
            .as_list()
            .unwrap();
        assert!(
            names
                .s
                .iter()
                .eq(model.io.outputs.iter().map(|output| output.name.as_bytes()))
        );
        assert!(
            names
                .s
                .iter()
                .all(|name| name.split(|&byte| byte == b':').count() == 3)
        );
    });
}

#[test]
fn inputs_outputs_and_graph_agree() {
    each_case(|case, _, model| {
        let mut io = case.io.clone();
        for (own, expected) in model.io.outputs.iter().zip(&mut io.outputs) {
            assert!(own.name.ends_with(&format!(":{}", expected.name)));
            expected.name.clone_from(&own.name);
        }
        assert_eq!(model.io, io, "{}", case.name);
        assert_eq!(model.aipp, case.aipp, "{}", case.name);
        let by_graph = model.model.in_out();
        assert_eq!(by_graph.gears(), io.gears());
        assert_eq!(by_graph.shape_order, io.shape_order);
        let ranges = |io: &InOut| {
            io.inputs
                .iter()
                .map(|input| input.ranges.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(ranges(&by_graph), ranges(&io));
        let graph = &model.model.graph[0];
        let wiring = graph.wiring().unwrap();
        assert!(wiring.order.len() == graph.op.len());
        for (number, sources) in wiring.inputs.iter().enumerate() {
            let earlier = sources.iter().filter_map(|input| input.op());
            assert!(
                earlier.into_iter().all(|op| op < number),
                "ops are in the order they run in"
            );
        }
        let data = graph.op.iter().filter(|op| op.r#type == "Data");
        let numbers = data.map(|op| op.attr["index"].as_int().unwrap());
        assert!(numbers.eq(0..i64::try_from(io.inputs.len()).unwrap()));
    });
}

#[test]
fn weights_lie_where_the_compiler_puts_them_and_come_back() {
    each_case(|case, _, model| {
        let found: HashMap<&str, &Constant> = model
            .constants
            .iter()
            .map(|constant| (constant.name.as_str(), constant))
            .collect();
        let constants = &case.model.graph().unwrap().initializer;
        assert_eq!(found.len(), constants.len());
        let mut last = 0;
        for constant in constants {
            let own = found[constant.name.as_str()];
            if let Place::Weights { offset, length } = own.place {
                assert!(
                    offset % 512 == 0 && offset >= 512 && offset >= last,
                    "{offset}"
                );
                last = offset + length;
            }
            let plain = own.unpack().unwrap();
            assert_eq!(plain.data, constant.bytes().unwrap(), "{}", constant.name);
            assert_eq!(
                (plain.dtype, &plain.dims),
                (constant.dtype().unwrap(), &constant.dims)
            );
        }
        assert!(last > 0);
    });
}

#[test]
fn equal_models_give_equal_bytes() {
    for (one, other) in cases().iter().zip(&cases()) {
        assert_eq!(one.file(), other.file(), "{}", one.name);
    }
}
