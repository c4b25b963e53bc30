//! Weights of `.om` files: layouts of the device undone.

mod common;
#[path = "common/packing.rs"]
mod packing;

use ascend_graph::DataType;
use ascend_graph::om::{OmModel, Place};
use common::fixture;
use packing::{Case, check, element, fractal_z, pack, plain, position, signed};

#[test]
fn fractal_z_is_undone() {
    for dims in [
        [1, 1, 1, 1],
        [16, 16, 1, 1],
        [17, 33, 3, 3],
        [5, 3, 7, 7],
        [40, 20, 1, 5],
    ] {
        let (case, expected) = fractal_z(dims, 1, 2, 16);
        check(&case, &signed(dims), &expected);
        // As the first compilers do: the plain shape, and nothing of an origin; with a margin.
        let mut old = case.clone();
        (old.origin, old.dims) = (None, signed(dims));
        check(&old, &signed(dims), &expected);
        old.packed.extend([0; 32]);
        check(&old, &signed(dims), &expected);
        let (mut bytes, expected) = fractal_z(dims, 1, 1, 32);
        bytes.dtype = DataType::I8;
        check(&bytes, &signed(dims), &expected);
        bytes.dims.clone_from(&bytes.origin.as_ref().unwrap().1);
        check(&bytes, &signed(dims), &expected);
        let (mut wide, expected) = fractal_z(dims, 1, 4, 8);
        wide.dtype = DataType::F32;
        check(&wide, &signed(dims), &expected);
        wide.format_number = Some(0x0400_0004);
        check(&wide, &signed(dims), &expected);
    }
}

#[test]
fn fractal_z_of_a_dense_layer_is_undone() {
    let (case, expected) = fractal_z([40, 100, 1, 1], 1, 2, 16);
    check(
        &case.clone().origin("NCHW", &[40, 100]),
        &[40, 100],
        &expected,
    );
    let turned = case.origin("NCHW", &[100, 40]);
    let (_, message) = turned.refusal();
    assert!(
        message.contains("has the shape [7, 3, 16, 16], but [100, 40] takes"),
        "{message}"
    );
}

#[test]
fn grouped_fractal_z_is_undone() {
    for (dims, groups, layout) in [
        ([96, 1, 3, 3], 96, "FRACTAL_Z:96"),
        ([16, 4, 3, 3], 4, "FRACTAL_Z:4"),
        ([24, 5, 1, 2], 3, "FRACTAL_Z:3"),
        ([64, 32, 1, 1], 2, "FRACTAL_Z:2"),
        ([21, 2, 3, 3], 7, "FRACTAL_Z:7"),
    ] {
        let (mut case, expected) = fractal_z(dims, groups, 2, 16);
        (case.name, case.layout) = (layout, layout);
        check(&case, &signed(dims), &expected);
        case.layout = "FRACTAL_Z";
        case.format_number = Some(0x0500_0004 | i64::try_from(groups).unwrap() << 8);
        check(&case, &signed(dims), &expected);
    }
}

type Order = fn([usize; 4]) -> [usize; 4];

#[test]
fn the_origin_can_have_its_axes_in_another_order() {
    let (n, c, h, w) = (18, 5, 3, 2);
    let (case, _) = fractal_z([n, c, h, w], 1, 2, 16);
    let orders: [(&str, Order); 3] = [
        ("NHWC", |[n, c, h, w]| [n, h, w, c]),
        ("HWCN", |[n, c, h, w]| [h, w, c, n]),
        ("CHWN", |[n, c, h, w]| [c, h, w, n]),
    ];
    for (layout, order) in orders {
        let dims = order([n, c, h, w]);
        let expected = plain(n * c * h * w, 2);
        let mut in_order = vec![0; expected.len()];
        for number in 0..n * c * h * w {
            let to = number * 2;
            let from = 2 * element(order(position(number, [n, c, h, w])), dims);
            in_order[to..to + 2].copy_from_slice(&expected[from..from + 2]);
        }
        let (packed, _) = fractal_z([n, c, h, w], 1, 2, 16);
        // The elements of the plain tensor in NCHW order, packed as above.
        let mut moved = packed.packed.clone();
        for value in moved.chunks_mut(2) {
            let number = usize::from(u16::from_le_bytes([value[0], value[1]]));
            if number > 0 {
                value.copy_from_slice(&in_order[2 * number - 2..2 * number]);
            }
        }
        let mut case = case.clone().origin(layout, &signed(dims));
        case.packed = moved;
        check(&case, &signed(dims), &expected);
    }
}

#[test]
fn fractal_nz_is_undone() {
    for (matrices, rows, columns) in [(1, 16, 16), (1, 17, 40), (3, 5, 33), (1, 1, 20)] {
        for (dtype, size, c0) in [(DataType::F16, 2, 16), (DataType::I8, 1, 32)] {
            let expected = plain(matrices * rows * columns, size);
            let blocks = [matrices, columns.div_ceil(c0), rows.div_ceil(16), 16, c0];
            let packed = pack(&expected, size, blocks.iter().product(), |number| {
                let [matrix, row, column] = position(number, [matrices, rows, columns]);
                element(
                    [matrix, column / c0, row / 16, row % 16, column % c0],
                    blocks,
                )
            });
            let mut origin = signed([matrices, rows, columns]);
            let mut stored = signed(blocks);
            if matrices == 1 {
                origin.remove(0);
                stored.remove(0);
            }
            let case = Case::new("FRACTAL_NZ", "FRACTAL_NZ", &stored, packed);
            let mut case = case.origin("ND", &origin);
            case.dtype = dtype;
            check(&case, &origin, &expected);
            if rows == 1 {
                check(
                    &case.clone().origin("ND", &origin[1..]),
                    &origin[1..],
                    &expected,
                );
            }
        }
    }
}

#[test]
fn nc1hwc0_is_undone() {
    for dims in [[1, 16, 1, 1], [1, 136, 1, 1], [3, 20, 2, 5]] {
        let [n, c, h, w] = dims;
        for (dtype, size, c0) in [
            (DataType::F16, 2, 16),
            (DataType::I8, 1, 32),
            (DataType::F32, 4, 16),
        ] {
            let expected = plain(n * c * h * w, size);
            let blocks = [n, c.div_ceil(c0), h, w, c0];
            let packed = pack(&expected, size, blocks.iter().product(), |number| {
                let [n, c, h, w] = position(number, dims);
                element([n, c / c0, h, w, c % c0], blocks)
            });
            let case = Case::new("NC1HWC0", "NC1HWC0", &signed(blocks), packed);
            let mut case = case.origin("NCHW", &signed(dims));
            case.dtype = dtype;
            check(&case, &signed(dims), &expected);
            if n * h * w == 1 {
                let vector = case.clone().origin("ND", &signed([c]));
                check(&vector, &signed([c]), &expected);
            }
            if c0 * size == 32 {
                (case.origin, case.dims) = (None, signed(dims));
                check(&case, &signed(dims), &expected);
            }
        }
    }
}

#[test]
fn plain_layouts_stay_as_they_are() {
    for layout in ["ND", "NCHW", "NHWC", "HWCN", "NCDHW"] {
        let elements = plain(24, 2);
        let case = Case::new(layout, layout, &[2, 3, 4], elements.clone());
        check(&case, &[2, 3, 4], &elements);
    }
    let mut halves = Case::new("int4", "ND", &[3], vec![0x21, 0x03]);
    halves.dtype = DataType::I4;
    check(&halves, &[3], &[0x21, 0x03]);
    let scalar = Case::new("scalar", "ND", &[], vec![1, 2]);
    check(&scalar, &[], &[1, 2]);
    // Nothing is there, and nothing is missing.
    check(&Case::new("none", "ND", &[0, 5], vec![]), &[0, 5], &[]);
    let huge = Case::new("none", "FRACTAL_Z", &[0, 1 << 40, 1 << 40, 1], vec![]);
    check(&huge, &[0, 1 << 40, 1 << 40, 1], &[]);
}

#[test]
fn real_weights_in_blocks_are_undone() {
    let Some(file) = fixture("om/hilens_landmark68.om") else {
        return;
    };
    let model = OmModel::open(&file).unwrap();
    assert_eq!(model.constants.len(), 12);
    for constant in &model.constants {
        let Place::Weights { length, .. } = constant.place else {
            panic!("{constant:?}")
        };
        let (packed, plain) = (constant.bytes().unwrap(), constant.unpack().unwrap());
        assert_eq!(i64::try_from(packed.len()), Ok(length));
        // Only zeros are left out: the elements that are not zero are the same ones.
        let sorted = |bytes: &[u8]| {
            let values = bytes.chunks(2).map(|value| [value[0], value[1]]);
            let mut values: Vec<_> = values.filter(|value| *value != [0, 0]).collect();
            values.sort_unstable();
            values
        };
        assert_eq!(sorted(&packed), sorted(&plain.data), "{}", constant.name);
        let count: i64 = plain.dims.iter().product();
        assert_eq!(i64::try_from(plain.data.len()), Ok(count * 2));
    }
    let dense = &model.constants[1];
    assert_eq!(
        (dense.layout.as_str(), &dense.dims[..2]),
        ("FRACTAL_Z", &[136, 100][..])
    );
    let (packed, plain) = (dense.bytes().unwrap(), dense.unpack().unwrap().data);
    for (n, c) in [(0, 0), (1, 0), (17, 3), (135, 99)] {
        let from = 2 * ((c / 16 * 9 + n / 16) * 256 + n % 16 * 16 + c % 16);
        let to = 2 * (n * 100 + c);
        assert_eq!(
            packed[from..from + 2],
            plain[to..to + 2],
            "output {n}, channel {c}"
        );
    }
}
