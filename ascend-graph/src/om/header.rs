use super::cursor::Cursor;
use crate::sniff::{is_lfs_pointer, is_text};
use crate::{Error, Result};

/// The length of the header that every container file starts with.
pub const HEADER_BYTES: usize = 256;

const MAGIC: &[u8] = b"IMOD";
const FIRST_VERSION: u32 = 0x1000_0000;
const CURRENT_VERSION: u32 = 0x2000_0000;
/// More bytes than this the header cannot hold of a model's name.
const NAME_BYTES: usize = 31;
const FLOW: u8 = 3;
const BUNDLE: u8 = 5;

/// The kinds of file that go by the name `.om`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Written by CANN 6 and later, with a 64-bit partition table.
    Current,
    /// Written by CANN 5, with a 32-bit partition table.
    Narrow,
    /// Written by the first toolkits (Atlas 200 DK, Kirin phones).
    FirstGeneration,
    /// Written before there was a partition table.
    Legacy,
    /// Several models that feed each other.
    Flow,
    /// Several whole `.om` files.
    Bundle,
    /// A zip archive with generated host code (OM2).
    Archive,
}

impl Kind {
    /// Recognises the kind of a file.
    ///
    /// # Errors
    /// `Format` if the file is too short or something else; the message says what, where it can.
    pub fn of(file: &[u8]) -> Result<Self> {
        if file.starts_with(b"PK\x03\x04") {
            return Ok(Self::Archive);
        }
        let header = Header::read(file)?;
        match (header.version, header.model_type) {
            (FIRST_VERSION, _) if is_without_table(file) => Ok(Self::Legacy),
            (FIRST_VERSION, _) => Ok(Self::FirstGeneration),
            (_, FLOW) => Ok(Self::Flow),
            (_, BUNDLE) => Ok(Self::Bundle),
            _ if header.wide => Ok(Self::Current),
            _ => Ok(Self::Narrow),
        }
    }

    /// Describes the kind in a few words.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::Current => "a current .om",
            Self::Narrow => "an older .om with a 32-bit partition table",
            Self::FirstGeneration => "a first-generation .om",
            Self::Legacy => "a legacy .om without a partition table",
            Self::Flow => "a flow of several models",
            Self::Bundle => "a bundle of several .om files",
            Self::Archive => "an OM2 archive",
        }
    }
}

/// The first 256 bytes of a container file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "as many flags as the file has"
)]
pub struct Header {
    /// The version of the container: `0x20000000` now, `0x10000000` in the first generation.
    pub version: u32,
    /// The bytes that follow the header.
    pub payload_bytes: u64,
    /// The payload is ciphertext.
    pub encrypted: bool,
    /// 0 where a checksum would be compared, which no loader does.
    pub checksum_mode: u8,
    /// 0 executable, 1 standard, 2 tiny, 3 flow, 4 lite, 5 bundle; in the first generation 3 is a plain
    /// graph and 4 a compiled one, both for phones.
    pub model_type: u8,
    /// 0 if the model was made ahead of its use, 1 if while it is used.
    pub generation_mode: u8,
    /// The model's name, at most 31 bytes.
    pub name: String,
    /// The number of operators, 0 in all known files.
    pub ops: u32,
    /// The version of the graph's schema: 2 in files of Huawei's compiler.
    pub om_ir_version: u32,
    /// How many models follow each other; 1 but for dynamic shapes and bundles.
    pub model_count: u32,
    /// Such as `1.11.z.0`; empty in files of other origin.
    pub platform_version: String,
    /// 1 (mini) or 0.
    pub platform_type: u8,
    /// The file holds libraries for the host, which must be of the same system and processor.
    pub host_bound: bool,
    /// The model was built for shapes that are known when it runs.
    pub dynamic: bool,
    /// The partition table has 64-bit numbers; of 32 bits they are in older files.
    pub wide: bool,
}

impl Header {
    /// Gives the header of an executable model.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            version: CURRENT_VERSION,
            name: name[..name.floor_char_boundary(NAME_BYTES)].to_owned(),
            om_ir_version: 2,
            model_count: 1,
            wide: true,
            ..Self::default()
        }
    }

    /// Gives the header of a bundle.
    pub(super) fn bundle(name: &str, models: u32) -> Self {
        Self {
            model_type: BUNDLE,
            model_count: models,
            ..Self::new(name)
        }
    }

    /// Reads the header; also that of an encrypted file or of a kind that is not read further.
    ///
    /// # Errors
    /// `Format` if `file` is too short, has no header or contradicts itself in it.
    pub fn read(file: &[u8]) -> Result<Self> {
        reject_other_kinds(file)?;
        let mut fields = Cursor::new(&file[MAGIC.len()..HEADER_BYTES]);
        let header_bytes = fields.u32("headsize")?;
        if header_bytes as usize != HEADER_BYTES {
            return Err(Error::format(format!(
                "the .om gives {header_bytes} bytes as the length of its header, not {HEADER_BYTES}"
            )));
        }
        let mut header = Self {
            version: fields.u32("version")?,
            ..Self::default()
        };
        if ![FIRST_VERSION, CURRENT_VERSION].contains(&header.version) {
            return Err(Error::format(format!(
                "the .om has the unknown version {:#x}",
                header.version
            )));
        }
        fields.take(64, "checksum")?;
        let narrow_bytes = u64::from(fields.u32("length")?);
        header.encrypted = fields.u8("is_encrypt")? == 1;
        header.checksum_mode = fields.u8("is_checksum")?;
        header.model_type = fields.u8("modeltype")?;
        header.generation_mode = fields.u8("genmode")?;
        header.name = text(fields.take(32, "name")?);
        header.ops = fields.u32("ops")?;
        fields.take(32, "userdefineinfo")?;
        header.om_ir_version = fields.u32("om_ir_version")?;
        header.model_count = if header.version == CURRENT_VERSION {
            fields.u32("model_num")?
        } else {
            1
        };
        header.platform_version = text(fields.take(20, "platform_version")?);
        header.platform_type = fields.u8("platform_type")?;
        let mut wide_bytes = 0;
        if header.version == CURRENT_VERSION {
            fields.take(3, "padding")?;
            wide_bytes = fields.u64("model_length")?;
            header.host_bound = fields.u8("need_check_os_cpu_info")? == 1;
            header.dynamic = fields.u8("is_unknow_model")? == 1;
            header.wide = wide_bytes != 0 || [FLOW, BUNDLE].contains(&header.model_type);
        }
        header.payload_bytes = if wide_bytes == 0 {
            narrow_bytes
        } else {
            wide_bytes
        };
        if header.payload_bytes == 0 {
            return Err(Error::format(
                "the .om gives no length of its payload; it was not written to its end",
            ));
        }
        if !header.dynamic && header.model_count == 0 {
            header.model_count = 1;
        }
        Ok(header)
    }

    /// Gives the 256 bytes of the header, always in the current version and with the 64-bit length.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        let mut put = |at: usize, field: &[u8]| bytes[at..at + field.len()].copy_from_slice(field);
        let text =
            |text: &str, most: usize| text.as_bytes()[..text.floor_char_boundary(most)].to_vec();
        put(0x00, MAGIC);
        put(0x04, &256_u32.to_le_bytes());
        put(0x08, &CURRENT_VERSION.to_le_bytes());
        put(
            0x50,
            &[
                u8::from(self.encrypted),
                self.checksum_mode,
                self.model_type,
                self.generation_mode,
            ],
        );
        put(0x54, &text(&self.name, NAME_BYTES));
        put(0x74, &self.ops.to_le_bytes());
        put(0x98, &self.om_ir_version.to_le_bytes());
        put(0x9C, &self.model_count.to_le_bytes());
        put(0xA0, &text(&self.platform_version, 19));
        put(0xB8, &self.payload_bytes.to_le_bytes());
        put(0xB4, &[self.platform_type]);
        put(0xC0, &[u8::from(self.host_bound), u8::from(self.dynamic)]);
        bytes
    }
}

/// Says what a file without a header is.
fn reject_other_kinds(file: &[u8]) -> Result<()> {
    let kind = match file {
        [] => "the file is empty".to_owned(),
        _ if file.starts_with(MAGIC) && file.len() >= HEADER_BYTES => return Ok(()),
        _ if file.starts_with(MAGIC) => {
            format!(
                "it is cut short after {} of the {HEADER_BYTES} bytes of its header",
                file.len()
            )
        }
        [b'P', b'I', b'C', b'O', ..] => {
            "it was made by the compiler for HiSilicon SVP NNN, not for Ascend".to_owned()
        }
        [b'P', b'K', 3, 4, ..] => "it is a zip archive".to_owned(),
        _ if is_lfs_pointer(file) => {
            "it is a Git LFS pointer; fetch the real file with `git lfs pull`".to_owned()
        }
        _ if is_text(file) => "it is a text file".to_owned(),
        _ if file.len() < MAGIC.len() => format!("it has only {} bytes", file.len()),
        _ => format!(
            "it starts with the bytes {:02x?} instead of `IMOD`",
            &file[..MAGIC.len()]
        ),
    };
    Err(Error::format(format!("not an .om file: {kind}")))
}

/// Tells whether a first-generation file has a message where the others have a partition table.
fn is_without_table(file: &[u8]) -> bool {
    const MOST_PARTITIONS: u32 = 4096;
    let mut table = Cursor::new(&file[HEADER_BYTES..]);
    let Ok(count) = table.u32("num") else {
        return false;
    };
    let fits = (0..count.min(MOST_PARTITIONS + 1)).all(|_| {
        let entry = table.u32("type").and_then(|_| table.u32("mem_offset"));
        let size = entry.and_then(|_| table.u32("mem_size"));
        size.is_ok_and(|size| size as usize <= file.len())
    });
    file.get(HEADER_BYTES) == Some(&0x0A) && (count > MOST_PARTITIONS || !fits)
}

/// Reads a text that ends at the first zero, or with its field.
fn text(field: &[u8]) -> String {
    let end = field
        .iter()
        .position(|&byte| byte == 0)
        .unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}
