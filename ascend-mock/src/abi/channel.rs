//! Channels that pass tensors on.

use std::ffi::*;

use ascend_sys::*;

use super::pointers::{Place, array, handle, opaque, text};
use crate::channel::{Data, Dataset, Item, Parcel};
use crate::entry::Entry;
use crate::fault::Fault;
use crate::memory::is_beyond_host;
use crate::model::Span;
use crate::sync::lock;

pub(super) unsafe fn acltdtCreateDataItem(
    call: &Entry<'_>,
    tdtType: acltdtTensorType,
    dims: *const i64,
    dimNum: usize,
    dataType: aclDataType,
    data: *mut c_void,
    size: usize,
) -> Result<*mut acltdtDataItem, Fault> {
    // SAFETY: NULL, or as many dims as the caller says.
    let dims = unsafe { array("dims", dims, dimNum) }?;
    let item = Item::new(tdtType, dims, dataType, Span::new(data, size))?;
    let items = &call.world.channels.items;
    Ok(opaque(items.insert(call.origin, |_| item).0))
}

pub(super) unsafe fn acltdtDestroyDataItem(
    call: &Entry<'_>,
    dataItem: *mut acltdtDataItem,
) -> Result<(), Fault> {
    call.world
        .channels
        .destroy_item(handle("dataItem", dataItem)?)
}

/// The functions that answer a fact of an item.
macro_rules! item_facts {
    ($($symbol:ident -> $kind:ty, |$item:ident| $fact:expr;)*) => {
        $(pub(super) unsafe fn $symbol(
            call: &Entry<'_>,
            dataItem: *const acltdtDataItem,
        ) -> Result<$kind, Fault> {
            let $item = call.world.channels.items.get(handle("dataItem", dataItem)?)?;
            Ok($fact)
        })*
    };
}

item_facts! {
    acltdtGetTensorTypeFromItem -> acltdtTensorType, |item| item.kind;
    acltdtGetDataTypeFromItem -> aclDataType, |item| item.dtype;
    acltdtGetDataSizeFromItem -> usize, |item| item.data.bytes();
    acltdtGetDimNumFromItem -> usize, |item| item.dims.len();
    acltdtGetDataAddrFromItem -> *mut c_void, |item| match &item.data {
        Data::Program(span) => span.pointer(),
        Data::Received(bytes) => bytes.as_ptr().cast_mut().cast(),
    };
}

pub(super) unsafe fn acltdtGetDimsFromItem(
    call: &Entry<'_>,
    dataItem: *const acltdtDataItem,
    dims: *mut i64,
    dimNum: usize,
) -> Result<(), Fault> {
    let item = call
        .world
        .channels
        .items
        .get(handle("dataItem", dataItem)?)?;
    if dimNum < item.dims.len() {
        return Err(Fault::argument(format!(
            "the item has {} dims, there is room for {dimNum}",
            item.dims.len()
        )));
    }
    if dims.is_null() != (dimNum == 0) {
        return Err(Fault::argument("dims and dimNum do not fit together"));
    }
    for (index, dim) in item.dims.iter().enumerate() {
        // SAFETY: the caller has room for as many dims, which was found to be enough.
        unsafe { dims.wrapping_add(index).write(*dim) };
    }
    Ok(())
}

/// Items are sent as a whole.
pub(super) unsafe fn acltdtGetSliceInfoFromItem(
    call: &Entry<'_>,
    dataItem: *const acltdtDataItem,
    sliceNum: *mut usize,
    sliceId: *mut usize,
) -> Result<(), Fault> {
    call.world
        .channels
        .items
        .get(handle("dataItem", dataItem)?)?;
    // SAFETY: NULL, or a place for the answer.
    let count = unsafe { Place::new("sliceNum", sliceNum) }?;
    // SAFETY: as above.
    let number = unsafe { Place::new("sliceId", sliceId) }?;
    count.set(0);
    number.set(0);
    Ok(())
}

pub(super) unsafe fn acltdtCreateDataset(call: &Entry<'_>) -> Result<*mut acltdtDataset, Fault> {
    let datasets = &call.world.channels.datasets;
    Ok(opaque(
        datasets.insert(call.origin, |_| Dataset::default()).0,
    ))
}

pub(super) unsafe fn acltdtDestroyDataset(
    call: &Entry<'_>,
    dataset: *mut acltdtDataset,
) -> Result<(), Fault> {
    call.world
        .channels
        .destroy_dataset(handle("dataset", dataset)?)
}

pub(super) unsafe fn acltdtAddDataItem(
    call: &Entry<'_>,
    dataset: *mut acltdtDataset,
    dataItem: *mut acltdtDataItem,
) -> Result<(), Fault> {
    let dataset = handle("dataset", dataset)?;
    call.world
        .channels
        .add_item(dataset, handle("dataItem", dataItem)?)
}

pub(super) unsafe fn acltdtGetDataItem(
    call: &Entry<'_>,
    dataset: *const acltdtDataset,
    index: usize,
) -> Result<*mut acltdtDataItem, Fault> {
    let dataset = call
        .world
        .channels
        .datasets
        .get(handle("dataset", dataset)?)?;
    let items = lock(&dataset.items);
    let item = items.get(index).copied().ok_or_else(|| {
        Fault::argument(format!(
            "the dataset has {} items, no item {index}",
            items.len()
        ))
    })?;
    Ok(opaque(item))
}

pub(super) unsafe fn acltdtGetDatasetSize(
    call: &Entry<'_>,
    dataset: *const acltdtDataset,
) -> Result<usize, Fault> {
    let dataset = call
        .world
        .channels
        .datasets
        .get(handle("dataset", dataset)?)?;
    Ok(lock(&dataset.items).len())
}

/// The name lives until the dataset receives something of another channel.
pub(super) unsafe fn acltdtGetDatasetName(
    call: &Entry<'_>,
    dataset: *const acltdtDataset,
) -> Result<*const c_char, Fault> {
    let dataset = call
        .world
        .channels
        .datasets
        .get(handle("dataset", dataset)?)?;
    Ok(lock(&dataset.name).as_ptr())
}

pub(super) unsafe fn acltdtCreateChannel(
    call: &Entry<'_>,
    deviceId: u32,
    name: *const c_char,
) -> Result<*mut acltdtChannelHandle, Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let name = unsafe { text("name", name) }?;
    Ok(opaque(call.create_channel(deviceId, name, None)?))
}

pub(super) unsafe fn acltdtCreateChannelWithCapacity(
    call: &Entry<'_>,
    deviceId: u32,
    name: *const c_char,
    capacity: usize,
) -> Result<*mut acltdtChannelHandle, Fault> {
    // SAFETY: NULL, or a text that ends with a zero byte.
    let name = unsafe { text("name", name) }?;
    Ok(opaque(call.create_channel(
        deviceId,
        name,
        Some(capacity),
    )?))
}

pub(super) unsafe fn acltdtDestroyChannel(
    call: &Entry<'_>,
    channel: *mut acltdtChannelHandle,
) -> Result<(), Fault> {
    let channel = handle("handle", channel)?;
    call.world.channels.destroy_channel(channel)
}

pub(super) unsafe fn acltdtStopChannel(
    call: &Entry<'_>,
    channel: *mut acltdtChannelHandle,
) -> Result<(), Fault> {
    let channel = handle("handle", channel)?;
    call.world.channels.handles.get(channel)?.stop();
    Ok(())
}

pub(super) unsafe fn acltdtCleanChannel(
    call: &Entry<'_>,
    channel: *mut acltdtChannelHandle,
) -> Result<(), Fault> {
    let channel = handle("handle", channel)?;
    call.world.channels.handles.get(channel)?.clear()
}

pub(super) unsafe fn acltdtQueryChannelSize(
    call: &Entry<'_>,
    channel: *const acltdtChannelHandle,
    size: *mut usize,
) -> Result<(), Fault> {
    let channel = handle("handle", channel)?;
    // SAFETY: NULL, or a place for the answer.
    let place = unsafe { Place::new("size", size) }?;
    place.set(call.world.channels.handles.get(channel)?.size()?);
    Ok(())
}

/// An item with its data, as they are now.
fn parcel(call: &Entry<'_>, item: u64) -> Result<Parcel, Fault> {
    let item = call.world.channels.items.get(item)?;
    let (address, count) = match &item.data {
        Data::Program(span) => (span.pointer().cast_const().cast::<u8>(), span.bytes),
        Data::Received(bytes) => (bytes.as_ptr().cast(), bytes.len()),
    };
    if is_beyond_host(address.addr() as u64) {
        return Err(Fault::argument(
            "an item's data is device memory; channels take host memory",
        ));
    }
    // SAFETY: the C function demands that an item's data live as long as the item is sent.
    let bytes = unsafe { array("data", address, count) }?;
    Ok(Parcel {
        kind: item.kind,
        dims: item.dims.clone(),
        dtype: item.dtype,
        bytes,
    })
}

pub(super) unsafe fn acltdtSendTensor(
    call: &Entry<'_>,
    channel: *const acltdtChannelHandle,
    dataset: *const acltdtDataset,
    timeout: i32,
) -> Result<(), Fault> {
    let channel = handle("handle", channel)?;
    let dataset = handle("dataset", dataset)?;
    let channels = &call.world.channels;
    let (channel, dataset) = (
        channels.handles.get(channel)?,
        channels.datasets.get(dataset)?,
    );
    let items = lock(&dataset.items).clone();
    let message = items.into_iter().map(|item| parcel(call, item));
    channel.send(message.collect::<Result<_, Fault>>()?, timeout)
}

pub(super) unsafe fn acltdtReceiveTensor(
    call: &Entry<'_>,
    channel: *const acltdtChannelHandle,
    dataset: *mut acltdtDataset,
    timeout: i32,
) -> Result<(), Fault> {
    let channel = handle("handle", channel)?;
    call.receive(channel, handle("dataset", dataset)?, timeout)
}
