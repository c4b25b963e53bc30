//! The records of a job as a table: a row for each picture, columns for each of its best classes.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use ascend_rt::files::NewFile;

use super::journal::Records;
use super::record::Record;

/// Writes the table to `place` as CSV (RFC 4180), whole or not at all.
pub(super) fn write_csv(place: &Path, records: Records, top: usize) -> Result<()> {
    let mut out = NewFile::create(place)?;
    let mut row = String::from("file");
    for rank in 1..=top {
        // Writing to a text cannot fail, here and below.
        let _ = write!(row, ",index_{rank},label_{rank},score_{rank}");
    }
    row.push_str(",error_kind,error,file_bytes\r\n");
    out.put(row.as_bytes())?;
    for record in records {
        row.clear();
        add_row(&mut row, &record?.0, top);
        out.put(row.as_bytes())?;
    }
    out.finish()?;
    Ok(())
}

fn add_row(row: &mut String, record: &Record, top: usize) {
    add_field(row, &record.file);
    let classes = record.top.as_deref().unwrap_or_default();
    for rank in 0..top {
        match classes.get(rank) {
            None => row.push_str(",,,"),
            Some(class) => {
                let _ = write!(row, ",{},", class.index);
                add_field(row, class.label.as_deref().unwrap_or_default());
                let _ = write!(row, ",{}", class.score);
            }
        }
    }
    let error = record.error.as_ref();
    for field in [
        error.map(|error| &*error.kind),
        error.map(|error| &*error.message),
        record.file_bytes.as_deref(),
    ] {
        row.push(',');
        add_field(row, field.unwrap_or_default());
    }
    row.push_str("\r\n");
}

fn add_field(row: &mut String, text: &str) {
    if text.contains([',', '"', '\r', '\n']) {
        row.push('"');
        row.push_str(&text.replace('"', "\"\""));
        row.push('"');
    } else {
        row.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::{Class, Failure};
    use super::*;

    #[test]
    fn rows_are_quoted_where_they_must_be() {
        let class = |index, label: Option<&str>, score| Class {
            index,
            label: label.map(str::to_owned),
            score,
        };
        let mut record = Record {
            file: "a,\"b\"\n.jpg".to_owned(),
            file_bytes: None,
            top: Some(vec![
                class(3, Some("tench, Tinca tinca"), 0.75),
                class(1, None, 1e-9),
            ]),
            error: None,
        };
        let mut row = String::new();
        add_row(&mut row, &record, 3);
        let expected =
            "\"a,\"\"b\"\"\n.jpg\",3,\"tench, Tinca tinca\",0.75,1,,0.000000001,,,,,,\r\n";
        assert_eq!(row, expected);
        record.file_bytes = Some("ff".to_owned());
        record.top = None;
        record.error = Some(Failure {
            kind: "io".into(),
            message: "gone".to_owned(),
        });
        row.clear();
        add_row(&mut row, &record, 1);
        assert_eq!(row, "\"a,\"\"b\"\"\n.jpg\",,,,io,gone,ff\r\n");
    }
}
