//! Models that are switched among shapes, and models of free shapes with limits.

use ascend_graph::om::OmModel;
use ascend_graph::onnx::{Attribute, Builder, Dim, Model};
use ascend_graph::{DataType, Gears};
use ascend_sys::{aclError, aclmdlDataset, aclmdlDesc, aclmdlIODims, aclmdlIODimsRange};
use bytes::Bytes;

use crate::common::compiled::{Told, numbers, pooled};
use crate::common::models::bytes;
use crate::common::{NULL, Rig};

const SHAPE_INPUT: &std::ffi::CStr = c"ascend_mbatch_shape_data";

fn dims(values: &[i64]) -> aclmdlIODims {
    let mut dims = aclmdlIODims {
        name: [0; 128],
        dimCount: values.len(),
        dims: [0; 128],
    };
    dims.dims[..values.len()].copy_from_slice(values);
    dims
}

fn current(rig: &Rig, desc: *mut aclmdlDesc, index: usize) -> Result<Vec<i64>, aclError> {
    let mut answer = dims(&[]);
    match acl!(rig.aclmdlGetCurOutputDims(desc, index, &raw mut answer)) {
        0 => Ok(answer.dims[..answer.dimCount].to_vec()),
        code => Err(code),
    }
}

fn input_dims(rig: &Rig, desc: *mut aclmdlDesc, index: usize) -> Vec<i64> {
    let mut answer = dims(&[]);
    assert_eq!(
        acl!(rig.aclmdlGetInputDims(desc, index, &raw mut answer)),
        0
    );
    answer.dims[..answer.dimCount].to_vec()
}

/// A loaded gear model with datasets.
struct Switched {
    rig: Rig,
    id: u32,
    desc: *mut aclmdlDesc,
    input: *mut aclmdlDataset,
    output: *mut aclmdlDataset,
    index: usize,
}

fn switched(file: &Bytes) -> Switched {
    let rig = Rig::new();
    let id = rig.load(file);
    let desc = rig.describe(id);
    let (input, output) = (rig.inputs(desc), rig.outputs(desc));
    let index = rig.input_index(desc, SHAPE_INPUT);
    Switched {
        rig,
        id,
        desc,
        input,
        output,
        index,
    }
}

impl std::ops::Deref for Switched {
    type Target = Rig;

    fn deref(&self) -> &Rig {
        &self.rig
    }
}

impl Switched {
    fn batch(&self, batch: u64) -> aclError {
        acl!(self.aclmdlSetDynamicBatchSize(self.id, self.input, self.index, batch))
    }

    fn image(&self, height: u64, width: u64) -> aclError {
        let (id, index) = (self.id, self.index);
        acl!(self.aclmdlSetDynamicHWSize(id, self.input, index, height, width))
    }

    fn dims(&self, values: &[i64]) -> aclError {
        let dims = dims(values);
        let (id, index) = (self.id, self.index);
        acl!(self.aclmdlSetInputDynamicDims(id, self.input, index, &raw const dims))
    }

    fn execute(&self) -> aclError {
        acl!(self.aclmdlExecute(self.id, self.input, self.output))
    }

    /// Runs pictures of `[n, 3, h, w]` and gives both outputs.
    fn run(&self, [n, h, w]: [usize; 3]) -> (Vec<f32>, Vec<f32>) {
        self.rig.put(self.input, 0, &bytes(&numbers(n * 3 * h * w)));
        self.rig.put(self.input, 1, &bytes(&numbers(n)));
        assert_eq!(self.execute(), 0, "{:?}", self.rig.message());
        let y = self.rig.take(self.output, 0, n * 3 * (h / 2) * (w / 2));
        (y, self.rig.take(self.output, 1, 1))
    }
}

/// The same by a model of one shape.
fn fixed(model: &Model, shapes: &'static str, sizes: [usize; 3]) -> (Vec<f32>, Vec<f32>) {
    let rig = Rig::new();
    let id = rig.load(&Told::shapes(shapes).file(model));
    let desc = rig.describe(id);
    let (input, output) = (rig.inputs(desc), rig.outputs(desc));
    let [n, h, w] = sizes;
    rig.put(input, 0, &bytes(&numbers(n * 3 * h * w)));
    rig.put(input, 1, &bytes(&numbers(n)));
    assert_eq!(acl!(rig.aclmdlExecute(id, input, output)), 0);
    let y = rig.take(output, 0, n * 3 * (h / 2) * (w / 2));
    (y, rig.take(output, 1, 1))
}

fn batches() -> Bytes {
    Told::gears("x:-1,3,4,6;bias:-1,1,1,1", Gears::batch("1,4,2")).file(&pooled())
}

fn images() -> Bytes {
    Told::gears("x:2,3,-1,-1", Gears::image("4,6;8,4")).file(&pooled())
}

fn any() -> Bytes {
    let shapes = "bias:-1,1,1,1;x:-1,3,-1,6";
    Told::gears(shapes, Gears::dims("1,1,4;2,2,8;3,3,2")).file(&pooled())
}

#[test]
fn gears_compute_what_models_of_their_shapes_compute() {
    let model = pooled();
    let it = switched(&batches());
    for (batch, shapes) in [
        (1, "x:1,3,4,6"),
        (2, "x:2,3,4,6"),
        (4, "x:4,3,4,6"),
        (1, "x:1,3,4,6"),
    ] {
        let sizes = [batch, 4, 6];
        assert_eq!(it.batch(batch as u64), 0);
        assert_eq!(it.run(sizes), fixed(&model, shapes, sizes), "batch {batch}");
    }
    let it = switched(&images());
    for (h, w, shapes) in [(8, 4, "x:2,3,8,4"), (4, 6, "x:2,3,4,6")] {
        let sizes = [2, h, w];
        assert_eq!(it.image(h as u64, w as u64), 0);
        assert_eq!(it.run(sizes), fixed(&model, shapes, sizes), "{h} by {w}");
    }
    let it = switched(&any());
    for (n, h, shapes) in [
        (2, 8, "x:2,3,8,6"),
        (3, 2, "x:3,3,2,6"),
        (1, 4, "x:1,3,4,6"),
    ] {
        let sizes = [n, h, 6];
        let (wide, high) = (i64::try_from(n).unwrap(), i64::try_from(h).unwrap());
        assert_eq!(
            it.dims(&[wide, 1, 1, 1, wide, 3, high, 6]),
            0,
            "{:?}",
            it.rig.message()
        );
        assert_eq!(it.run(sizes), fixed(&model, shapes, sizes), "{n} of {h}");
    }
}

/// What `SAME_LOWER` means depends on the extent, so one program cannot do for all.
#[test]
fn a_model_that_wants_fixed_shapes_gets_a_program_for_each_gear() {
    let dims = || [1.into(), 1.into(), Dim::Unknown, Dim::Unknown];
    let mut graph = Builder::new("lower", 13);
    let x = graph.input("x", DataType::F32, &dims());
    let window = [
        Attribute::ints("kernel_shape", [2, 2]),
        Attribute::ints("strides", [2, 2]),
        Attribute::string("auto_pad", "SAME_LOWER"),
    ];
    graph.node_to("MaxPool", "pool", &[&x], &["y"], window);
    graph.output("y", DataType::F32, &dims());
    let model = graph.build().unwrap();
    let told = Told::gears("x:1,1,-1,-1", Gears::image("3,4;4,4"));
    let (file, summary) = told.compile(&model).unwrap();
    assert_eq!(summary.programs, 2);
    let it = switched(&file);
    for (height, expected) in [
        (3_u8, vec![1.0, 3.0, 9.0, 11.0]),
        (4, vec![5.0, 7.0, 13.0, 15.0]),
        (3, vec![1.0, 3.0, 9.0, 11.0]),
    ] {
        let ramp: Vec<f32> = (0..height * 4).map(f32::from).collect();
        it.put(it.input, 0, &bytes(&ramp));
        assert_eq!(it.image(height.into(), 4), 0);
        assert_eq!(it.execute(), 0, "{:?}", it.message());
        assert_eq!(it.take(it.output, 0, 4), expected, "{height}");
        assert_eq!(current(&it, it.desc, 0).unwrap(), [1, 1, 2, 2]);
    }
}

/// S
#[test]
fn gears_are_told() {
    let it = switched(&batches());
    let mut batch = ascend_sys::aclmdlBatch {
        batchCount: 0,
        batch: [0; 128],
    };
    assert_eq!(acl!(it.aclmdlGetDynamicBatch(it.desc, &raw mut batch)), 0);
    assert_eq!(batch.batch[..batch.batchCount], [1, 4, 2]);
    assert_eq!(it.index, 2, "the last input");
    assert_eq!(input_dims(&it.rig, it.desc, 0), [-1, 3, 4, 6]);
    let size = |index| acl!(it.aclmdlGetInputSizeByIndex(it.desc, index));
    assert_eq!(
        [size(0), size(1), size(2)],
        [4 * 3 * 4 * 6 * 4, 16, 4],
        "of the largest"
    );
    let mut range = aclmdlIODimsRange {
        rangeCount: 9,
        range: [[0; 2]; 128],
    };
    let code = acl!(it.aclmdlGetInputDimsRange(it.desc, 0, &raw mut range));
    assert_eq!((code, range.rangeCount), (0, 0));
    let it = switched(&images());
    let mut sizes = ascend_sys::aclmdlHW {
        hwCount: 0,
        hw: [[0; 2]; 128],
    };
    assert_eq!(
        acl!(it.aclmdlGetDynamicHW(it.desc, usize::MAX, &raw mut sizes)),
        0
    );
    assert_eq!(sizes.hw[..sizes.hwCount], [[4, 6], [8, 4]]);
}

/// S
#[test]
fn r_248_dynamic_dims_are_told_in_the_order_of_the_options() {
    let it = switched(&any());
    let mut count = 0;
    let desc = it.desc;
    let code = acl!(it.aclmdlGetInputDynamicGearCount(desc, usize::MAX, &raw mut count));
    assert_eq!((code, count), (0, 3));
    let mut gears = vec![dims(&[]); 3];
    let get = |index, count, gears: &mut Vec<aclmdlIODims>| {
        acl!(it.aclmdlGetInputDynamicDims(desc, index, gears.as_mut_ptr(), count))
    };
    assert_eq!(get(usize::MAX, 2, &mut gears), 100_000, "too little room");
    assert_eq!(get(0, 3, &mut gears), 100_000, "not -1");
    assert_eq!(get(usize::MAX, 3, &mut gears), 0);
    let shapes: Vec<_> = gears
        .iter()
        .map(|gear| gear.dims[..gear.dimCount].to_vec())
        .collect();
    assert_eq!(shapes[1], [2, 1, 1, 1, 2, 3, 8, 6]);
    assert_eq!(shapes[2], [3, 1, 1, 1, 3, 3, 2, 6]);
}

/// S
#[test]
fn r_262_what_setting_a_batch_or_size_refuses() {
    let it = switched(&batches());
    let rig = &it.rig;
    assert_eq!(it.batch(0), 100_000);
    assert_eq!(it.batch(3), 145_013);
    assert_eq!(
        it.image(4, 6),
        145_012,
        "4 bytes are too few for two values"
    );
    let set = |id, dataset, index| acl!(rig.aclmdlSetDynamicBatchSize(id, dataset, index, 1));
    assert_eq!(set(it.id, std::ptr::null_mut(), it.index), 100_000);
    assert_eq!(set(it.id, it.input, 9), 100_000);
    assert_eq!(set(it.id + 1, it.input, it.index), 145_003);
    let (buffer, address) = rig.nth(it.input, it.index);
    assert_eq!(acl!(rig.aclUpdateDataBuffer(buffer, address, 3)), 0);
    assert_eq!(it.batch(1), 145_012);
    assert_eq!(acl!(rig.aclUpdateDataBuffer(buffer, NULL, 0)), 0);
    assert_eq!(it.batch(1), 100_000, "no memory");
    let it = switched(&images());
    assert_eq!(it.image(4, 0), 100_000);
    assert_eq!(it.image(6, 4), 145_013);
    assert_eq!(it.batch(4), 145_013, "the other kind of gears");
    let rig = Rig::new();
    let id = rig.load(&Told::shapes("x:1,3,4,6").file(&pooled()));
    let input = rig.inputs(rig.describe(id));
    let code = acl!(rig.aclmdlSetDynamicBatchSize(id, input, 1, 1));
    assert_eq!(code, 145_013, "a model without gears");
}

/// S, but for models of a second runtime (200001), which there are none of here.
#[test]
fn r_264_current_dims_of_an_output_that_there_is_not_are_100000() {
    let it = switched(&batches());
    let mut answer = dims(&[]);
    let ask = |desc, index, answer| acl!(it.aclmdlGetCurOutputDims(desc, index, answer));
    assert_eq!(ask(std::ptr::null_mut(), 0, &raw mut answer), 100_000);
    assert_eq!(ask(it.desc, 0, std::ptr::null_mut()), 100_000);
    for index in [2, 3, usize::MAX] {
        assert_eq!(current(&it, it.desc, index), Err(100_000), "{index}");
    }
    assert!(current(&it, it.desc, 1).is_ok());
}

/// SD
#[test]
fn r_263_what_setting_dims_refuses() {
    let it = switched(&any());
    assert_eq!(it.dims(&[]), 100_000);
    assert_eq!(it.dims(&[1, 1, 1, 1, 1, 3, 4]), 145_012, "one is missing");
    assert_eq!(
        it.dims(&[1, 1, 1, 1, 1, 4, 4, 6]),
        145_012,
        "a fixed one differs"
    );
    assert_eq!(it.dims(&[1, 1, 1, 1, 2, 3, 4, 6]), 145_013, "no gear");
    let (id, index) = (it.id, it.index);
    let null = std::ptr::null();
    assert_eq!(
        acl!(it.aclmdlSetInputDynamicDims(id, it.input, index, null)),
        100_000
    );
    let too_many = aclmdlIODims {
        dimCount: 129,
        ..dims(&[])
    };
    let too_many = &raw const too_many;
    assert_eq!(
        acl!(it.aclmdlSetInputDynamicDims(id, it.input, index, too_many)),
        100_000
    );
    assert_eq!(it.dims(&[3, 1, 1, 1, 3, 3, 2, 6]), 0);
}

/// S
#[test]
fn the_values_are_written_for_the_device_to_read() {
    let it = switched(&images());
    let (buffer, address) = it.rig.nth(it.input, it.index);
    assert_eq!(it.image(8, 4), 0);
    assert_eq!(it.rig.download(address, 8), [8, 0, 0, 0, 4, 0, 0, 0]);
    let wide = it.rig.malloc(16);
    assert_eq!(acl!(it.aclUpdateDataBuffer(buffer, wide, 16)), 0);
    assert_eq!(it.image(4, 6), 0);
    let mut expected = [0; 16];
    (expected[0], expected[8]) = (4, 6);
    assert_eq!(it.rig.download(wide, 16), expected);
    // Only the values of free axes.
    let it = switched(&any());
    assert_eq!(it.dims(&[2, 1, 1, 1, 2, 3, 8, 6]), 0);
    let address = it.rig.nth(it.input, it.index).1;
    assert_eq!(
        it.rig.download(address, 12),
        [2, 0, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0]
    );
}

/// S (an unset gear is refused here, while a device reads whatever is in the buffer)
#[test]
fn a_gear_stays_until_it_is_set_again_and_belongs_to_the_dataset() {
    let it = switched(&batches());
    assert_eq!(it.execute(), 145_013, "none was set");
    assert_eq!(
        current(&it.rig, it.desc, 0).unwrap(),
        [4, 3, 2, 3],
        "of the largest"
    );
    assert_eq!(it.batch(2), 0);
    assert_eq!(current(&it.rig, it.desc, 0).unwrap(), [2, 3, 2, 3]);
    assert_eq!(current(&it.rig, it.desc, 1).unwrap(), [0_i64; 0]);
    assert_eq!(current(&it.rig, it.desc, 2), Err(100_000));
    let twice = [it.run([2, 4, 6]), it.run([2, 4, 6])];
    assert_eq!(twice[0], twice[1]);
    let other = it.rig.inputs(it.desc);
    let run = |input| acl!(it.aclmdlExecute(it.id, input, it.output));
    assert_eq!(run(other), 145_013, "the other dataset has none");
}

/// S
#[test]
fn a_dataset_of_another_model_takes_the_first_gear_in_silence() {
    let it = switched(&batches());
    let other = Told::gears("x:-1,3,4,6;bias:-1,1,1,1", Gears::batch("2,3")).file(&pooled());
    let other = it.rig.load(&other);
    assert_eq!(it.batch(4), 0);
    it.rig.put(it.input, 0, &bytes(&numbers(4 * 3 * 4 * 6)));
    it.rig.put(it.input, 1, &bytes(&[0.0; 4]));
    let output = it.rig.outputs(it.rig.describe(other));
    assert_eq!(acl!(it.aclmdlExecute(other, it.input, output)), 0);
    let most = numbers(2 * 3 * 4 * 6).into_iter().fold(f32::MIN, f32::max);
    assert_eq!(
        it.rig.take(output, 1, 1),
        [most],
        "of two pictures, which is its first gear"
    );
}

#[test]
fn buffers_that_are_too_small_for_the_gear_are_refused() {
    let it = switched(&batches());
    let (buffer, address) = it.rig.nth(it.input, 0);
    assert_eq!(acl!(it.aclUpdateDataBuffer(buffer, address, 2 * 288)), 0);
    assert_eq!(it.batch(2), 0);
    it.run([2, 4, 6]);
    assert_eq!(it.batch(4), 0);
    assert_eq!(it.execute(), 145_000);
    assert!(it.rig.message().unwrap().contains("E13025"));
}

/// the work memory of the largest gear, and R-264.
#[test]
fn a_gear_model_has_a_size_and_an_order_of_names() {
    let file = any();
    let om = OmModel::open(&file).unwrap();
    assert_eq!(om.io.shape_order, ["bias", "x"]);
    assert_eq!(om.io.dims_gears, [[1, 1, 4], [2, 2, 8], [3, 3, 2]]);
    assert_eq!(om.io.output_dims[0], "0,0,1,3,2,3");
    assert_eq!(om.io.outputs[0].dims, [2, 3, 4, 3], "of the largest");
    assert!(om.work_bytes() > 0);
    assert_eq!(
        om.model.in_out().gears(),
        om.io.gears(),
        "the graph tells the same"
    );
    assert_eq!(om.model.in_out().output_dims, om.io.output_dims);
    assert_eq!(om.model.in_out().shape_order, om.io.shape_order);
}

#[test]
fn what_atc_refuses_is_refused() {
    let model = pooled();
    let batch = || Gears::batch("1,2");
    for (shapes, gears, expected) in [
        ("", batch(), "E10004"),
        ("x:1~2,3,4,6", batch(), "E10040"),
        ("x:2,3,4,6", batch(), "E10012"),
        ("x:-1,3,-1,6;bias:-1,1,1,1", batch(), "E10018"),
        (
            "x:-1,3,-1,-1;bias:-1,1,1,1",
            Gears::image("4,4;8,8"),
            "E10019",
        ),
        ("x:-1,3,4,6", batch(), "E10004"),
        ("x:-1,-1,4,6;bias:-1,1,1,1", batch(), "dynamic axes"),
        (
            "x:-1,3,4,6;bias:-1,1,1,1",
            Gears::dims("1,2,3;4,5,6"),
            "E10045",
        ),
        ("x:2,3,-1,-1", Gears::image("1,1;2,2"), "gear 0"),
    ] {
        let refusal = Told::gears(shapes, gears).refusal(&model);
        assert!(refusal.contains(expected), "{shapes}: {refusal}");
    }
}

/// S
#[test]
fn r_257_shapes_in_ranges() {
    let rig = Rig::new();
    let id = rig.load(&Told::shapes("x:1~4,3,2~8,6").file(&pooled()));
    let desc = rig.describe(id);
    let mut range = aclmdlIODimsRange {
        rangeCount: 0,
        range: [[0; 2]; 128],
    };
    assert_eq!(
        acl!(rig.aclmdlGetInputDimsRange(desc, 0, &raw mut range)),
        0
    );
    assert_eq!(
        range.range[..range.rangeCount],
        [[1, 4], [3, 3], [2, 8], [6, 6]]
    );
    assert_eq!(
        acl!(rig.aclmdlGetInputDimsRange(desc, 9, &raw mut range)),
        100_000
    );
    assert_eq!(
        acl!(rig.aclmdlGetInputDimsRange(desc, 1, &raw mut range)),
        0
    );
    assert_eq!(range.range[0], [1, -1], "no limit was given");
    let size = |index| acl!(rig.aclmdlGetInputSizeByIndex(desc, index));
    assert_eq!(
        [size(0), size(1)],
        [4 * 3 * 8 * 6 * 4, 0],
        "product of the most, or 0"
    );
    assert_eq!(acl!(rig.aclmdlGetOutputSizeByIndex(desc, 0)), 0);
    assert_eq!(current(&rig, desc, 0), Err(200_001));
    let limited = Told::shapes("x:1~4,3,2~8,6;bias:1~4,1,1,1").file(&pooled());
    let limited = rig.describe(rig.load(&limited));
    let sizes = [0, 1].map(|index| acl!(rig.aclmdlGetOutputSizeByIndex(limited, index)));
    assert_eq!(sizes, [4 * 3 * 4 * 3 * 4, 4], "for the largest inputs");

    let input = acl!(rig.aclmdlCreateDataset());
    rig.add(input, size(0));
    rig.add(input, 16);
    let output = acl!(rig.aclmdlCreateDataset());
    rig.add(output, 4096);
    rig.add(output, 4);
    let shape = |index, dims: &[i64]| {
        let desc = rig.shape(dims);
        assert_eq!(acl!(rig.aclmdlSetDatasetTensorDesc(input, desc, index)), 0);
    };
    shape(1, &[2, 1, 1, 1]);
    for wrong in [[5, 3, 4, 6], [2, 3, 1, 6], [2, 3, 4, 8], [0, 3, 4, 6]] {
        shape(0, &wrong);
        assert_eq!(
            acl!(rig.aclmdlExecute(id, input, output)),
            100_000,
            "{wrong:?}"
        );
    }
    shape(0, &[2, 3, 8, 6]);
    rig.put(input, 0, &bytes(&numbers(2 * 3 * 8 * 6)));
    rig.put(input, 1, &bytes(&numbers(2)));
    assert_eq!(
        acl!(rig.aclmdlExecute(id, input, output)),
        0,
        "{:?}",
        rig.message()
    );
    assert_eq!(rig.told_shape(output), Some(vec![2, 3, 4, 3]));
    let expected = fixed(&pooled(), "x:2,3,8,6", [2, 8, 6]);
    assert_eq!(rig.take(output, 0, 72), expected.0);
}

#[test]
fn a_range_for_a_fixed_axis_is_refused() {
    let refusal = Told::shapes("x:1~4,1~3,4,6").refusal(&pooled());
    assert!(
        refusal.contains("axis 1 of input `x` is 3 in the model"),
        "{refusal}"
    );
}

/// The queued way takes the gear that is set when it is queued.
#[test]
fn a_queued_run_takes_its_gear_along() {
    let it = switched(&batches());
    let rig = &it.rig;
    let stream = made!(rig.aclrtCreateStream());
    rig.put(it.input, 0, &bytes(&numbers(4 * 3 * 4 * 6)));
    rig.put(it.input, 1, &bytes(&numbers(4)));
    assert_eq!(it.batch(2), 0);
    let gate = rig.block(stream);
    assert_eq!(
        acl!(rig.aclmdlExecuteAsync(it.id, it.input, it.output, stream)),
        0
    );
    assert_eq!(it.batch(4), 0);
    rig.open(gate);
    assert_eq!(rig.synchronize(stream), 0);
    let most = numbers(2 * 3 * 4 * 6).into_iter().fold(f32::MIN, f32::max);
    assert_eq!(rig.take(it.output, 1, 1), [most]);
}
