//! The records of a job as Parquet, with the columns that its CSV has.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use ascend_rt::files::NewFile;
use ascend_rt::{Error, ErrorKind};
use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, FloatType, Int64Type};
use parquet::errors::Result as Parquet;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use super::journal::Records;
use super::record::{Class, Record};

/// Classes that are gathered before they are written.
const GROUP: usize = 1 << 16;

/// Writes the table to `place`, whole or not at all.
pub(super) fn write(place: &Path, records: Records, top: usize) -> Result<()> {
    let cannot = |error| {
        let message = format!(
            "cannot write {}: {error}; give another --out",
            place.display()
        );
        Error::new(ErrorKind::Io, message).with_source(error)
    };
    let mut out = NewFile::create(place)?;
    let schema = schema(top).map_err(cannot)?;
    let properties = Arc::new(WriterProperties::builder().build());
    let mut file = SerializedFileWriter::new(&mut out, schema, properties).map_err(cannot)?;
    let most = (GROUP / top.max(1)).max(1);
    let mut rows = Vec::new();
    for record in records {
        rows.push(record?.0);
        if rows.len() == most {
            write_group(&mut file, &rows, top).map_err(cannot)?;
            rows.clear();
        }
    }
    if !rows.is_empty() {
        write_group(&mut file, &rows, top).map_err(cannot)?;
    }
    file.close().map_err(cannot)?;
    out.finish()?;
    Ok(())
}

fn schema(top: usize) -> Parquet<TypePtr> {
    let column = |name: &str, physical: Physical, is_text: bool| {
        let repetition = if name == "file" {
            Repetition::REQUIRED
        } else {
            Repetition::OPTIONAL
        };
        let column = Type::primitive_type_builder(name, physical)
            .with_repetition(repetition)
            .with_logical_type(is_text.then_some(LogicalType::String));
        Ok(Arc::new(column.build()?))
    };
    let mut columns = vec![column("file", Physical::BYTE_ARRAY, true)];
    for rank in 1..=top {
        columns.push(column(&format!("index_{rank}"), Physical::INT64, false));
        columns.push(column(&format!("label_{rank}"), Physical::BYTE_ARRAY, true));
        columns.push(column(&format!("score_{rank}"), Physical::FLOAT, false));
    }
    for name in ["error_kind", "error", "file_bytes"] {
        columns.push(column(name, Physical::BYTE_ARRAY, true));
    }
    let columns = columns.into_iter().collect::<Parquet<_>>()?;
    Ok(Arc::new(
        Type::group_type_builder("pictures")
            .with_fields(columns)
            .build()?,
    ))
}

fn write_group(
    file: &mut SerializedFileWriter<&mut NewFile>,
    rows: &[Record],
    top: usize,
) -> Parquet<()> {
    let mut group = file.next_row_group()?;
    let files: Vec<_> = rows.iter().map(|row| ByteArray::from(&*row.file)).collect();
    if let Some(mut column) = group.next_column()? {
        column
            .typed::<ByteArrayType>()
            .write_batch(&files, None, None)?;
        column.close()?;
    }
    let class =
        |row: &Record, rank: usize| -> Option<Class> { row.top.as_ref()?.get(rank).cloned() };
    for rank in 0..top {
        let classes: Vec<_> = rows.iter().map(|row| class(row, rank)).collect();
        let classes = || classes.iter().map(Option::as_ref);
        let indices = classes().map(|class| i64::try_from(class?.index).ok());
        write_column::<Int64Type>(&mut group, indices)?;
        texts(&mut group, classes().map(|class| class?.label.as_deref()))?;
        write_column::<FloatType>(&mut group, classes().map(|class| Some(class?.score)))?;
    }
    texts(
        &mut group,
        rows.iter().map(|row| Some(&*row.error.as_ref()?.kind)),
    )?;
    texts(
        &mut group,
        rows.iter().map(|row| Some(&*row.error.as_ref()?.message)),
    )?;
    texts(&mut group, rows.iter().map(|row| row.file_bytes.as_deref()))?;
    group.close()?;
    Ok(())
}

type Group<'g, 'f> = SerializedRowGroupWriter<'g, &'f mut NewFile>;

fn texts<'t>(
    group: &mut Group<'_, '_>,
    values: impl Iterator<Item = Option<&'t str>>,
) -> Parquet<()> {
    write_column::<ByteArrayType>(group, values.map(|text| text.map(ByteArray::from)))
}

/// Writes the next column, of values that may be missing.
fn write_column<T: parquet::data_type::DataType>(
    group: &mut Group<'_, '_>,
    values: impl Iterator<Item = Option<T::T>>,
) -> Parquet<()> {
    let (mut there, mut levels) = (Vec::new(), Vec::new());
    for value in values {
        levels.push(i16::from(value.is_some()));
        there.extend(value);
    }
    if let Some(mut column) = group.next_column()? {
        column
            .typed::<T>()
            .write_batch(&there, Some(&levels), None)?;
        column.close()?;
    }
    Ok(())
}
