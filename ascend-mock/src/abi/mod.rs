//! The C functions: from C's arguments to calls of [`Entry`](crate::entry::Entry), and back.
//!
//! Every function exists once for each slot. They are thin: checks of pointers that C may get
//! wrong are here, rules are not.

#![allow(non_snake_case, reason = "the functions bear their C names")]
#![allow(
    clippy::match_bool,
    reason = "two named statuses read better side by side"
)]

mod data;
mod description;
mod device;
mod memory;
mod model;
mod pointers;
mod stream;
mod system;

use ascend_sys::AclApi;

use crate::slots::SLOTS;

/// The functions of every slot.
pub(crate) static TABLES: [AclApi; SLOTS] = [
    table::<0>(),
    table::<1>(),
    table::<2>(),
    table::<3>(),
    table::<4>(),
    table::<5>(),
    table::<6>(),
    table::<7>(),
    table::<8>(),
    table::<9>(),
    table::<10>(),
    table::<11>(),
    table::<12>(),
    table::<13>(),
    table::<14>(),
    table::<15>(),
];

/// Puts functions of a module into a table.
macro_rules! fill {
    ($table:ident, $slot:ident, $($module:ident: $($symbol:ident)*;)*) => {
        $($($table.$symbol = Some($module::$symbol::<$slot>);)*)*
    };
}

const fn table<const SLOT: usize>() -> AclApi {
    let mut table = AclApi::EMPTY;
    fill! { table, SLOT,
        system:
            aclInit aclFinalize aclFinalizeReference aclrtGetVersion aclrtGetSocName
            aclrtGetRunMode aclrtGetLastError aclrtPeekAtLastError aclGetRecentErrMsg
            aclDataTypeSize aclFloatToFloat16 aclFloat16ToFloat;
        device:
            aclrtGetDeviceCount aclrtSetDevice aclrtGetDevice aclrtResetDevice
            aclrtResetDeviceForce aclrtSynchronizeDevice aclrtSynchronizeDeviceWithTimeout
            aclrtCreateContext aclrtDestroyContext aclrtSetCurrentContext aclrtGetCurrentContext
            aclrtCtxGetCurrentDefaultStream;
        stream:
            aclrtCreateStream aclrtCreateStreamWithConfig aclrtDestroyStream
            aclrtDestroyStreamForce aclrtSynchronizeStream aclrtSynchronizeStreamWithTimeout
            aclrtStreamQuery aclrtStreamGetId aclrtStreamWaitEvent aclrtCreateEvent
            aclrtCreateEventWithFlag aclrtCreateEventExWithFlag aclrtDestroyEvent
            aclrtRecordEvent aclrtResetEvent aclrtQueryEvent aclrtQueryEventStatus
            aclrtSynchronizeEvent aclrtSynchronizeEventWithTimeout aclrtEventElapsedTime;
        memory:
            aclrtMalloc aclrtMallocAlign32 aclrtMallocCached aclrtFree aclrtMallocHost
            aclrtFreeHost aclrtMemcpy aclrtMemcpyAsync aclrtMemset aclrtMemsetAsync
            aclrtGetMemInfo aclrtPointerGetAttributes;
        data:
            aclCreateDataBuffer aclDestroyDataBuffer aclGetDataBufferAddr aclGetDataBufferSize
            aclGetDataBufferSizeV2 aclUpdateDataBuffer aclCreateTensorDesc aclDestroyTensorDesc
            aclGetTensorDescType aclGetTensorDescFormat aclGetTensorDescSize
            aclGetTensorDescElementCount aclGetTensorDescNumDims aclGetTensorDescDim
            aclGetTensorDescDimV2 aclmdlCreateDataset aclmdlDestroyDataset
            aclmdlAddDatasetBuffer aclmdlGetDatasetNumBuffers aclmdlGetDatasetBuffer
            aclmdlSetDatasetTensorDesc aclmdlGetDatasetTensorDesc;
        model:
            aclmdlLoadFromFile aclmdlLoadFromMem aclmdlUnload aclmdlQuerySize
            aclmdlQuerySizeFromMem aclmdlExecute aclmdlExecuteAsync;
        description:
            aclmdlCreateDesc aclmdlDestroyDesc aclmdlGetDesc aclmdlGetDescFromFile
            aclmdlGetDescFromMem aclmdlGetNumInputs aclmdlGetNumOutputs
            aclmdlGetInputSizeByIndex aclmdlGetOutputSizeByIndex aclmdlGetInputDims
            aclmdlGetInputDimsV2 aclmdlGetOutputDims aclmdlGetCurOutputDims
            aclmdlGetInputNameByIndex aclmdlGetOutputNameByIndex aclmdlGetInputIndexByName
            aclmdlGetOutputIndexByName aclmdlGetInputFormat aclmdlGetOutputFormat
            aclmdlGetInputDataType aclmdlGetOutputDataType aclmdlGetTensorRealName
            aclmdlGetDynamicBatch aclmdlGetDynamicHW aclmdlGetInputDynamicGearCount;
    }
    table
}
