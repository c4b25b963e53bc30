//! Seeded random ResNet weights, the same in every language: each element is a splitmix64 number
//! of its tensor's name and its place.

/// Mixed into the hash of each tensor's name.
const SEED: u64 = 0x5EED_2024;

/// The tensors of torchvision's ResNet-50 with their recipe's values, in the order of its state
/// dict: name, shape, elements.
pub(crate) fn resnet50() -> Vec<(String, Vec<usize>, Vec<f32>)> {
    let mut tensors = Vec::new();
    convolution(&mut tensors, "conv1", &[64, 3, 7, 7]);
    normalisation(&mut tensors, "bn1", 64, false);
    let mut input = 64;
    for (stage, blocks) in [3, 4, 6, 3].into_iter().enumerate() {
        let width = 64 << stage;
        for block in 0..blocks {
            let name = format!("layer{}.{block}", stage + 1);
            convolution(
                &mut tensors,
                &format!("{name}.conv1"),
                &[width, input, 1, 1],
            );
            normalisation(&mut tensors, &format!("{name}.bn1"), width, false);
            convolution(
                &mut tensors,
                &format!("{name}.conv2"),
                &[width, width, 3, 3],
            );
            normalisation(&mut tensors, &format!("{name}.bn2"), width, false);
            convolution(
                &mut tensors,
                &format!("{name}.conv3"),
                &[width * 4, width, 1, 1],
            );
            normalisation(&mut tensors, &format!("{name}.bn3"), width * 4, true);
            if block == 0 {
                convolution(
                    &mut tensors,
                    &format!("{name}.downsample.0"),
                    &[width * 4, input, 1, 1],
                );
                normalisation(
                    &mut tensors,
                    &format!("{name}.downsample.1"),
                    width * 4,
                    false,
                );
            }
            input = width * 4;
        }
    }
    let bound = (3.0 / 2048.0_f64).sqrt();
    push(&mut tensors, "fc.weight", &[1000, 2048], -bound, bound);
    push(&mut tensors, "fc.bias", &[1000], -0.1, 0.1);
    tensors
}

/// The same for ResNet-18.
pub(crate) fn resnet18() -> Vec<(String, Vec<usize>, Vec<f32>)> {
    let mut tensors = Vec::new();
    convolution(&mut tensors, "conv1", &[64, 3, 7, 7]);
    normalisation(&mut tensors, "bn1", 64, false);
    let mut input = 64;
    for stage in 0..4 {
        let width = 64 << stage;
        for block in 0..2 {
            let name = format!("layer{}.{block}", stage + 1);
            convolution(
                &mut tensors,
                &format!("{name}.conv1"),
                &[width, input, 3, 3],
            );
            normalisation(&mut tensors, &format!("{name}.bn1"), width, false);
            convolution(
                &mut tensors,
                &format!("{name}.conv2"),
                &[width, width, 3, 3],
            );
            normalisation(&mut tensors, &format!("{name}.bn2"), width, true);
            if input != width {
                convolution(
                    &mut tensors,
                    &format!("{name}.downsample.0"),
                    &[width, input, 1, 1],
                );
                normalisation(&mut tensors, &format!("{name}.downsample.1"), width, false);
            }
            input = width;
        }
    }
    let bound = (3.0 / 512.0_f64).sqrt();
    push(&mut tensors, "fc.weight", &[1000, 512], -bound, bound);
    push(&mut tensors, "fc.bias", &[1000], -0.1, 0.1);
    tensors
}

type Tensors = Vec<(String, Vec<usize>, Vec<f32>)>;

fn convolution(tensors: &mut Tensors, name: &str, shape: &[usize; 4]) {
    let fan_in: usize = shape[1..].iter().product();
    let bound = 3.0_f64.sqrt() * 2.0_f64.sqrt() / (fan_in as f64).sqrt();
    push(tensors, &format!("{name}.weight"), shape, -bound, bound);
}

fn normalisation(tensors: &mut Tensors, name: &str, channels: usize, is_last: bool) {
    let (low, high) = if is_last { (0.15, 0.35) } else { (0.6, 1.2) };
    push(tensors, &format!("{name}.weight"), &[channels], low, high);
    push(tensors, &format!("{name}.bias"), &[channels], -0.2, 0.2);
    push(
        tensors,
        &format!("{name}.running_mean"),
        &[channels],
        -0.3,
        0.3,
    );
    push(
        tensors,
        &format!("{name}.running_var"),
        &[channels],
        0.5,
        1.7,
    );
}

fn push(tensors: &mut Tensors, name: &str, shape: &[usize], low: f64, high: f64) {
    let seed = name.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    }) ^ SEED;
    let values = (0..shape.iter().product::<usize>() as u64).map(|place| {
        let unit = (splitmix(seed.wrapping_add(place)) >> 11) as f64 * 2.0_f64.powi(-53);
        #[allow(clippy::cast_possible_truncation, reason = "the recipe rounds once")]
        let value = (low + (high - low) * unit) as f32;
        value
    });
    tensors.push((name.to_owned(), shape.to_vec(), values.collect()));
}

fn splitmix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
