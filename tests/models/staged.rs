//! Runs of a session on what lies in its staging.

use ascend_graph::Gears as Asked;
use ascend_rt::ErrorKind;

use super::made::{Rig, Told, doubled, numbers};

#[test]
fn a_session_keeps_what_it_holds_when_it_refuses_a_run() {
    let rig = Rig::new();
    let om = Told::gears("x:-1,3", Asked::batch("1,2")).om(&doubled("x", 2));
    let mut session = rig.session(&om);
    let error = session.run_staged().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{error}");
    let x = numbers(&[2, 3]);
    session.run(&[(&x).into()]).unwrap();
    let error = session.run(&[(&numbers(&[3, 3])).into()]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Shape, "{error}");
    let outputs = session.run_staged().unwrap();
    assert_eq!(outputs.array::<f32>(0).unwrap(), &x + &x);
}
