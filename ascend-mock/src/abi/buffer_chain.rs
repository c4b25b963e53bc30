//! Shared buffers, by the names that they have in `libascendcl`.

use std::ffi::*;

use ascend_sys::*;

use super::shared_buffer::*;
use crate::entry::Entry;
use crate::fault::Fault;

pub(super) unsafe fn aclrtAllocBuf(
    call: &Entry<'_>,
    buf: *mut aclrtMbuf,
    size: usize,
) -> Result<(), Fault> {
    let normal = acltdtAllocBufType::ACL_TDT_NORMAL_MEM.0;
    // SAFETY: as the C function demands.
    unsafe { acltdtAllocBuf(call, size, normal, buf) }
}

/// The functions that do what others do that have another name.
macro_rules! same {
    ($($symbol:ident as $other:ident($($argument:ident: $kind:ty),*);)*) => {
        $(pub(super) unsafe fn $symbol(
            call: &Entry<'_>,
            $($argument: $kind),*
        ) -> Result<(), Fault> {
            // SAFETY: both C functions demand the same.
            unsafe { $other(call, $($argument),*) }
        })*
    };
}

same! {
    aclrtFreeBuf as acltdtFreeBuf(buf: aclrtMbuf);
    aclrtAppendBufChain as acltdtAppendBufChain(headBuf: aclrtMbuf, buf: aclrtMbuf);
    aclrtCopyBufRef as acltdtCopyBufRef(buf: aclrtMbuf, newBuf: *mut aclrtMbuf);
    aclrtGetBufChainNum as acltdtGetBufChainNum(headBuf: aclrtMbuf, num: *mut u32);
    aclrtGetBufData as
        acltdtGetBufData(buf: aclrtMbuf, dataPtr: *mut *mut c_void, size: *mut usize);
    aclrtGetBufDataLen as acltdtGetBufDataLen(buf: aclrtMbuf, len: *mut usize);
    aclrtSetBufDataLen as acltdtSetBufDataLen(buf: aclrtMbuf, len: usize);
    aclrtGetBufFromChain as
        acltdtGetBufFromChain(headBuf: aclrtMbuf, index: u32, buf: *mut aclrtMbuf);
    aclrtGetBufUserData as
        acltdtGetBufUserData(buf: aclrtMbuf, dataPtr: *mut c_void, size: usize, offset: usize);
    aclrtSetBufUserData as
        acltdtSetBufUserData(buf: aclrtMbuf, dataPtr: *const c_void, size: usize, offset: usize);
}
