//! Protobuf, field by field, for messages that no writer would make.
#![allow(dead_code, reason = "each test file uses its own part of what is here")]

/// A variable-length number.
pub(crate) fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap_or(0));
    bytes
}

/// A field with a whole number.
pub(crate) fn number(field: u64, value: i64) -> Vec<u8> {
    [varint(field << 3), varint(value.cast_unsigned())].concat()
}

/// A field with bytes, or with a message.
pub(crate) fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    let start = [varint(field << 3 | 2), varint(value.len() as u64)].concat();
    [&start, value].concat()
}

/// A field with a text.
pub(crate) fn text(field: u64, value: &str) -> Vec<u8> {
    bytes(field, value.as_bytes())
}

/// A field of a map.
pub(crate) fn entry(field: u64, key: &str, value: &[u8]) -> Vec<u8> {
    bytes(field, &[text(1, key), bytes(2, value)].concat())
}

/// An attribute with a whole number.
pub(crate) fn int(value: i64) -> Vec<u8> {
    number(3, value)
}
