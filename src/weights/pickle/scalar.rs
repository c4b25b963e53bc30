//! Single values: numbers, text and bytes.

use super::cursor::Cursor;
use super::opcode as op;
use super::value::{Span, Value};
use crate::error::Result;
use crate::weights::{Fault, damaged, unsupported, wrong};

/// The value that `opcode` stands for, read from what follows it.
pub(super) fn read(cursor: &mut Cursor<'_>, opcode: u8) -> Result<Value> {
    Ok(match opcode {
        op::NONE => Value::None,
        op::NEWTRUE => Value::Bool(true),
        op::NEWFALSE => Value::Bool(false),
        op::BININT => Value::Int(cursor.i32()?.into()),
        op::BININT1 => Value::Int(cursor.u8()?.into()),
        op::BININT2 => Value::Int(cursor.u16()?.into()),
        op::INT | op::LONG => decimal(cursor)?,
        op::LONG1 | op::LONG4 => little_endian(cursor, opcode)?,
        op::FLOAT => {
            let line = cursor.line()?;
            let number = line
                .parse()
                .map_err(|_| damaged(format!("{line:?} is no number")))?;
            Value::Float(number)
        }
        op::BINFLOAT => Value::Float(cursor.f64()?),
        op::STRING | op::UNICODE => Value::Text(line(cursor, opcode)?),
        op::SHORT_BINSTRING | op::SHORT_BINUNICODE => Value::Text(short_span(cursor)?),
        op::BINSTRING | op::BINUNICODE => Value::Text(span(cursor)?),
        op::BINUNICODE8 => Value::Text(long_span(cursor)?),
        op::SHORT_BINBYTES => Value::Bytes(short_span(cursor)?),
        op::BINBYTES => Value::Bytes(span(cursor)?),
        op::BINBYTES8 | op::BYTEARRAY8 => Value::Bytes(long_span(cursor)?),
        unknown => {
            let message = format!("{unknown:#04x} is no pickle opcode");
            return Err(wrong(Fault::BadOpcode, message));
        }
    })
}

fn short_span(cursor: &mut Cursor<'_>) -> Result<Span> {
    let len = cursor.u8()?;
    cursor.span(len.into())
}

fn span(cursor: &mut Cursor<'_>) -> Result<Span> {
    let len = cursor.u32()?;
    cursor.span(len.into())
}

fn long_span(cursor: &mut Cursor<'_>) -> Result<Span> {
    let len = cursor.u64()?;
    cursor.span(len)
}

/// Text of protocol 0, in quotes if it is a `STRING`.
fn line(cursor: &mut Cursor<'_>, opcode: u8) -> Result<Span> {
    let start = cursor.position();
    let line = cursor.line()?;
    if line.contains('\\') {
        return Err(unsupported(
            "escaped text of pickle protocol 0; save with protocol 2",
        ));
    }
    if opcode == op::UNICODE {
        return Span::new(start, line.len());
    }
    let mut quotes = ['\'', '"'].into_iter();
    let inner = quotes.find_map(|quote| line.strip_prefix(quote)?.strip_suffix(quote));
    let inner = inner.ok_or_else(|| damaged("text without quotes"))?;
    Span::new(start + 1, inner.len())
}

/// An integer of protocol 0 or 1, which also writes truth values so.
fn decimal(cursor: &mut Cursor<'_>) -> Result<Value> {
    let start = cursor.position();
    let line = cursor.line()?;
    let digits = line.strip_suffix('L').unwrap_or(line);
    match digits {
        "00" => return Ok(Value::Bool(false)),
        "01" => return Ok(Value::Bool(true)),
        _ => {}
    }
    if let Ok(number) = digits.parse() {
        return Ok(Value::Int(number));
    }
    let magnitude = digits.strip_prefix('-').unwrap_or(digits);
    if magnitude.is_empty() || !magnitude.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(damaged(format!("{line:?} is no integer")));
    }
    Ok(Value::BigDecimal(Span::new(start, digits.len())?))
}

/// An integer in two's complement, of any length.
fn little_endian(cursor: &mut Cursor<'_>, opcode: u8) -> Result<Value> {
    let len = match opcode {
        op::LONG1 => cursor.u8()?.into(),
        _ => cursor.i32()?,
    };
    let len = u64::try_from(len).map_err(|_| damaged(format!("an integer of {len} bytes")))?;
    let span = cursor.span(len)?;
    let bytes = cursor.of(span);
    let is_negative = bytes.last().is_some_and(|top| top & 0x80 != 0);
    let mut extended = [if is_negative { 0xff } else { 0 }; 8];
    // a writer may add bytes that only repeat the sign
    let needed = match bytes.split_at_checked(8) {
        Some((low, rest)) if rest.iter().all(|&byte| byte == extended[0]) => {
            let is_same = (low[7] & 0x80 != 0) == is_negative;
            if is_same { low } else { bytes }
        }
        _ => bytes,
    };
    Ok(match extended.get_mut(..needed.len()) {
        Some(low) => {
            low.copy_from_slice(needed);
            Value::Int(i64::from_le_bytes(extended))
        }
        None => Value::BigInt(span),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integer(pickle: &[u8]) -> Option<i64> {
        let mut cursor = Cursor::new(pickle);
        let opcode = cursor.u8().unwrap();
        match read(&mut cursor, opcode).unwrap() {
            Value::Int(number) => Some(number),
            Value::BigInt(_) | Value::BigDecimal(_) => None,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn reads_integers_of_every_width() {
        assert_eq!(integer(b"\x8a\0"), Some(0));
        assert_eq!(integer(b"\x8a\x02\xff\xfe"), Some(-257));
        assert_eq!(integer(b"\x8a\x08\0\0\0\0\0\0\0\x80"), Some(i64::MIN));
        assert_eq!(integer(b"\x8a\x09\0\0\0\0\0\0\0\0\x01"), None);
        assert_eq!(integer(b"\x8a\x09\0\0\0\0\0\0\0\x80\0"), None);
        assert_eq!(integer(b"\x8a\x09\x07\0\0\0\0\0\0\0\0"), Some(7));
        assert_eq!(
            integer(b"\x8a\x0a\xfe\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
            Some(-2)
        );
        assert_eq!(integer(b"J\xff\xff\xff\xff"), Some(-1));
        assert_eq!(integer(b"L-42L\n"), Some(-42));
        assert_eq!(integer(b"I36893488147419103232\n"), None);
    }
}
