use bytes::Bytes;

use super::archive::Archive;
use super::bundle::Bundle;
use super::flow::Flow;
use super::header::HEADER_BYTES;
use super::{Container, Header, Kind, OmModel, legacy};
use crate::{Error, Result};

/// Files in files, deeper than this, are refused.
const MOST_LEVELS: usize = 4;

/// A file of any kind that goes by the name `.om`, opened: all of its models, and all that it tells.
#[derive(Clone, Debug)]
pub struct OmFile {
    /// The kind.
    pub kind: Kind,
    /// The header; an OM2 archive has none.
    pub header: Option<Header>,
    /// What is in it.
    pub contents: Contents,
}

/// What is in a file, by the ways in which files hold models.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Contents {
    /// One model, or several for dynamic shapes: the first has the graph of the whole, the others the
    /// parts of it whose shapes are known.
    Models(Vec<OmModel>),
    /// Models that feed each other.
    Flow(Box<Flow>),
    /// Whole files, in a bundle.
    Bundle {
        /// The bytes of the variables that they share.
        variable_bytes: u64,
        /// The files.
        files: Vec<OmFile>,
    },
    /// An OM2 archive.
    Archive(Archive),
    /// Ciphertext.
    Encrypted,
}

impl OmFile {
    /// Opens a file of any kind; weights, kernels and programs stay slices of `file`. What is odd, but no
    /// reason to refuse it, becomes a warning of the model.
    ///
    /// An encrypted file opens, and tells its header and no more.
    ///
    /// # Errors
    /// `Format` if it is no `.om` or a damaged one, `Unsupported` if it holds more than any sane file.
    pub fn open(file: &Bytes) -> Result<Self> {
        Self::open_within(file, 0)
    }

    pub(super) fn open_within(file: &Bytes, level: usize) -> Result<Self> {
        if level > MOST_LEVELS {
            return Err(Error::unsupported(format!(
                "there are files in files, more than {MOST_LEVELS} levels deep"
            )));
        }
        let kind = Kind::of(file)?;
        if kind == Kind::Archive {
            let archive = Archive::read(file).map_err(|error| error.within("OM2 archive"))?;
            return Ok(Self {
                kind,
                header: None,
                contents: Contents::Archive(archive),
            });
        }
        let header = Header::read(file)?;
        let contents = match kind {
            _ if header.encrypted => Contents::Encrypted,
            Kind::Bundle => bundle(file, level)?,
            Kind::Legacy => {
                Contents::Models(vec![legacy::read(&file.slice(HEADER_BYTES..), &header)?])
            }
            _ => {
                let Container { models, .. } = Container::read(file)?;
                if kind == Kind::Flow {
                    let partitions = models.into_iter().flatten().collect();
                    Contents::Flow(Box::new(Flow::read(&header, partitions, level)?))
                } else {
                    Contents::Models(read_models(&header, models)?)
                }
            }
        };
        Ok(Self {
            kind,
            header: Some(header),
            contents,
        })
    }

    /// Gives the models that are the file's own, the main one first: of a flow the one that the others are
    /// parts of, of a bundle and an encrypted file none.
    #[must_use]
    pub fn models(&self) -> &[OmModel] {
        match &self.contents {
            Contents::Models(models) => models,
            Contents::Flow(flow) => std::slice::from_ref(&flow.model),
            Contents::Archive(archive) => &archive.models,
            Contents::Bundle { .. } | Contents::Encrypted => &[],
        }
    }

    /// Gives the files inside of a flow or a bundle, with their names.
    #[must_use]
    pub fn files(&self) -> Vec<(String, &Self)> {
        match &self.contents {
            Contents::Flow(flow) => {
                let parts = flow.submodels.iter();
                let named = parts.filter_map(|part| Some((part.name.clone(), part.file.as_ref()?)));
                named.collect()
            }
            Contents::Bundle { files, .. } => {
                let named = files.iter().enumerate().map(|(index, file)| {
                    let name = file.name();
                    let name = if name.is_empty() {
                        format!("model {index}")
                    } else {
                        name.to_owned()
                    };
                    (name, file)
                });
                named.collect()
            }
            _ => Vec::new(),
        }
    }

    /// Gives the name, from the header or, where that has none, from the main model.
    #[must_use]
    pub fn name(&self) -> &str {
        let header = self.header.as_ref().map(|header| header.name.as_str());
        header
            .filter(|name| !name.is_empty())
            .or_else(|| Some(self.models().first()?.model.name.as_str()))
            .unwrap_or_default()
    }

    /// Gives the model that a device loads, and drops the others.
    pub(super) fn into_executable(self) -> Result<OmModel> {
        let name = self.name().to_owned();
        match (self.kind, self.contents) {
            (_, Contents::Encrypted) => {
                Err(Error::unsupported(format!("the .om `{name}` is encrypted")))
            }
            (Kind::Current | Kind::Narrow | Kind::FirstGeneration, Contents::Models(models)) => {
                let weight_bytes = models.iter().map(|model| model.weight_bytes).sum();
                let first = models.into_iter().next();
                let first = first.map(|model| OmModel {
                    weight_bytes,
                    ..model
                });
                first.ok_or_else(|| Error::format("the .om has no model in it"))
            }
            (kind, _) => Err(Error::unsupported(format!(
                "the file is {} (`{name}`), which is not loaded as one model",
                kind.description()
            ))),
        }
    }
}

fn read_models(header: &Header, models: Vec<Vec<super::Partition>>) -> Result<Vec<OmModel>> {
    let count = models.len();
    let mut dictionary = None;
    let read = |(index, partitions)| {
        OmModel::read(header, partitions, &mut dictionary).map_err(|error| {
            if count > 1 {
                error.within(format_args!("model {index} of {count}"))
            } else {
                error
            }
        })
    };
    models.into_iter().enumerate().map(read).collect()
}

fn bundle(file: &Bytes, level: usize) -> Result<Contents> {
    let Bundle {
        variable_bytes,
        models,
    } = Bundle::read(file)?;
    let count = models.len();
    let open = |(index, model): (usize, &Bytes)| {
        OmFile::open_within(model, level + 1)
            .map_err(|error| error.within(format_args!("model {index} of {count} in the bundle")))
    };
    let files = models.iter().enumerate().map(open).collect::<Result<_>>()?;
    Ok(Contents::Bundle {
        variable_bytes,
        files,
    })
}
