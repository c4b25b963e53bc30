//! Records of operators, as the runtime writes and decodes them.

use std::collections::HashMap;
use std::ffi::{CStr, c_char, c_void};
use std::sync::{Arc, Mutex, PoisonError};

use ascend_sys::{
    MissingSymbol, ProfApi, aclError, aclprofSubscribeOpAttri, aclprofSubscribeOpFlag,
};

use super::operator_time::{OperatorTime, RecordKind};
use crate::acl::Acl;
use crate::error::{Error, ErrorKind, Result};

/// The longest name or type that is believed, in bytes.
const MOST_TEXT: usize = 64 << 10;
/// Less than a start, an end and a duration take is no record.
const LEAST_RECORD: usize = 24;

/// A runtime has one place for the attributes of all records, which the next call overwrites.
static ATTRIBUTE: Mutex<()> = Mutex::new(());

/// Decodes records; equal names are kept once.
#[derive(Debug)]
pub(super) struct Decoder {
    acl: Acl,
    texts: HashMap<String, Arc<str>>,
}

/// A function that tells the length of a text, and one that gives it.
type Length =
    unsafe fn(&ProfApi, *const c_void, usize, u32, *mut usize) -> Result<aclError, MissingSymbol>;
type Text = unsafe fn(
    &ProfApi,
    *const c_void,
    usize,
    u32,
    *mut c_char,
    usize,
) -> Result<aclError, MissingSymbol>;

impl Decoder {
    pub(super) fn new(acl: &Acl) -> Self {
        Self {
            acl: acl.clone(),
            texts: HashMap::new(),
        }
    }

    /// The bytes of a record.
    pub(super) fn record_bytes(acl: &Acl) -> Result<usize> {
        let mut bytes = 0;
        // SAFETY: a valid pointer.
        let status = unsafe { acl.prof()?.aclprofGetOpDescSize(&raw mut bytes) };
        acl.check("aclprofGetOpDescSize", status)?;
        if !(LEAST_RECORD..=MOST_TEXT).contains(&bytes) {
            let message = format!("aclprofGetOpDescSize tells records of {bytes} bytes");
            return Err(Error::new(ErrorKind::Internal, message));
        }
        Ok(bytes)
    }

    /// The records in `block`, which holds whole ones.
    pub(super) fn decode(&mut self, block: &[u8], into: &mut Vec<OperatorTime>) -> Result<()> {
        let acl = self.acl.clone();
        let prof = acl.prof()?;
        let mut count = 0;
        let (address, bytes) = (block.as_ptr().cast(), block.len());
        // SAFETY: a range of whole records, and a valid pointer.
        let status = unsafe { prof.aclprofGetOpNum(address, bytes, &raw mut count) };
        acl.check("aclprofGetOpNum", status)?;
        for index in 0..count {
            into.push(self.one(prof, block, index)?);
        }
        Ok(())
    }

    fn one(&mut self, prof: &ProfApi, block: &[u8], index: u32) -> Result<OperatorTime> {
        let (address, bytes) = (block.as_ptr().cast(), block.len());
        let name = self.text(
            (prof, block, index),
            ("aclprofGetOpNameLen", ProfApi::aclprofGetOpNameLen),
            ("aclprofGetOpName", ProfApi::aclprofGetOpName),
        )?;
        let op_type = self.text(
            (prof, block, index),
            ("aclprofGetOpTypeLen", ProfApi::aclprofGetOpTypeLen),
            ("aclprofGetOpType", ProfApi::aclprofGetOpType),
        )?;
        // SAFETY: a range of whole records, and the number of one of them.
        let model = unsafe { prof.aclprofGetModelId(address, bytes, index) };
        // SAFETY: as above.
        let start = unsafe { prof.aclprofGetOpStart(address, bytes, index) };
        // SAFETY: as above.
        let end = unsafe { prof.aclprofGetOpEnd(address, bytes, index) };
        // SAFETY: as above.
        let duration = unsafe { prof.aclprofGetOpDuration(address, bytes, index) };
        // SAFETY: as above. A runtime that cannot tell knows operators only.
        let kind = match unsafe { prof.aclprofGetOpFlag(address, bytes, index) } {
            Ok(aclprofSubscribeOpFlag::ACL_SUBSCRIBE_SUBGRAPH) => RecordKind::Subgraph,
            Ok(aclprofSubscribeOpFlag::ACL_SUBSCRIBE_OP_THREAD) => RecordKind::Thread,
            _ => RecordKind::Operator,
        };
        let thread = match kind {
            RecordKind::Thread => thread(prof, block, index),
            RecordKind::Operator | RecordKind::Subgraph => None,
        };
        Ok(OperatorTime {
            model: self.acl.value(model)?,
            name,
            op_type,
            kind,
            thread,
            start_nanoseconds: self.acl.value(start)?,
            end_nanoseconds: self.acl.value(end)?,
            duration_nanoseconds: self.acl.value(duration)?,
        })
    }

    fn text(
        &mut self,
        (prof, block, index): (&ProfApi, &[u8], u32),
        (length_name, length): (&'static str, Length),
        (text_name, text): (&'static str, Text),
    ) -> Result<Arc<str>> {
        let (address, bytes) = (block.as_ptr().cast(), block.len());
        let mut needed = 0;
        // SAFETY: a range of whole records, the number of one of them, and a valid pointer.
        let status = unsafe { length(prof, address, bytes, index, &raw mut needed) };
        self.acl.check(length_name, status)?;
        if needed > MOST_TEXT {
            let message = format!("{length_name} tells a text of {needed} bytes");
            return Err(Error::new(ErrorKind::Internal, message));
        }
        // One more, so that it ends with a NUL in any case.
        let mut place = vec![0_u8; needed + 2];
        // SAFETY: as above, and room for as many bytes as are told.
        let status = unsafe {
            text(
                prof,
                address,
                bytes,
                index,
                place.as_mut_ptr().cast(),
                needed + 1,
            )
        };
        self.acl.check(text_name, status)?;
        let found = CStr::from_bytes_until_nul(&place).unwrap_or_default();
        let found = found.to_string_lossy();
        if let Some(known) = self.texts.get(found.as_ref()) {
            return Ok(Arc::clone(known));
        }
        let new: Arc<str> = found.as_ref().into();
        self.texts.insert(found.into_owned(), Arc::clone(&new));
        Ok(new)
    }
}

/// The number of a record's thread; none where the runtime tells none, or cannot.
fn thread(prof: &ProfApi, block: &[u8], index: u32) -> Option<u32> {
    let (address, bytes) = (block.as_ptr().cast(), block.len());
    let attribute = aclprofSubscribeOpAttri::ACL_SUBSCRIBE_ATTRI_THREADID;
    let _turn = ATTRIBUTE.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: a range of whole records, and the number of one of them.
    let text = unsafe { prof.aclprofGetOpAttriValue(address, bytes, index, attribute) }.ok()?;
    if text.is_null() {
        return None;
    }
    // SAFETY: not NULL, and so a text that ends with a NUL and stays until the next call (acl_prof.h).
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().ok()?.parse().ok()
}
