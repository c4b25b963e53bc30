//! The few opcodes of protocol 2 in which a state dict is written.

use std::collections::HashMap;

/// A pickle that is being written.
pub(super) struct Pickle {
    bytes: Vec<u8>,
    /// Numbers of what was written before, by its own bytes.
    memo: HashMap<Vec<u8>, u8>,
}

impl Pickle {
    pub(super) fn new() -> Self {
        Self {
            bytes: b"\x80\x02".to_vec(),
            memo: HashMap::new(),
        }
    }

    /// The whole of it.
    pub(super) fn stop(mut self) -> Vec<u8> {
        self.bytes.push(b'.');
        self.bytes
    }

    /// Opcodes without arguments.
    pub(super) fn put(&mut self, opcodes: &[u8]) {
        self.bytes.extend(opcodes);
    }

    /// A class or function.
    pub(super) fn global(&mut self, module: &str, name: &str) {
        self.once(format!("c{module}\n{name}\n").into_bytes());
    }

    /// A text that comes again and again.
    pub(super) fn word(&mut self, word: &str) {
        self.once(encoded(word));
    }

    /// A text that comes once.
    pub(super) fn text(&mut self, text: &str) {
        self.bytes.extend(encoded(text));
    }

    /// What is fetched from the memo from the second time on.
    fn once(&mut self, what: Vec<u8>) {
        if let Some(&number) = self.memo.get(&what) {
            self.bytes.extend([b'h', number]);
            return;
        }
        self.bytes.extend(&what);
        // there are some thirty of them: what finds no number is written again
        if let Ok(number) = u8::try_from(self.memo.len()) {
            self.bytes.extend([b'q', number]);
            self.memo.insert(what, number);
        }
    }

    pub(super) fn int(&mut self, number: i64) {
        if let Ok(byte) = u8::try_from(number) {
            self.bytes.extend([b'K', byte]);
        } else if let Ok(short) = u16::try_from(number) {
            self.bytes.push(b'M');
            self.bytes.extend(short.to_le_bytes());
        } else if let Ok(int) = i32::try_from(number) {
            self.bytes.push(b'J');
            self.bytes.extend(int.to_le_bytes());
        } else {
            self.bytes.extend([0x8a, 8]);
            self.bytes.extend(number.to_le_bytes());
        }
    }

    pub(super) fn float(&mut self, number: f64) {
        self.bytes.push(b'G');
        self.bytes.extend(number.to_be_bytes());
    }

    pub(super) fn lengths(&mut self, lengths: &[usize]) {
        self.put(b"(");
        for &length in lengths {
            // a length beyond 63 bits would be one of more memory than there can be
            self.int(i64::try_from(length).unwrap_or(i64::MAX));
        }
        self.put(b"t");
    }
}

fn encoded(text: &str) -> Vec<u8> {
    // names of 4 GiB are no names: they are refused before
    let len = u32::try_from(text.len()).unwrap_or(u32::MAX);
    [b"X", &len.to_le_bytes()[..], text.as_bytes()].concat()
}
