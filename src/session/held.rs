//! A tensor in the host's own memory.

/// Shape and row-major bytes of a tensor in memory that is reused from one tensor to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held {
    shape: Vec<usize>,
    /// The bytes, where elements of every type are aligned.
    words: Vec<u64>,
    len: usize,
}

impl Held {
    /// Holds a tensor of `shape` from now on, of `len` bytes, which are to be written.
    pub(crate) fn hold(&mut self, shape: &[usize], len: usize) -> &mut [u8] {
        self.shape.clear();
        self.shape.extend_from_slice(shape);
        self.words.resize(len.div_ceil(size_of::<u64>()), 0);
        self.len = len;
        self.bytes_mut()
    }

    /// Holds `rows` of the first dimension of a tensor of `shape`, whose bytes these are.
    pub(crate) fn hold_rows(&mut self, shape: &[usize], rows: usize, bytes: &[u8]) {
        self.hold(shape, bytes.len()).copy_from_slice(bytes);
        if let Some(first) = self.shape.first_mut() {
            *first = rows;
        }
    }

    pub(crate) fn shape(&self) -> &[usize] {
        &self.shape
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.words)[..self.len]
    }

    pub(crate) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut bytemuck::cast_slice_mut(&mut self.words)[..self.len]
    }
}
