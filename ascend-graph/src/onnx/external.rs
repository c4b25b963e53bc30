use bytes::Bytes;

use super::{Graph, Model, StringEntry, Tensor};
use crate::{Error, ErrorKind, Result, Rope};

/// The value of `data_location` for elements that lie outside of the file.
const EXTERNAL: i32 = 1;

/// Constants of fewer bytes stay in the ONNX file.
const SMALLEST: usize = 1024;

/// Every constant in an external file starts at a multiple of this.
const ALIGNMENT: u64 = 64;

/// Constants from this many bytes on start at a page, so that they can be mapped on their own.
const LARGE: usize = 1 << 20;

/// The size of a page, as the ONNX specification takes it.
const PAGE: u64 = 4096;

/// Where the elements of a constant lie when they are not in the ONNX file itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct External {
    /// A name, most often that of a file beside the model.
    pub location: String,
    /// The first byte.
    pub offset: u64,
    /// The number of bytes; `None` for all that follow.
    pub length: Option<u64>,
}

impl Tensor {
    /// Gives where the elements lie if they are outside of the file.
    ///
    /// # Errors
    /// `Format` if the place has no location or a number in it cannot be read.
    pub fn external(&self) -> Result<Option<External>> {
        if self.data_location != EXTERNAL {
            return Ok(None);
        }
        let (mut location, mut offset, mut length) = (None, 0, None);
        for entry in &self.external_data {
            match entry.key.as_str() {
                "location" => location = Some(entry.value.clone()),
                "offset" => offset = number(entry)?,
                "length" => length = Some(number(entry)?),
                _ => {}
            }
        }
        let location =
            location.ok_or_else(|| Error::format("has external data without a location"))?;
        Ok(Some(External {
            location,
            offset,
            length,
        }))
    }

    /// Gives the same constant with its elements at `external` instead of inside the file.
    #[must_use]
    pub fn to_external(&self, external: &External) -> Self {
        let entry = |key: &str, value: String| StringEntry {
            key: key.to_owned(),
            value,
        };
        let mut external_data = vec![
            entry("location", external.location.clone()),
            entry("offset", external.offset.to_string()),
        ];
        external_data.extend(
            external
                .length
                .map(|length| entry("length", length.to_string())),
        );
        Self {
            name: self.name.clone(),
            data_type: self.data_type,
            dims: self.dims.clone(),
            doc_string: self.doc_string.clone(),
            external_data,
            data_location: EXTERNAL,
            ..Self::default()
        }
    }

    /// Moves the elements to the end of `data`, unless they are few, or no plain numbers.
    fn moved(&self, location: &str, data: &mut Rope) -> Result<Self> {
        let bytes = match self.bytes() {
            Ok(bytes) if bytes.len() >= SMALLEST => bytes,
            Ok(_) => return Ok(self.clone()),
            Err(error) if error.kind() == ErrorKind::Unsupported => return Ok(self.clone()),
            Err(error) => return Err(error),
        };
        let alignment = if bytes.len() < LARGE { ALIGNMENT } else { PAGE };
        let offset = data.len().next_multiple_of(alignment);
        let length = Some(bytes.len() as u64);
        data.pad_to(offset);
        data.push(bytes);
        Ok(self.to_external(&External {
            location: location.to_owned(),
            offset,
            length,
        }))
    }

    fn resolve(&mut self, files: &mut dyn FnMut(&str) -> Result<Option<Bytes>>) -> Result<()> {
        let Some(External {
            location,
            offset,
            length,
        }) = self.external()?
        else {
            return Ok(());
        };
        let Some(file) = files(&location)? else {
            return Ok(());
        };
        let available = (file.len() as u64).checked_sub(offset);
        let length = length.or(available).unwrap_or(0);
        if available.is_none_or(|available| length > available) {
            return Err(Error::format(format!(
                "has its data at byte {offset} of `{location}`, {length} bytes long, but that has only {} bytes",
                file.len()
            )));
        }
        let start = to_usize(offset)?;
        self.raw_data = file.slice(start..start + to_usize(length)?);
        self.external_data.clear();
        self.data_location = 0;
        Ok(())
    }
}

impl Model {
    /// Fetches data that lies outside of the file, for every constant in every graph; the constants
    /// become slices of what `files` gives for a location.
    ///
    /// A location comes from the file as it is: treat it as a name, and refuse paths that leave the
    /// model's folder. Constants for which `files` gives `None` stay as they are.
    ///
    /// # Errors
    /// What `files` gives, `Format` if a constant lies outside of what `files` gave.
    pub fn resolve_external(
        &mut self,
        mut files: impl FnMut(&str) -> Result<Option<Bytes>>,
    ) -> Result<()> {
        let mut graphs: Vec<_> = self.graph.iter_mut().collect();
        while let Some(graph) = graphs.pop() {
            let mut tensors: Vec<&mut Tensor> = graph.initializer.iter_mut().collect();
            for attribute in graph.node.iter_mut().flat_map(|node| &mut node.attribute) {
                tensors.extend(attribute.t.as_deref_mut());
                tensors.extend(&mut attribute.tensors);
                graphs.extend(attribute.g.as_deref_mut());
                graphs.extend(&mut attribute.graphs);
            }
            for tensor in tensors {
                let resolved = tensor.resolve(&mut files);
                resolved
                    .map_err(|error| error.within(format_args!("constant `{}`", tensor.name)))?;
            }
        }
        Ok(())
    }
}

impl Model {
    /// Gives the model with its larger constants outside of the file, and the content of the file that
    /// they lie in: it belongs beside the model, under the name `location`.
    ///
    /// Constants that are external already stay so; those inside of nodes stay in the model.
    ///
    /// # Errors
    /// `Format` if a constant's data does not fit its shape and type.
    pub fn to_external(&self, location: &str) -> Result<(Self, Rope)> {
        let mut data = Rope::new();
        let graph = self.graph()?;
        let mut constants = Vec::with_capacity(graph.initializer.len());
        for tensor in &graph.initializer {
            let moved = tensor.moved(location, &mut data);
            constants.push(
                moved.map_err(|error| error.within(format_args!("constant `{}`", tensor.name)))?,
            );
        }
        let graph = Graph {
            initializer: constants,
            ..graph.without_initializers()
        };
        let model = Self {
            graph: Some(graph),
            ..self.without_graph()
        };
        Ok((model, data))
    }
}

fn number(entry: &StringEntry) -> Result<u64> {
    let value = entry.value.parse();
    value.map_err(|_| {
        Error::format(format!(
            "has external data with the {} `{}`",
            entry.key, entry.value
        ))
    })
}

fn to_usize(bytes: u64) -> Result<usize> {
    usize::try_from(bytes).map_err(|_| {
        Error::unsupported(format!("{bytes} bytes exceed this machine's address space"))
    })
}
