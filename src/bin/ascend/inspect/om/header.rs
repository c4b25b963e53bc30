//! The header of an `.om`, field by field as it is in the file.

use ascend_graph::om::HEADER_BYTES;
use serde_json::{Value, json};

/// The container's version from which on its header has the later fields.
const CURRENT: u32 = 0x2000_0000;

/// The fields of the first 256 bytes.
#[derive(Clone, Debug)]
pub(crate) struct RawHeader([u8; HEADER_BYTES]);

impl RawHeader {
    /// Takes the header of a file that is long enough to have one, and starts as one.
    pub(crate) fn of(file: &[u8]) -> Option<Self> {
        let header = file.first_chunk()?;
        header.starts_with(b"IMOD").then_some(Self(*header))
    }

    fn u32(&self, at: usize) -> u32 {
        let bytes = self.0[at..].first_chunk().copied();
        u32::from_le_bytes(bytes.unwrap_or_default())
    }

    /// The text of `len` bytes at `at`, which ends at the first zero.
    fn text(&self, at: usize, len: usize) -> String {
        let field = self.0[at..at + len].split(|&byte| byte == 0).next();
        String::from_utf8_lossy(field.unwrap_or_default()).into_owned()
    }

    fn version(&self) -> u32 {
        self.u32(8)
    }

    fn is_current(&self) -> bool {
        self.version() >= CURRENT
    }

    fn model_length(&self) -> u64 {
        let bytes = self.0[184..].first_chunk().copied();
        u64::from_le_bytes(bytes.filter(|_| self.is_current()).unwrap_or_default())
    }

    fn model_type(&self) -> u8 {
        self.0[82]
    }

    pub(crate) fn json(&self) -> Value {
        let is_current = self.is_current();
        let platform = if is_current { 160 } else { 156 };
        let mut told = json!({
            "magic": self.text(0, 4),
            "headsize": self.u32(4),
            "version": format!("{:#x}", self.version()),
            "length": self.u32(76),
            "is_encrypt": self.0[80],
            "is_checksum": self.0[81],
            "modeltype": self.model_type(),
            "genmode": self.0[83],
            "name": self.text(84, 32),
            "ops": self.u32(116),
            "userdefineinfo": self.text(120, 32),
            "om_ir_version": self.u32(152),
            "model_num": if is_current { self.u32(156) } else { 0 },
            "platform_version": self.text(platform, 20),
            "platform_type": self.0[platform + 20],
            "model_length": self.model_length(),
        });
        if is_current {
            told["need_check_os_cpu_info"] = self.0[192].into();
            told["is_unknow_model"] = self.0[193].into();
        }
        told
    }
}
