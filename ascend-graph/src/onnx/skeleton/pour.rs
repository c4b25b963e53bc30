use std::collections::HashMap;

use bytes::Bytes;

use super::slots::copy;
use super::{Match, Plan};
use crate::Error;
use crate::onnx::{Graph, Model, Tensor};

impl Plan {
    /// Puts the weights into the constants of the model that the plan was made for; `data` gives a
    /// weight's elements in the constant's type, row-major and little-endian, in the weight's own shape.
    ///
    /// # Errors
    /// What `data` gives, and `Invalid` where that is not as long as the constant; the model is of no
    /// use then.
    pub fn pour<E: From<Error>>(
        &self,
        model: &mut Model,
        mut data: impl FnMut(&Match) -> Result<Bytes, E>,
    ) -> Result<(), E> {
        let matches: HashMap<&str, &Match> = self
            .matches
            .iter()
            .map(|found| (&*found.constant, found))
            .collect();
        let mut tensor = |name: &str| {
            let found = *matches.get(name)?;
            let poured = data(found).and_then(|bytes| {
                found.check_len(&bytes)?;
                let bytes = if found.is_transposed {
                    transposed(found, &bytes)
                } else {
                    bytes
                };
                Ok(Tensor::new(name, found.dtype, found.dims.clone(), bytes))
            });
            Some(poured)
        };
        let mut graphs: Vec<&mut Graph> = model.graph.iter_mut().collect();
        while let Some(graph) = graphs.pop() {
            for initializer in &mut graph.initializer {
                if let Some(poured) = tensor(&initializer.name) {
                    *initializer = poured?;
                }
            }
            let mut own = Vec::new();
            for node in &mut graph.node {
                let name = node.constant().map(|(name, _)| name.to_owned());
                if let Some(poured) = name.and_then(|name| tensor(&name)) {
                    let value = Box::new(poured?);
                    let attributes = node.attribute.iter_mut();
                    for attribute in attributes.filter(|attribute| attribute.name == "value") {
                        attribute.t = Some(value.clone());
                    }
                }
                if let Some(poured) = copy(node).and_then(|(_, name)| tensor(name)) {
                    own.push(poured?);
                }
            }
            // What shared the elements of another constant has its own now.
            graph
                .node
                .retain(|node| copy(node).is_none_or(|(_, name)| !matches.contains_key(name)));
            graph.initializer.append(&mut own);
            for attribute in graph.node.iter_mut().flat_map(|node| &mut node.attribute) {
                graphs.extend(attribute.g.as_deref_mut());
                graphs.extend(&mut attribute.graphs);
            }
        }
        Ok(())
    }
}

impl Match {
    /// Refuses elements that are not as many as the constant has.
    fn check_len(&self, bytes: &[u8]) -> Result<(), Error> {
        let mut dims = self.dims.iter();
        let count = dims.try_fold(1_u64, |all, &dim| all.checked_mul(dim.try_into().ok()?));
        let wanted = count.and_then(|count| self.dtype.bytes_of(count));
        if wanted == Some(bytes.len() as u64) {
            return Ok(());
        }
        let wanted = wanted.map_or("more than 64 bits can count".to_owned(), |len| {
            len.to_string()
        });
        let Self {
            constant,
            dtype,
            dims,
            ..
        } = self;
        Err(Error::invalid(format!(
            "{} bytes were given for the constant `{constant}` {dtype}{dims:?}, which has {wanted}",
            bytes.len()
        )))
    }
}

/// The elements of a matrix in the order of the constant's shape.
fn transposed(found: &Match, bytes: &[u8]) -> Bytes {
    let extent = |index: usize| {
        let dim = found.dims.get(index).copied();
        dim.and_then(|dim| usize::try_from(dim).ok()).unwrap_or(0)
    };
    let (rows, columns) = (extent(0), extent(1));
    let count = rows.checked_mul(columns).unwrap_or(0);
    let size = bytes.len().checked_div(count).unwrap_or(0);
    let mut turned = Vec::with_capacity(bytes.len());
    for row in 0..rows.min(count) {
        for column in 0..columns {
            let start = (column * rows + row) * size;
            turned.extend_from_slice(&bytes[start..start + size]);
        }
    }
    turned.into()
}
