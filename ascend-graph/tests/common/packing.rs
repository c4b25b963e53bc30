//! Weights in the layouts of a device, made as the description of the format says it, word for word.
#![allow(dead_code, reason = "each test file uses its own part of what is here")]

use ascend_graph::DataType;
use ascend_graph::om::{
    AttrDef, Constant, Container, GraphDef, Header, ModelDef, OmModel, OpDef, PartitionKind,
    ShapeDef, TensorDef, TensorDescriptor,
};
use ascend_graph::{ErrorKind, Rope};
use bytes::Bytes;
use prost::Message;

/// A constant as a file tells it.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) dtype: DataType,
    pub(crate) layout: &'static str,
    pub(crate) dims: Vec<i64>,
    /// Origin layout and shape.
    pub(crate) origin: Option<(&'static str, Vec<i64>)>,
    pub(crate) format_number: Option<i64>,
    pub(crate) packed: Vec<u8>,
}

impl Case {
    pub(crate) fn new(
        name: &'static str,
        layout: &'static str,
        dims: &[i64],
        packed: Vec<u8>,
    ) -> Self {
        Self {
            name,
            dtype: DataType::F16,
            layout,
            dims: dims.to_vec(),
            origin: None,
            format_number: None,
            packed,
        }
    }

    pub(crate) fn origin(mut self, layout: &'static str, dims: &[i64]) -> Self {
        self.origin = Some((layout, dims.to_vec()));
        self
    }

    pub(crate) fn layout(mut self, layout: &'static str) -> Self {
        self.layout = layout;
        self
    }

    pub(crate) fn dims(mut self, dims: &[i64]) -> Self {
        self.dims = dims.to_vec();
        self
    }

    fn descriptor(&self) -> TensorDescriptor {
        let mut attr = std::collections::BTreeMap::new();
        if let Some((layout, dims)) = &self.origin {
            attr.insert("origin_format".to_owned(), (*layout).into());
            attr.insert("origin_shape".to_owned(), AttrDef::ints(dims.clone()));
        }
        if let Some(number) = self.format_number {
            attr.insert("format_for_int".to_owned(), number.into());
        }
        TensorDescriptor {
            dtype: self.dtype.ge_code().expect("an .om can name the type"),
            shape: Some(ShapeDef {
                dim: self.dims.clone(),
            }),
            layout: self.layout.to_owned(),
            weight_size: i64::try_from(self.packed.len()).expect("few bytes"),
            data_offset: 512,
            attr,
            ..TensorDescriptor::default()
        }
    }

    /// The constant, read from a file.
    pub(crate) fn constant(&self) -> Constant {
        let weights = [&[0; 512], &self.packed[..]].concat();
        constant_of(self.descriptor(), weights)
    }

    pub(crate) fn refusal(&self) -> (ErrorKind, String) {
        let error = self.constant().unpack().expect_err(self.name);
        (error.kind(), error.to_string())
    }
}

pub(crate) fn constant_of(descriptor: TensorDescriptor, weights: Vec<u8>) -> Constant {
    let value = TensorDef {
        desc: Some(descriptor),
        data: Bytes::new(),
    };
    let op = OpDef {
        name: "w".to_owned(),
        r#type: "Const".to_owned(),
        attr: [("value".to_owned(), value.into())].into(),
        ..OpDef::default()
    };
    let model = ModelDef {
        graph: vec![GraphDef {
            op: vec![op],
            ..GraphDef::default()
        }],
        ..ModelDef::default()
    };
    let parts = [
        (PartitionKind::MODEL_DEF, model.encode_to_vec().into()),
        (PartitionKind::WEIGHTS_DATA, Rope::from(weights)),
    ];
    let file = Container::write(Header::new("w"), &parts).to_bytes();
    let model = OmModel::open(&file).expect("the file is sound");
    let [constant] = model.constants.as_slice() else {
        panic!("{:?}", model.constants)
    };
    constant.clone()
}

/// Elements that differ, with the plain ones in order.
pub(crate) fn plain(count: usize, size: usize) -> Vec<u8> {
    (1..=count)
        .flat_map(|element| element.to_le_bytes()[..size].to_vec())
        .collect()
}

/// Puts elements of a plain tensor where a layout wants them.
pub(crate) fn pack(
    plain: &[u8],
    size: usize,
    packed: usize,
    place: impl Fn(usize) -> usize,
) -> Vec<u8> {
    let mut bytes = vec![0; packed * size];
    for (element, value) in plain.chunks(size).enumerate() {
        let at = place(element) * size;
        assert!(bytes[at..at + size].iter().all(|&byte| byte == 0), "twice");
        bytes[at..at + size].copy_from_slice(value);
    }
    bytes
}

/// The position of an element on each axis.
pub(crate) fn position<const N: usize>(mut element: usize, dims: [usize; N]) -> [usize; N] {
    let mut position = [0; N];
    for axis in (0..N).rev() {
        position[axis] = element % dims[axis];
        element /= dims[axis];
    }
    position
}

/// The number of the element at a position.
pub(crate) fn element<const N: usize>(position: [usize; N], dims: [usize; N]) -> usize {
    position.into_iter().zip(dims).fold(0, |all, (at, dim)| {
        assert!(at < dim);
        all * dim + at
    })
}

pub(crate) fn signed<const N: usize>(dims: [usize; N]) -> Vec<i64> {
    dims.iter()
        .map(|&dim| i64::try_from(dim).expect("small extents"))
        .collect()
}

fn lcm(a: usize, b: usize) -> usize {
    let all = (1..=b).map(|factor| a * factor);
    all.filter(|all| all.is_multiple_of(b)).min().unwrap_or(0)
}

/// How the format's description says it, word for word: the constant and its plain elements.
pub(crate) fn fractal_z(
    dims: [usize; 4],
    groups: usize,
    size: usize,
    c0: usize,
) -> (Case, Vec<u8>) {
    const N0: usize = 16;
    let [outputs, channels, height, width] = dims;
    let cout = outputs / groups;
    let shared = lcm(lcm(channels, c0) / channels, lcm(cout, N0) / cout).min(groups);
    let (all_channels, all_outputs) = (
        (shared * channels).div_ceil(c0) * c0,
        (shared * cout).div_ceil(N0) * N0,
    );
    let blocks = [
        groups.div_ceil(shared),
        all_channels / c0,
        height,
        width,
        all_outputs / N0,
        N0,
        c0,
    ];
    let plain = plain(dims.iter().product(), size);
    let packed = pack(&plain, size, blocks.iter().product(), |number| {
        let [n, c, h, w] = position(number, dims);
        let (group, n) = (n / cout, n % cout);
        let (c, n) = ((group % shared) * channels + c, (group % shared) * cout + n);
        element(
            [group / shared, c / c0, h, w, n / N0, n % N0, c % c0],
            blocks,
        )
    });
    let stored = [blocks[0] * blocks[1] * height * width, blocks[4], N0, c0];
    let case = Case::new("FRACTAL_Z", "FRACTAL_Z", &signed(stored), packed);
    (case.origin("NCHW", &signed(dims)), plain)
}

pub(crate) fn check(case: &Case, dims: &[i64], expected: &[u8]) {
    let constant = case.constant();
    assert_eq!(
        constant.bytes().expect("its bytes are there"),
        case.packed,
        "{}",
        case.name
    );
    let plain = constant
        .unpack()
        .unwrap_or_else(|error| panic!("{}: {error}", case.name));
    assert_eq!((plain.dtype, plain.dims.as_slice()), (case.dtype, dims));
    assert_eq!(plain.data, expected, "{}", case.name);
}

/// Checks that constants are refused, and how.
pub(crate) fn check_refusals<'a>(cases: impl IntoIterator<Item = (Case, ErrorKind, &'a str)>) {
    for (case, kind, expected) in cases {
        let (found, message) = case.refusal();
        assert!(
            message.starts_with("constant `w`: ") && message.contains(expected),
            "{}: {message}",
            case.name
        );
        assert_eq!(found, kind, "{message}");
        assert!(message.len() < 300, "{message}");
    }
}
