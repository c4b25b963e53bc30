//! Models that contradict themselves.

use ascend_graph::Gears;
use ascend_mock::MockConfig;
use ascend_rt::{Acl, ErrorKind, Model, Session};
use ascend_sys::{aclError, aclmdlBatch, aclmdlDesc};

use super::made::{Rig, Told, doubled, numbers, run};

/// `om` with other numbers in its list of inputs and outputs.
fn with(om: &[u8], own: &[i64], other: &[i64]) -> Vec<u8> {
    let bytes = |numbers: &[i64]| -> Vec<u8> {
        let numbers = numbers.iter().map(|number| number.to_le_bytes());
        numbers.flatten().collect()
    };
    let (own, other) = (bytes(own), bytes(other));
    let place = om.windows(own.len()).position(|part| part == own);
    let place = place.unwrap();
    let mut om = om.to_vec();
    om[place..][..other.len()].copy_from_slice(&other);
    om
}

#[test]
fn limits_beyond_the_bytes_are_refused() {
    let rig = Rig::new();
    let om = Told::shapes("x:1~8,3").om(&doubled("x", 2));
    let om = with(&om, &[1, 8, 3, 3], &[1, 9, 3, 3]);
    let error = Session::new(rig.model(&om).unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Shape);
    assert_eq!(
        error.to_string(),
        "the model contradicts itself: x float32 [1~9, 3] ND takes 108 bytes as [9, 3], and 96 by \
         its own word; convert it again"
    );
    rig.end();
}

#[test]
fn an_input_beyond_the_bytes_is_refused() {
    let rig = Rig::new();
    let om = Told::shapes("x:1~8,3").om(&doubled("x", 2));
    let om = with(&om, &[1, 8, 3, 3], &[1, -1, 3, 3]);
    let mut session = rig.session(&om);
    for n in [8, 2] {
        let x = numbers(&[n, 3]);
        assert_eq!(run(&mut session, &[&x]).unwrap(), [&x + &x]);
        let error = run(&mut session, &[&numbers(&[9, 3])]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Shape);
        assert_eq!(
            error.to_string(),
            "x [9, 3] takes 108 bytes, more than the 96 bytes that the model tells of: convert it \
             again"
        );
    }
    drop(session);
    rig.end();
}

/// Gears of one value, whatever the model's are.
unsafe extern "C" fn a_batch_of_four(_: *const aclmdlDesc, place: *mut aclmdlBatch) -> aclError {
    let gears = aclmdlBatch {
        batchCount: 1,
        batch: [4; 128],
    };
    // SAFETY: the caller has a place for the answer.
    unsafe { place.write(gears) };
    0
}

#[test]
fn more_open_dimensions_than_a_gear_has_values_are_refused() {
    let (mut api, lease) = ascend_mock::lease(MockConfig::default()).unwrap();
    api.aclmdlGetDynamicBatch = Some(a_batch_of_four);
    // SAFETY: the CPU device keeps to AscendCL's rules, and so does the function above.
    let acl = unsafe { Acl::from_api(api) }.unwrap();
    let context = acl.device(0).unwrap().context();
    let om = Told::gears("x:-1,-1,5", Gears::dims("1,2;4,3")).om(&doubled("x", 3));
    let error = Model::from_bytes(&context, &om).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Format);
    let says = "more dimensions of input x float32 [?, ?, 5] ND vary than the 1 that a gear";
    assert!(error.to_string().contains(says), "{error}");
    drop((context, acl));
    assert!(lease.ledger().is_empty(), "{}", lease.ledger());
}
