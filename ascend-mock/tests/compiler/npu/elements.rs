use super::*;

pub(super) fn cases() -> Vec<Case> {
    [activations(), normalisations(), others()]
        .into_iter()
        .flatten()
        .collect()
}

fn case(name: &'static str, op_type: &'static str) -> Case {
    Case {
        name,
        op_type,
        attributes: Vec::new(),
        inputs: vec![floats(&[2, 3, 4], noise(24, 3, -4.0, 4.0))],
        formula: Box::new(|_| Vec::new()),
        half_tolerance: 1e-3,
    }
}

fn each(function: fn(f64) -> f64) -> Formula {
    Box::new(move |inputs| {
        let y = inputs[0].iter().map(|&x| function(x)).collect();
        vec![expected(&[2, 3, 4], y)]
    })
}

/// By its series, which is exact enough below 6.
fn erf(x: f64) -> f64 {
    if x.abs() > 6.0 {
        return x.signum();
    }
    let (mut term, mut sum) = (x, x);
    for n in 1..200 {
        let n = f64::from(n);
        term *= -x * x / n;
        sum += term / (2.0 * n + 1.0);
    }
    sum * 2.0 / std::f64::consts::PI.sqrt()
}

fn gelu(x: f64) -> f64 {
    0.5 * x * (1.0 + erf(x / std::f64::consts::SQRT_2))
}

fn gelu_tanh(x: f64) -> f64 {
    0.5 * x * (1.0 + (std::f64::consts::FRAC_2_PI.sqrt() * (x + 0.044_715 * x.powi(3))).tanh())
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn activations() -> Vec<Case> {
    let wide = || vec![floats(&[2, 3, 4], noise(24, 5, -60.0, 60.0))];
    let mut cases = vec![
        Case {
            formula: each(|x| x * (0.851 * (x - x.abs())).exp() / (1.0 + (-1.702 * x.abs()).exp())),
            ..case("fast gelu", "NPUFastGelu")
        },
        Case {
            formula: each(gelu),
            ..case("gelu", "NPUGeluV2")
        },
        Case {
            attributes: vec![Attribute::string("approximate", "tanh")],
            formula: each(gelu_tanh),
            ..case("gelu by tanh", "NPUGeluV2")
        },
        Case {
            inputs: wide(),
            formula: each(|x| x * (x.max(0.0) + (-x.abs()).exp().ln_1p()).tanh()),
            ..case("mish", "NPUMish")
        },
    ];
    for (name, op_type, axis, approximate, left) in [
        ("geglu", "NPUGeGlu", -1, 1, 0),
        ("geglu on the left, exact", "NPUGeGlu", 0, 0, 1),
        ("geglu as registered", "NPUGeglu", 2, 1, 1),
    ] {
        cases.push(Case {
            attributes: vec![
                Attribute::int("dim", axis),
                Attribute::int("approximate", approximate),
                Attribute::int("activate_left", left),
            ],
            formula: Box::new(move |inputs| {
                let (mut y, mut activated) = (Vec::new(), Vec::new());
                let dims = if axis == 0 { [1, 3, 4] } else { [2, 3, 2] };
                for place in 0..12 {
                    let (a, b) = if axis == 0 {
                        (place, place + 12)
                    } else {
                        (place / 2 * 4 + place % 2, place / 2 * 4 + place % 2 + 2)
                    };
                    let (a, b) = (inputs[0][a], inputs[0][b]);
                    let (plain, other) = if left == 1 { (b, a) } else { (a, b) };
                    let other = if approximate == 1 {
                        gelu_tanh(other)
                    } else {
                        gelu(other)
                    };
                    y.push(plain * other);
                    activated.push(other);
                }
                vec![expected(&dims, y), expected(&dims, activated)]
            }),
            ..case(name, op_type)
        });
    }
    cases
}

/// Normalises groups of `size` elements by their root mean square.
fn rms(x: &[f64], gamma: &[f64], epsilon: f64) -> (Vec<f64>, Vec<f64>) {
    let (mut y, mut rstds) = (Vec::new(), Vec::new());
    for row in x.chunks(gamma.len()) {
        let mean = row.iter().map(|x| x * x).sum::<f64>()
            / f64::from(u8::try_from(gamma.len()).expect("few"));
        let rstd = 1.0 / (mean + epsilon).sqrt();
        y.extend(row.iter().zip(gamma).map(|(x, gamma)| x * rstd * gamma));
        rstds.push(rstd);
    }
    (y, rstds)
}

fn group_norm_silu(name: &'static str, weights: [Given; 2], key: &str) -> Case {
    let [gamma, beta] = weights;
    Case {
        attributes: vec![Attribute::int(key, 2), Attribute::float("eps", 1e-3)],
        inputs: vec![floats(&[2, 4, 3], noise(24, 9, -4.0, 4.0)), gamma, beta],
        formula: Box::new(|inputs| {
            let (mut y, mut means, mut rstds) = (Vec::new(), Vec::new(), Vec::new());
            for (group, x) in inputs[0].chunks(6).enumerate() {
                let mean = x.iter().sum::<f64>() / 6.0;
                let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 6.0;
                let rstd = 1.0 / (variance + 1e-3).sqrt();
                for (place, x) in x.iter().enumerate() {
                    let channel = group % 2 * 2 + place / 3;
                    let gamma = inputs[1].get(channel).copied().unwrap_or(1.0);
                    let beta = inputs[2].get(channel).copied().unwrap_or(0.0);
                    let z = (x - mean) * rstd * gamma + beta;
                    y.push(z * sigmoid(z));
                }
                means.push(mean);
                rstds.push(rstd);
            }
            vec![
                expected(&[2, 4, 3], y),
                expected(&[2, 2], means),
                expected(&[2, 2], rstds),
            ]
        }),
        half_tolerance: 2e-3,
        ..case(name, "NPUGroupNormSilu")
    }
}

fn normalisations() -> Vec<Case> {
    let x = || floats(&[2, 3, 4], noise(24, 3, -4.0, 4.0));
    let weights = |seed| floats(&[4], noise(4, seed, -1.0, 2.0));
    let summed = |op_type| Case {
        attributes: vec![Attribute::float("epsilon", 1e-2)],
        inputs: vec![x(), floats(&[2, 3, 4], noise(24, 4, -4.0, 4.0)), weights(1)],
        formula: Box::new(|inputs| {
            let sum: Vec<_> = inputs[0]
                .iter()
                .zip(&inputs[1])
                .map(|(a, b)| a + b)
                .collect();
            let (y, rstd) = rms(&sum, &inputs[2], 1e-2);
            let rstd = typed(DataType::F32, &[2, 3, 1], rstd);
            vec![expected(&[2, 3, 4], y), rstd, expected(&[2, 3, 4], sum)]
        }),
        ..case("rms norm of a sum", op_type)
    };
    let mut cases = vec![
        Case {
            inputs: vec![x(), weights(1)],
            formula: Box::new(|inputs| {
                let (y, rstd) = rms(&inputs[0], &inputs[1], 1e-6);
                vec![
                    expected(&[2, 3, 4], y),
                    typed(DataType::F32, &[2, 3, 1], rstd),
                ]
            }),
            ..case("rms norm", "NPURmsNorm")
        },
        Case {
            inputs: vec![x(), floats(&[3, 4], noise(12, 2, -1.0, 2.0))],
            formula: Box::new(|inputs| {
                let (y, rstd) = rms(&inputs[0], &inputs[1], 1e-6);
                vec![
                    expected(&[2, 3, 4], y),
                    typed(DataType::F32, &[2, 1, 1], rstd),
                ]
            }),
            ..case("rms norm of two axes", "NPURmsNorm")
        },
        summed("NPURmsNorm"),
        summed("NPUAddRmsNorm"),
        group_norm_silu("group norm", [weights(6), weights(7)], "group"),
        group_norm_silu(
            "group norm without weights",
            [absent(), absent()],
            "num_groups",
        ),
    ];
    for (name, mask) in [
        (
            "masked softmax",
            given(DataType::Bool, &[1, 1, 4], vec![0.0, 1.0, 0.0, 0.0]),
        ),
        ("softmax with no mask", given(DataType::Bool, &[0], vec![])),
    ] {
        let hidden = !mask.elements.is_empty();
        cases.push(Case {
            attributes: vec![
                Attribute::float("scale", 0.5),
                Attribute::int("fixed_triu_mask", 0),
            ],
            inputs: vec![x(), mask],
            formula: Box::new(move |inputs| {
                let mut y = Vec::new();
                for row in inputs[0].chunks(4) {
                    let power = |(place, x): (usize, &f64)| {
                        if hidden && place == 1 {
                            0.0
                        } else {
                            (x * 0.5).exp()
                        }
                    };
                    let powers: Vec<_> = row.iter().enumerate().map(power).collect();
                    let sum: f64 = powers.iter().sum();
                    y.extend(powers.iter().map(|power| power / sum));
                }
                vec![expected(&[2, 3, 4], y)]
            }),
            half_tolerance: 5e-3,
            ..case(name, "NPUScaledMaskedSoftmax")
        });
    }
    cases
}

fn others() -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, axis) in [("one hot", -1), ("one hot along the first axis", 0)] {
        cases.push(Case {
            attributes: vec![
                Attribute::int("num_classes", axis),
                Attribute::int("depth", 5),
                Attribute::int("on_value", 3),
                Attribute::int("off_value", -2),
            ],
            inputs: vec![given(
                DataType::I64,
                &[2, 3],
                vec![-1.0, 0.0, 5.0, 2.0, 4.0, 1.0],
            )],
            formula: Box::new(move |inputs| {
                let mut y = vec![-2.0; 30];
                for (place, &index) in inputs[0].iter().enumerate() {
                    for depth in 0..5_u8 {
                        if (f64::from(depth) - index).abs() < 0.5 {
                            let depth = usize::from(depth);
                            y[if axis == 0 {
                                depth * 6 + place
                            } else {
                                place * 5 + depth
                            }] = 3.0;
                        }
                    }
                }
                let dims = if axis == 0 { [5, 2, 3] } else { [2, 3, 5] };
                vec![typed(DataType::F32, &dims, y)]
            }),
            ..case(name, "NPUOneHot")
        });
    }
    for (name, mode, step) in [("rotary", "half", 3), ("rotary in pairs", "interleave", 1)] {
        cases.push(Case {
            attributes: vec![Attribute::string("rotary_mode", mode)],
            inputs: vec![
                floats(&[1, 2, 2, 6], noise(24, 1, -2.0, 2.0)),
                floats(&[1, 1, 2, 6], noise(12, 2, -1.0, 1.0)),
                floats(&[1, 1, 2, 6], noise(12, 3, -1.0, 1.0)),
            ],
            formula: Box::new(move |inputs| {
                let turned = |place: usize| {
                    let within = place % 6;
                    let is_low = if step == 3 {
                        within < 3
                    } else {
                        within.is_multiple_of(2)
                    };
                    if is_low {
                        -inputs[0][place + step]
                    } else {
                        inputs[0][place - step]
                    }
                };
                let y = |place: usize| {
                    inputs[0][place] * inputs[1][place % 12] + turned(place) * inputs[2][place % 12]
                };
                vec![expected(&[1, 2, 2, 6], (0..24).map(y).collect())]
            }),
            half_tolerance: 2e-3,
            ..case(name, "NPURotaryMul")
        });
    }
    cases.push(Case {
        attributes: vec![
            Attribute::int("acl_format", 29),
            Attribute::int("customize_dtype", 1),
        ],
        formula: each(|x| x),
        ..case("a private layout", "NPUFormatCast")
    });
    cases.push(Case {
        // 3 is int32 in AscendCL's numbering.
        attributes: vec![Attribute::int("dtype", 3)],
        formula: Box::new(|inputs| {
            let y = inputs[0].iter().map(|x| x.trunc()).collect();
            vec![typed(DataType::I32, &[2, 3, 4], y)]
        }),
        ..case("a cast", "NPUDtypeCast")
    });
    cases
}
