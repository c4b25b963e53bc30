//! Numbers of devices: the program's own, which are called user ids, and the machine's.

use crate::abi::pointers::Place;
use crate::entry::Entry;
use crate::fault::Fault;

/// The number that is called logical here is that of the program.
pub(in crate::abi) unsafe fn aclrtGetLogicDevIdByPhyDevId(
    call: &Entry<'_>,
    phyDevId: i32,
    logicDevId: *mut i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("logicDevId", logicDevId) }?;
    place.set(call.user_number(phyDevId)?);
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtGetLogicDevIdByUserDevId(
    call: &Entry<'_>,
    userDevid: i32,
    logicDevId: *mut i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("logicDevId", logicDevId) }?;
    place.set(call.machine_number(userDevid)?);
    Ok(())
}

/// The number that is called logical here is that of the program.
pub(in crate::abi) unsafe fn aclrtGetPhyDevIdByLogicDevId(
    call: &Entry<'_>,
    logicDevId: i32,
    phyDevId: *mut i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("phyDevId", phyDevId) }?;
    place.set(call.machine_number(logicDevId)?);
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtGetPhyDevIdByUserDevId(
    call: &Entry<'_>,
    userDevId: i32,
    phyDevId: *mut i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("phyDevId", phyDevId) }?;
    place.set(call.machine_number(userDevId)?);
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtGetUserDevIdByLogicDevId(
    call: &Entry<'_>,
    logicDevId: i32,
    userDevid: *mut i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("userDevid", userDevid) }?;
    place.set(call.user_number(logicDevId)?);
    Ok(())
}

pub(in crate::abi) unsafe fn aclrtGetUserDevIdByPhyDevId(
    call: &Entry<'_>,
    phyDevId: i32,
    userDevId: *mut i32,
) -> Result<(), Fault> {
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("userDevId", userDevId) }?;
    place.set(call.user_number(phyDevId)?);
    Ok(())
}
