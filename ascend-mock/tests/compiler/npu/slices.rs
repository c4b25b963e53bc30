use super::*;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = vec![slice("a slice", [1, 0, 2], [1, -1, 2], [1, 3, 2], |at| {
        [at[0] + 1, at[1], at[2] + 2]
    })];
    let full = || {
        [
            ("begins", vec![0, 0, 0]),
            ("ends", vec![2, 3, 4]),
            ("strides", vec![1, 1, 1]),
        ]
    };
    let with = |changes: &[(&'static str, Vec<i64>)]| {
        let mut lists = full();
        for (name, list) in changes {
            lists
                .iter_mut()
                .find(|(key, _)| key == name)
                .expect("it is there")
                .1
                .clone_from(list);
        }
        lists
    };
    cases.push(indexing("all", &full(), &[], &[2, 3, 4], |at| {
        [at[0], at[1], at[2]]
    }));
    cases.push(indexing(
        "steps, backwards",
        &with(&[
            ("begins", vec![0, -1, 3]),
            ("ends", vec![1, 0, 0]),
            ("strides", vec![1, -2, -1]),
        ]),
        &[("end_mask", 0b110)],
        &[1, 2, 4],
        |at| [0, 2 - 2 * at[1], 3 - at[2]],
    ));
    cases.push(indexing(
        "backwards from the end",
        &with(&[
            ("begins", vec![9, 1, 1]),
            ("ends", vec![0, 9, 9]),
            ("strides", vec![-1, 1, 2]),
        ]),
        &[("begin_mask", 0b001), ("end_mask", 0b101)],
        &[2, 2, 2],
        |at| [1 - at[0], at[1] + 1, 1 + 2 * at[2]],
    ));
    cases.push(indexing(
        "axes dropped and added",
        &[
            ("begins", vec![-1, 0, 1]),
            ("ends", vec![0, 0, 3]),
            ("strides", vec![1, 1, 1]),
        ],
        &[("shrink_axis_mask", 0b001), ("new_axis_mask", 0b010)],
        &[1, 2, 4],
        |at| [1, at[1] + 1, at[2]],
    ));
    cases.push(indexing(
        "behind an ellipsis",
        &[
            ("begins", vec![0, 0, 1]),
            ("ends", vec![0, 0, 3]),
            ("strides", vec![1, 1, 1]),
        ],
        &[("ellipsis_mask", 0b001), ("new_axis_mask", 0b010)],
        &[2, 3, 1, 2],
        |at| [at[0], at[1], at[3] + 1],
    ));
    cases.push(indexing(
        "around an ellipsis",
        &[
            ("begins", vec![1, 0, 2]),
            ("ends", vec![2, 0, 3]),
            ("strides", vec![1, 1, 1]),
        ],
        &[("ellipsis_mask", 0b010), ("shrink_axis_mask", 0b101)],
        &[3],
        |at| [1, at[0], 2],
    ));
    cases
}

/// Gives the elements of `[2, 3, 4]` at the places that `from` gives for the places of the result.
fn taken(x: &[f64], dims: &[usize], from: fn(&[usize]) -> [usize; 3]) -> Vec<Expected> {
    let count = dims.iter().product();
    let at = |index: usize| {
        let mut rest = index;
        let mut place = vec![0; dims.len()];
        for (axis, &extent) in dims.iter().enumerate().rev() {
            place[axis] = rest % extent;
            rest /= extent;
        }
        let [a, b, c] = from(&place);
        x[a * 12 + b * 4 + c]
    };
    vec![expected(dims, (0..count).map(at).collect())]
}

fn case(name: &'static str, op_type: &'static str) -> Case {
    Case {
        name,
        op_type,
        attributes: Vec::new(),
        inputs: vec![floats(&[2, 3, 4], (0..24).map(f64::from).collect())],
        formula: Box::new(|_| Vec::new()),
        half_tolerance: 1e-3,
    }
}

fn slice(
    name: &'static str,
    offsets: [i64; 3],
    sizes: [i64; 3],
    dims: [usize; 3],
    from: fn(&[usize]) -> [usize; 3],
) -> Case {
    Case {
        attributes: vec![
            Attribute::ints("offsetss", offsets),
            Attribute::ints("sizes", sizes),
        ],
        formula: Box::new(move |inputs| taken(&inputs[0], &dims, from)),
        ..case(name, "NPUSlice")
    }
}

fn indexing(
    name: &'static str,
    lists: &[(&'static str, Vec<i64>)],
    masks: &[(&'static str, i64)],
    dims: &'static [usize],
    from: fn(&[usize]) -> [usize; 3],
) -> Case {
    let lists = lists
        .iter()
        .map(|(name, list)| Attribute::ints(name, list.clone()));
    let masks = masks.iter().map(|&(name, mask)| Attribute::int(name, mask));
    Case {
        attributes: lists.chain(masks).collect(),
        formula: Box::new(move |inputs| taken(&inputs[0], dims, from)),
        ..case(name, "NPUIndexing")
    }
}
