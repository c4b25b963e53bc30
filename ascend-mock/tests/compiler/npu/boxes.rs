use super::*;

pub(super) fn cases() -> Vec<Case> {
    [overlaps(), suppressions(), alignments()]
        .into_iter()
        .flatten()
        .collect()
}

fn case(name: &'static str, op_type: &'static str) -> Case {
    Case {
        name,
        op_type,
        attributes: Vec::new(),
        inputs: Vec::new(),
        formula: Box::new(|_| Vec::new()),
        half_tolerance: 5e-3,
    }
}

/// Boxes of left, top, right and bottom, on whole numbers so that float16 holds them.
fn boxes(count: usize, seed: u32) -> Vec<f64> {
    let corners = noise(count * 2, seed, 0.0, 20.0);
    let sizes = noise(count * 2, seed + 1, 4.0, 16.0);
    let of = |place: usize| {
        let [x, y] = [0, 1].map(|axis| corners[place * 2 + axis].round());
        let [w, h] = [0, 1].map(|axis| sizes[place * 2 + axis].round());
        [x, y, x + w, y + h]
    };
    (0..count).flat_map(of).collect()
}

fn area(x: &[f64]) -> f64 {
    (x[2] - x[0]) * (x[3] - x[1])
}

fn shared(a: &[f64], b: &[f64]) -> f64 {
    let side = |axis: usize| (a[axis + 2].min(b[axis + 2]) - a[axis].max(b[axis])).max(0.0);
    side(0) * side(1)
}

fn iou(a: &[f64], b: &[f64]) -> f64 {
    let shared = shared(a, b);
    shared / (area(a) + area(b) - shared)
}

fn overlaps() -> Vec<Case> {
    let of_mode = |name, mode| Case {
        attributes: vec![Attribute::int("mode", mode)],
        inputs: vec![floats(&[5, 4], boxes(5, 1)), floats(&[3, 4], boxes(3, 2))],
        formula: Box::new(move |inputs| {
            let mut y = Vec::new();
            for other in inputs[1].chunks(4) {
                for own in inputs[0].chunks(4) {
                    y.push(if mode == 0 {
                        iou(own, other)
                    } else {
                        shared(own, other) / area(other)
                    });
                }
            }
            vec![expected(&[3, 5], y)]
        }),
        ..case(name, "NPUIou")
    };
    let halves = Case {
        inputs: vec![
            floats(&[2, 4], vec![0., 0., 10., 10., 0., 0., 0., 0.]),
            floats(&[1, 4], vec![0., 0., 10., 5.]),
        ],
        formula: Box::new(|_| vec![expected(&[1, 2], vec![0.5, 0.0])]),
        ..case("a half and nothing", "NPUIou")
    };
    vec![
        of_mode("intersection over union", 0),
        of_mode("over the foreground", 1),
        halves,
    ]
}

/// Greedy suppression for each class, then the best of all classes.
fn suppressed(boxes: &[f64], scores: &[f64], kinds: usize) -> [Vec<f64>; 4] {
    const BOXES: usize = 8;
    const CLASSES: usize = 2;
    let mut out = [const { Vec::new() }; 4];
    for batch in 0..2 {
        let mut all = Vec::new();
        for class in 0..CLASSES {
            let corner = |anchor: usize| {
                let place = ((batch * BOXES + anchor) * kinds + class.min(kinds - 1)) * 4;
                &boxes[place..place + 4]
            };
            let score = |anchor: usize| scores[(batch * BOXES + anchor) * CLASSES + class];
            let mut order: Vec<_> = (0..BOXES).filter(|&anchor| score(anchor) > 0.3).collect();
            order.sort_by(|&a, &b| score(b).total_cmp(&score(a)));
            let mut kept: Vec<usize> = Vec::new();
            for anchor in order {
                if kept.len() < 3
                    && kept
                        .iter()
                        .all(|&other| iou(corner(anchor), corner(other)) <= 0.4)
                {
                    kept.push(anchor);
                }
            }
            let row = |anchor: usize| (score(anchor), corner(anchor).to_vec(), class);
            all.extend(kept.into_iter().map(row));
        }
        all.sort_by(|a, b| b.0.total_cmp(&a.0));
        all.truncate(4);
        out[3].push(f64::from(u8::try_from(all.len()).expect("few")));
        all.resize(4, (0.0, vec![0.0; 4], 0));
        for (score, corner, class) in all {
            out[0].extend(corner);
            out[1].push(score);
            out[2].push(f64::from(u8::try_from(class).expect("few")));
        }
    }
    out
}

fn suppressions() -> Vec<Case> {
    // Sixteenths with a unique part each, so that float16 holds them and no two are equal.
    let scores = |seed| {
        let step = |place: u8| {
            f64::from((place.wrapping_mul(37) ^ seed) % 64) / 64.0 + f64::from(place) / 1024.0
        };
        (0..32).map(step).collect()
    };
    let of_kinds = |name, kinds: usize, seed| Case {
        attributes: vec![
            Attribute::float("score_threshold", 0.3),
            Attribute::float("iou_threshold", 0.4),
            Attribute::int("max_size_per_class", 3),
            Attribute::int("max_total_size", 4),
            Attribute::int("change_coordinate_frame", 0),
            Attribute::int("transpose_box", 0),
        ],
        inputs: vec![
            floats(&[2, 8, kinds, 4], boxes(16 * kinds, u32::from(seed))),
            floats(&[2, 8, 2], scores(seed)),
        ],
        formula: Box::new(move |inputs| {
            let [boxes, scores, classes, count] = suppressed(&inputs[0], &inputs[1], kinds);
            vec![
                expected(&[2, 4, 4], boxes),
                expected(&[2, 4], scores),
                expected(&[2, 4], classes),
                typed(DataType::I32, &[2], count),
            ]
        }),
        half_tolerance: 1e-3,
        ..case(name, "NPUBatchNms")
    };
    let nothing = Case {
        attributes: vec![
            Attribute::float("score_threshold", 0.5),
            Attribute::float("iou_threshold", 0.4),
            Attribute::int("max_size_per_class", 3),
            Attribute::int("max_total_size", 2),
        ],
        inputs: vec![
            floats(&[1, 4, 1, 4], boxes(4, 3)),
            floats(&[1, 4, 1], vec![0.5, 0.1, 0.2, 0.3]),
        ],
        formula: Box::new(|_| {
            vec![
                expected(&[1, 2, 4], vec![0.0; 8]),
                expected(&[1, 2], vec![0.0; 2]),
                expected(&[1, 2], vec![0.0; 2]),
                typed(DataType::I32, &[1], vec![0.0]),
            ]
        }),
        ..case("nothing is good enough", "NPUBatchNms")
    };
    vec![
        of_kinds("shared boxes", 1, 5),
        of_kinds("boxes of classes", 2, 11),
        nothing,
    ]
}

/// One plane of 6 × 7, sampled at a place.
fn bilinear(plane: &[f64], y: f64, x: f64) -> f64 {
    if !(-1.0..=6.0).contains(&y) || !(-1.0..=7.0).contains(&x) {
        return 0.0;
    }
    let (y, x) = (y.clamp(0.0, 5.0), x.clamp(0.0, 6.0));
    let mut sum = 0.0;
    for (place, value) in plane.iter().enumerate() {
        let [row, column] =
            [place / 7, place % 7].map(|at| f64::from(u8::try_from(at).expect("small")));
        sum += value * (1.0 - (y - row).abs()).max(0.0) * (1.0 - (x - column).abs()).max(0.0);
    }
    sum
}

fn alignments() -> Vec<Case> {
    let attributes = |mode, samples, size: [i64; 2]| {
        vec![
            Attribute::float("spatial_scale", 0.25),
            Attribute::int("pooled_height", size[0]),
            Attribute::int("pooled_width", size[1]),
            Attribute::int("sample_num", samples),
            Attribute::int("roi_end_mode", mode),
        ]
    };
    let ramp = Case {
        attributes: attributes(0, 2, [3, 3]),
        inputs: vec![
            floats(&[1, 1, 6, 6], (1..=36).map(f64::from).collect()),
            floats(&[1, 5], vec![0., -2., -2., 22., 22.]),
        ],
        formula: Box::new(|_| {
            let y = vec![4.5, 6.5, 8.5, 16.5, 18.5, 20.5, 28.5, 30.5, 32.5];
            vec![expected(&[1, 1, 3, 3], y)]
        }),
        ..case("the documented ramp", "NPURoiAlign")
    };
    let mut cases = vec![ramp];
    for (name, mode, samples) in [
        ("from edge to edge", 0, 2_u8),
        ("ends one farther", 1, 2),
        ("from centre to centre", 2, 3),
        ("from centre to centre, one at least", 3, 1),
    ] {
        cases.push(Case {
            attributes: attributes(mode, samples.into(), [2, 3]),
            inputs: vec![
                floats(&[2, 2, 6, 7], noise(168, 8, -4.0, 4.0)),
                floats(
                    &[3, 5],
                    vec![
                        1., 2., 3., 21., 17., 0., -9., 4., 40., 6., 1., 5., 5., 6., 7.,
                    ],
                ),
            ],
            formula: Box::new(move |inputs| {
                let mut out = Vec::new();
                for roi in inputs[1].chunks(5) {
                    let planes = if roi[0] == 0.0 {
                        &inputs[0][..84]
                    } else {
                        &inputs[0][84..]
                    };
                    let end = if mode == 1 { 1.0 } else { 0.0 };
                    let shift = if mode >= 2 { 0.5 } else { 0.0 };
                    let side = |axis: usize| {
                        let low = roi[1 + axis] * 0.25 - shift;
                        let size = (roi[3 + axis] + end) * 0.25 - shift - low;
                        (low, if mode == 2 { size } else { size.max(1.0) })
                    };
                    let ((x0, width), (y0, height)) = (side(0), side(1));
                    for plane in planes.chunks(42) {
                        for place in 0..6_u8 {
                            let (row, column) = (place / 3, place % 3);
                            let mut sum = 0.0;
                            for sample in 0..samples * samples {
                                let at = |cell: u8, sample: u8, cells: f64| {
                                    (f64::from(cell)
                                        + (f64::from(sample) + 0.5) / f64::from(samples))
                                        / cells
                                };
                                let y = y0 + height * at(row, sample / samples, 2.0);
                                let x = x0 + width * at(column, sample % samples, 3.0);
                                sum += bilinear(plane, y, x);
                            }
                            out.push(sum / f64::from(samples * samples));
                        }
                    }
                }
                vec![expected(&[3, 2, 2, 3], out)]
            }),
            ..case(name, "NPURoiAlign")
        });
    }
    cases
}
