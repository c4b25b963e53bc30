//! Checkpoints to a device.

use ascend_rt::weights::Checkpoint;
use ascend_rt::{Acl, Context, DeviceBuffer, ErrorKind, MockConfig, Uploader};

use crate::common::torch_zip::{dict, floats, pickle, tensor, zip};

pub(crate) fn context() -> Context {
    Acl::mock(MockConfig::default())
        .unwrap()
        .device(0)
        .unwrap()
        .context()
}

/// Sources of all lengths around those of the stages, more than once through all of them.
#[test]
fn uploads_what_is_there() {
    let context = context();
    let mut uploader = Uploader::new(&context).unwrap();
    let lens = [
        0,
        1,
        63,
        64,
        65,
        (1 << 20) - 1,
        1 << 20,
        (1 << 20) + 1,
        9_000_001,
        5,
    ];
    let sources: Vec<Vec<u8>> = (1..)
        .zip(lens)
        .map(|(seed, len): (usize, usize)| (0..len).map(|i| (i * seed % 251) as u8).collect())
        .collect();
    for _ in 0..2 {
        let mut targets: Vec<DeviceBuffer<u8>> = lens
            .iter()
            .map(|&len| DeviceBuffer::new(&context, len).unwrap())
            .collect();
        uploader.upload(sources.iter().zip(&mut targets)).unwrap();
        for (source, target) in sources.iter().zip(&targets) {
            assert!(
                *source == target.to_vec().unwrap(),
                "{} bytes",
                source.len()
            );
        }
    }
    let mut short = DeviceBuffer::<u8>::new(&context, 3).unwrap();
    let error = uploader.upload([([0u8; 4], &mut short)]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Shape);
}

#[test]
fn uploads_tensors_of_a_checkpoint() {
    let context = context();
    let object = dict(&[
        ("w", tensor("0", 6, &[2, 3], &[3, 1])),
        ("t", tensor("0", 6, &[3, 2], &[1, 3])),
    ]);
    let data = floats(&[0., 1., 2., 3., 4., 5.]);
    let file = zip(&[("a/data.pkl", &pickle(&object)), ("a/data/0", &data)]);
    let checkpoint = Checkpoint::from_bytes(file).unwrap();
    let mut targets: Vec<DeviceBuffer<f32>> = checkpoint
        .tensors()
        .map(|tensor| DeviceBuffer::new(&context, tensor.len()).unwrap())
        .collect();
    let sources = checkpoint.tensors().map(|tensor| tensor.bytes());
    let mut uploader = Uploader::new(&context).unwrap();
    uploader.upload(sources.zip(&mut targets)).unwrap();
    for (tensor, target) in checkpoint.tensors().zip(&targets) {
        assert_eq!(tensor.to_f32().unwrap(), target.to_vec().unwrap());
    }
}
