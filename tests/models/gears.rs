//! Models that are switched among shapes, and models of shapes within limits.

use ascend_graph::Gears as Asked;
use ascend_rt::model::{DimRange, GearKind};
use ascend_rt::session::{Padding, SessionOptions};
use ascend_rt::{ErrorKind, Session};
use ndarray::{ArrayD, Axis, Slice, concatenate};

use super::made::{Rig, Told, alone, doubled, numbers, pooled, run};

const PADDED: SessionOptions = SessionOptions::new().padding(Padding::NextGear);
const UNCUT: SessionOptions = SessionOptions::new().padding(Padding::NextGearUncut);

fn batches() -> Vec<u8> {
    Told::gears("x:-1,3,4,6;bias:-1,1,1,1", Asked::batch("1,4,2")).om(&pooled())
}

/// The list of shapes stands in another order than the model's inputs.
fn dims() -> Vec<u8> {
    let shapes = "bias:-1,1,1,1;x:-1,3,-1,6";
    Told::gears(shapes, Asked::dims("1,1,4;2,2,8;3,3,2")).om(&pooled())
}

fn images() -> Vec<u8> {
    Told::gears("x:2,3,-1,-1", Asked::image("4,6;8,4")).om(&doubled("x", 4))
}

fn session(rig: &Rig, om: &[u8], options: SessionOptions) -> Session {
    Session::with_options(rig.model(om).unwrap(), options).unwrap()
}

/// The first `len` along an axis.
fn first(array: &ArrayD<f32>, axis: usize, len: usize) -> ArrayD<f32> {
    let cut = array.slice_axis(Axis(axis), Slice::from(..len));
    cut.as_standard_layout().to_owned()
}

#[test]
fn the_shapes_of_the_inputs_choose_the_gear() {
    for (name, om) in [("batch", batches()), ("dims", dims())] {
        let rig = Rig::new();
        let mut session = rig.session(&om);
        for [n, h] in [[1, 4], [2, 8], [1, 4], [3, 2], [4, 4], [2, 4]] {
            let (x, bias) = (numbers(&[n, 3, h, 6]), numbers(&[n, 1, 1, 1]));
            let is_gear = match name {
                "batch" => h == 4 && n != 3,
                _ => [[1, 4], [2, 8], [3, 2]].contains(&[n, h]),
            };
            let made = run(&mut session, &[&x, &bias]);
            if !is_gear {
                assert_eq!(made.unwrap_err().kind(), ErrorKind::Shape, "{name} {n} {h}");
                continue;
            }
            let shapes = format!("x:{n},3,{h},6;bias:{n},1,1,1");
            assert_eq!(
                made.unwrap(),
                alone(&pooled(), &shapes, &[&x, &bias]),
                "{name} {n} {h}"
            );
        }
        drop(session);
        rig.end();
    }
    let rig = Rig::new();
    let mut session = rig.session(&images());
    for [h, w] in [[4, 6], [8, 4], [4, 6]] {
        let x = numbers(&[2, 3, h, w]);
        assert_eq!(run(&mut session, &[&x]).unwrap(), [&x + &x]);
    }
}

#[test]
fn sessions_that_share_a_model_keep_their_gears() {
    let rig = Rig::new();
    let model = rig.model(&batches()).unwrap();
    let mut sessions: Vec<_> = (0..2)
        .map(|_| Session::new(model.clone()).unwrap())
        .collect();
    for _ in 0..2 {
        for (session, n) in sessions.iter_mut().zip([1, 4]) {
            let (x, bias) = (numbers(&[n, 3, 4, 6]), numbers(&[n, 1, 1, 1]));
            let made = run(session, &[&x, &bias]).unwrap();
            assert_eq!(made[0].shape(), [n, 3, 2, 3]);
        }
    }
}

#[test]
fn a_model_tells_its_gears_and_hides_the_input_that_takes_them() {
    let rig = Rig::new();
    let model = rig.model(&dims()).unwrap();
    let description = model.description();
    let names: Vec<_> = description
        .inputs
        .iter()
        .map(|input| &*input.name)
        .collect();
    assert_eq!(names, ["x", "bias"]);
    let gears = description.gears.as_ref().unwrap();
    assert_eq!(gears.kind, GearKind::Dims);
    assert_eq!(gears.gears[1].values, [2, 2, 8]);
    assert_eq!(gears.gears[1].shapes, [vec![2, 3, 8, 6], vec![2, 1, 1, 1]]);
    let axes: Vec<_> = gears.axes.iter().map(|at| [at.input, at.axis]).collect();
    assert_eq!(axes, [[1, 0], [0, 0], [0, 2]]);
    let memory = description.memory.unwrap();
    assert!(memory.work_bytes > 0, "{memory:?}");

    let model = rig.model(&images()).unwrap();
    let gears = model.description().gears.as_ref().unwrap();
    assert_eq!(gears.to_string(), "image sizes 4x6, 8x4");
    assert_eq!(gears.gears[1].shapes, [vec![2, 3, 8, 4]]);
    let text = serde_json::to_string(model.description()).unwrap();
    let back: ascend_rt::model::Description = serde_json::from_str(&text).unwrap();
    assert_eq!(back, *model.description(), "{text}");
}

/// A case of shapes that are no gear: options, inputs, and what the error has to say.
struct Refused {
    name: &'static str,
    om: fn() -> Vec<u8>,
    options: SessionOptions,
    shapes: &'static [&'static [usize]],
    says: &'static str,
}

#[test]
fn what_fits_no_gear_is_told_with_the_gears() {
    let x = "the model takes x float32 [?, 3, 4, 6] NCHW, bias float32 [?, 1, 1, 1] NCHW in the \
             gears batch sizes 1, 4, 2, and was given x float32 ";
    for case in [
        Refused {
            name: "between the gears",
            om: batches,
            options: SessionOptions::new(),
            shapes: &[&[3, 3, 4, 6], &[3, 1, 1, 1]],
            says: "[3, 3, 4, 6], bias float32 [3, 1, 1, 1]: give the shapes of a gear, or let them be \
                   padded to the next one (`Padding::NextGear`, `ascend run --pad`)",
        },
        Refused {
            name: "beyond the gears",
            om: batches,
            options: SessionOptions::new(),
            shapes: &[&[5, 3, 4, 6], &[5, 1, 1, 1]],
            says: "[5, 3, 4, 6], bias float32 [5, 1, 1, 1]: give the shapes of a gear, or convert the \
                   model with one for these",
        },
        Refused {
            name: "beyond the gears, padded",
            om: batches,
            options: PADDED,
            shapes: &[&[5, 3, 4, 6], &[5, 1, 1, 1]],
            says: "[5, 3, 4, 6], bias float32 [5, 1, 1, 1]: no gear holds them: convert the model with \
                   a larger one",
        },
        Refused {
            name: "two batches",
            om: batches,
            options: PADDED,
            shapes: &[&[3, 3, 4, 6], &[2, 1, 1, 1]],
            says: "input x is 3 long and input bias is 2 where one value of a gear holds for both",
        },
        Refused {
            name: "a fixed dimension",
            om: batches,
            options: PADDED,
            shapes: &[&[3, 3, 4, 5], &[3, 1, 1, 1]],
            says: "the model takes x float32 [?, 3, 4, 6] NCHW, and was given float32 [3, 3, 4, 5]",
        },
        Refused {
            name: "another rank",
            om: images,
            options: PADDED,
            shapes: &[&[2, 3, 4]],
            says: "the model takes x float32 [2, 3, ?, ?] NCHW, and was given float32 [2, 3, 4]",
        },
        Refused {
            name: "dims",
            om: dims,
            options: SessionOptions::new(),
            shapes: &[&[1, 3, 8, 6], &[1, 1, 1, 1]],
            says: "in the gears dims (1, 1, 4), (2, 2, 8), (3, 3, 2) for bias[0], x[0], x[2], and",
        },
        Refused {
            name: "no output follows",
            om: batches,
            options: PADDED,
            shapes: &[&[3, 3, 4, 6], &[3, 1, 1, 1]],
            says: "the output most:0:most [] cannot be cut back where value 0 of the gear was padded from 3 \
                   to 4: none of its dimensions follows that in every gear",
        },
    ] {
        let rig = Rig::new();
        let mut session = session(&rig, &(case.om)(), case.options);
        let inputs: Vec<_> = case.shapes.iter().map(|shape| numbers(shape)).collect();
        let error = run(&mut session, &inputs.iter().collect::<Vec<_>>()).unwrap_err();
        let (name, text) = (case.name, error.to_string());
        assert_eq!(error.kind(), ErrorKind::Shape, "{name}: {text}");
        assert!(text.contains(case.says), "{name}: {text}");
        if case.says.starts_with('[') {
            assert!(text.starts_with(x), "{name}: {text}");
        }
        assert_eq!(
            error.gears(),
            session.description().gears.as_ref(),
            "{name}"
        );
        // The session is as good as new.
        let gears = session.description().gears.clone().unwrap();
        let shapes = gears.gears[0].shapes.iter();
        let inputs: Vec<_> = shapes.map(|shape| numbers(shape)).collect();
        run(&mut session, &inputs.iter().collect::<Vec<_>>()).unwrap();
    }
}

#[test]
fn a_batch_between_gears_is_padded_and_cut_back() {
    let rig = Rig::new();
    let om = Told::gears("x:-1,3", Asked::batch("2,8,4")).om(&doubled("x", 2));
    let mut session = session(&rig, &om, PADDED);
    for n in [3, 1, 8, 2, 5, 4] {
        let x = numbers(&[n, 3]);
        assert_eq!(run(&mut session, &[&x]).unwrap(), [&x + &x], "{n}");
    }
}

#[test]
fn sizes_between_gears_are_padded_and_cut_back() {
    let rig = Rig::new();
    let mut padded = session(&rig, &images(), PADDED);
    for [h, w] in [[3, 6], [4, 5], [8, 3], [5, 4], [1, 1], [4, 6]] {
        let x = numbers(&[2, 3, h, w]);
        assert_eq!(run(&mut padded, &[&x]).unwrap(), [&x + &x], "{h}x{w}");
    }
    let om = Told::gears("x:-1,4,-1", Asked::dims("1,16;2,8;4,4")).om(&doubled("x", 3));
    let mut padded = session(&rig, &om, PADDED);
    for [n, len] in [[1, 9], [2, 5], [3, 3], [4, 4], [1, 16]] {
        let x = numbers(&[n, 4, len]);
        assert_eq!(run(&mut padded, &[&x]).unwrap(), [&x + &x], "{n}, {len}");
    }
}

#[test]
fn what_cannot_be_cut_back_is_given_as_it_is_when_asked_for() {
    let rig = Rig::new();
    let mut session = session(&rig, &batches(), UNCUT);
    let (x, bias) = (numbers(&[3, 3, 4, 6]), numbers(&[3, 1, 1, 1]));
    let made = run(&mut session, &[&x, &bias]).unwrap();
    let zeros = |shape: &[usize]| ArrayD::<f32>::zeros(shape);
    let behind = |array: &ArrayD<f32>, shape: &[usize]| {
        concatenate(Axis(0), &[array.view(), zeros(shape).view()]).unwrap()
    };
    let padded = [behind(&x, &[1, 3, 4, 6]), behind(&bias, &[1, 1, 1, 1])];
    let whole = alone(
        &pooled(),
        "x:4,3,4,6;bias:4,1,1,1",
        &[&padded[0], &padded[1]],
    );
    assert_eq!(made, [first(&whole[0], 0, 3), whole[1].clone()]);
}

#[test]
fn shapes_within_limits_run_without_allocating() {
    let rig = Rig::new();
    let om = Told::shapes("x:1~8,3,2~6").om(&doubled("x", 3));
    let mut session = rig.session(&om);
    let spec = &session.description().inputs[0];
    let range = |least, most| DimRange {
        least,
        most: Some(most),
    };
    assert_eq!(spec.ranges, [range(1, 8), range(3, 3), range(2, 6)]);
    assert_eq!(spec.bytes, 8 * 3 * 6 * 4);
    let mark = rig.mark();
    for [n, len] in [[1, 2], [8, 6], [3, 4]] {
        let x = numbers(&[n, 3, len]);
        assert_eq!(run(&mut session, &[&x]).unwrap(), [&x + &x]);
    }
    let calls = rig.calls(mark);
    let count = |symbol: &str| calls.iter().filter(|call| **call == symbol).count();
    assert_eq!(count("aclmdlExecuteAsync"), 3);
    let allocating = ["aclrtMalloc", "aclrtMallocHost", "aclmdlExecute"];
    assert_eq!(allocating.map(count), [0; 3], "{calls:?}");
    let error = run(&mut session, &[&numbers(&[9, 3, 2])]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Shape);
    assert_eq!(
        error.to_string(),
        "the model takes x float32 [1~8, 3, 2~6] ND, and was given float32 [9, 3, 2]: reshape the \
         input, or convert the model for this shape"
    );
    drop(session);
    rig.end();
}

#[test]
fn shapes_without_limits_run_too() {
    let rig = Rig::new();
    let om = Told::shapes("x:-1,3").om(&doubled("x", 2));
    let mut session = rig.session(&om);
    assert_eq!(session.description().memory, None);
    for n in [5, 2, 9, 2] {
        let x = numbers(&[n, 3]);
        assert_eq!(run(&mut session, &[&x]).unwrap(), [&x + &x]);
    }
    drop(session);
    rig.end();
}

#[test]
fn gears_run_without_allocating() {
    let rig = Rig::new();
    let om = Told::gears("x:-1,3", Asked::batch("2,8,4")).om(&doubled("x", 2));
    let mut session = session(&rig, &om, PADDED);
    let mark = rig.mark();
    for n in [2, 8, 3, 4, 5] {
        run(&mut session, &[&numbers(&[n, 3])]).unwrap();
    }
    let calls = rig.calls(mark);
    for symbol in ["aclrtMalloc", "aclrtMallocHost", "aclmdlExecute"] {
        assert!(!calls.contains(&symbol), "{symbol} in {calls:?}");
    }
    drop(session);
    rig.end();
}

#[test]
fn nothing_runs_before_shapes_are_known() {
    let rig = Rig::new();
    let mut session = rig.session(&batches());
    let error = session.run_staged().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(
        error.to_string().contains("give them to `run` first"),
        "{error}"
    );
}

#[test]
fn long_names_are_whole() {
    let rig = Rig::new();
    let name = "x".repeat(200);
    let shapes = format!("{name}:1,3");
    let model = rig
        .model(&Told::shapes(&shapes).om(&doubled(&name, 2)))
        .unwrap();
    assert_eq!(model.description().inputs[0].name, name);
}
