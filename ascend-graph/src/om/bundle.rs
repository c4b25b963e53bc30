//! Bundles: several whole `.om` files in one, with variables that they share.

use bytes::Bytes;

use super::container::PartitionKind;
use super::cursor::Cursor;
use super::header::{HEADER_BYTES, Header, Kind};
use crate::{Error, Result, Rope};

/// The most models that one bundle may have.
const MOST_MODELS: u32 = 4096;

/// A file that holds several `.om` files.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The bytes of the variables that the models share.
    pub variable_bytes: u64,
    /// The files, slices of the bundle.
    pub models: Vec<Bytes>,
}

impl Bundle {
    /// Takes a bundle apart; nothing is copied.
    ///
    /// # Errors
    /// `Format` if it is no bundle or a damaged one.
    pub fn read(file: &Bytes) -> Result<Self> {
        if Kind::of(file)? != Kind::Bundle {
            return Err(Error::format(
                "the file is an .om, but no bundle of several",
            ));
        }
        let header = Header::read(file)?;
        let found = file.len() as u64;
        if header.payload_bytes != found {
            return Err(Error::format(format!(
                "the bundle is cut short or too long: its header promises {} bytes, it has {found}",
                header.payload_bytes
            )));
        }
        let mut table = Cursor::new(&file[HEADER_BYTES..]);
        let count = table.u32("the bundle's table")?;
        table.u32("padding")?;
        if count.saturating_sub(1) != header.model_count || count > MOST_MODELS {
            return Err(Error::format(format!(
                "the bundle's table has {count} entries for {} models",
                header.model_count
            )));
        }
        let mut bundle = Self {
            variable_bytes: 0,
            models: Vec::new(),
        };
        let mut before = table.position() + 24 * count as usize + HEADER_BYTES;
        for index in 0..count {
            let kind = PartitionKind(table.u32("an entry's type")?);
            table.u32("padding")?;
            let offset = table.u64("an entry's offset")?;
            let bytes = table.u64("an entry's size")?;
            let start = offset.checked_add(HEADER_BYTES as u64);
            let end = start.and_then(|start| start.checked_add(bytes));
            let range = start.zip(end).filter(|(_, end)| *end <= found);
            let (Ok(start), Ok(end)) = (
                usize::try_from(range.map_or(u64::MAX, |(start, _)| start)),
                usize::try_from(range.map_or(u64::MAX, |(_, end)| end)),
            ) else {
                return Err(outside(index));
            };
            let Some(data) = file.get(start..end) else {
                return Err(outside(index));
            };
            if start < before {
                return Err(Error::format(format!(
                    "entry {index} of the bundle overlaps what is before it"
                )));
            }
            before = end;
            match kind {
                PartitionKind::BUNDLE_MODEL_VAR_INFO => {
                    bundle.variable_bytes = Cursor::new(data).u64("the variables' size")?;
                }
                PartitionKind::BUNDLE_MODEL_INFO => bundle.models.push(file.slice(start..end)),
                other => {
                    return Err(Error::format(format!(
                        "entry {index} of the bundle is {other}, which has no place there"
                    )));
                }
            }
        }
        Ok(bundle)
    }

    /// Lays a bundle of `models` out.
    ///
    /// # Errors
    /// `Invalid` if there are none or too many.
    pub fn write(name: &str, variable_bytes: u64, models: &[Bytes]) -> Result<Rope> {
        let count = u32::try_from(models.len())
            .ok()
            .filter(|count| (1..MOST_MODELS).contains(count))
            .ok_or_else(|| Error::invalid(format!("a bundle has 1 to {MOST_MODELS} models")))?;
        let table_bytes = 8 + 24 * (u64::from(count) + 1);
        let mut table = u64::from(count + 1).to_le_bytes().to_vec();
        let mut offset = table_bytes;
        let mut entry = |kind: PartitionKind, bytes: u64| {
            table.extend(u64::from(kind.0).to_le_bytes());
            table.extend(offset.to_le_bytes());
            table.extend(bytes.to_le_bytes());
            offset += bytes;
        };
        entry(PartitionKind::BUNDLE_MODEL_VAR_INFO, 8);
        for model in models {
            entry(PartitionKind::BUNDLE_MODEL_INFO, model.len() as u64);
        }
        let mut header = Header::bundle(name, count);
        header.payload_bytes = HEADER_BYTES as u64 + offset;
        let mut file = Rope::from(header.to_bytes().to_vec());
        file.extend_from_slice(&table);
        file.extend_from_slice(&variable_bytes.to_le_bytes());
        for model in models {
            file.push(model.clone());
        }
        Ok(file)
    }
}

fn outside(index: u32) -> Error {
    Error::format(format!("entry {index} of the bundle leads outside of it"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_comes_back() {
        let models = [Bytes::from(vec![1; 300]), Bytes::from(vec![2; 9000])];
        let file = Bundle::write("pair", 4096, &models).unwrap().to_bytes();
        let bundle = Bundle::read(&file).unwrap();
        assert_eq!(
            (bundle.variable_bytes, &bundle.models[..]),
            (4096, &models[..])
        );
        assert!(Bundle::write("none", 0, &[]).is_err());
    }

    #[test]
    fn damaged_bundles_are_refused() {
        let file = Bundle::write("one", 0, &[Bytes::from(vec![1; 300])])
            .unwrap()
            .to_bytes();
        for len in 0..file.len() {
            assert!(Bundle::read(&file.slice(..len)).is_err(), "{len} bytes");
        }
        for at in HEADER_BYTES..HEADER_BYTES + 56 {
            let mut bytes = file.to_vec();
            bytes[at] = !bytes[at];
            // Padding may hold anything.
            let _ = Bundle::read(&bytes.into());
        }
    }
}
