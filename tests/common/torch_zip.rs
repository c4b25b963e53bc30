//! PyTorch's zip form, written byte by byte.

/// A zip archive of stored records.
pub(crate) fn zip(records: &[(&str, &[u8])]) -> Vec<u8> {
    let u16_of = |len: usize| u16::try_from(len).unwrap().to_le_bytes();
    let u32_of = |len: usize| u32::try_from(len).unwrap().to_le_bytes();
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in records {
        let local = file.len();
        // as torch does: a descriptor is announced, sizes and checksum are zero, an extra field aligns
        let padding = (64 - (local + 30 + name.len() + 4) % 64) % 64;
        let extra = [b"FB".as_slice(), &u16_of(padding), &vec![b'Z'; padding]].concat();
        file.extend(b"PK\x03\x04\0\0\x08\x08\0\0\0\0\0\0");
        file.extend([[0; 4]; 3].as_flattened());
        file.extend([u16_of(name.len()), u16_of(extra.len())].as_flattened());
        file.extend([name.as_bytes(), &extra, data].concat());
        directory.extend(b"PK\x01\x02\0\0\0\0\x08\x08\0\0\0\0\0\0\0\0\0\0");
        directory.extend([u32_of(data.len()), u32_of(data.len())].as_flattened());
        directory.extend(
            [
                u16_of(name.len()),
                [0; 2],
                [0; 2],
                [0; 2],
                [0; 2],
                [0; 2],
                [0; 2],
            ]
            .as_flattened(),
        );
        directory.extend(u32_of(local));
        directory.extend(name.as_bytes());
    }
    let (start, count) = (file.len(), u16_of(records.len()));
    file.extend(&directory);
    file.extend([b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count].concat());
    file.extend([u32_of(directory.len()), u32_of(start)].as_flattened());
    file.extend([0, 0]);
    file
}

pub(crate) fn text(text: &str) -> Vec<u8> {
    [
        b"X".as_slice(),
        &u32::try_from(text.len()).unwrap().to_le_bytes(),
        text.as_bytes(),
    ]
    .concat()
}

pub(crate) fn integer(value: usize) -> Vec<u8> {
    [
        b"J".as_slice(),
        &u32::try_from(value).unwrap().to_le_bytes(),
    ]
    .concat()
}

pub(crate) fn tuple(values: &[usize]) -> Vec<u8> {
    let values: Vec<Vec<u8>> = values.iter().map(|&value| integer(value)).collect();
    [b"(".as_slice(), &values.concat(), b"t"].concat()
}

pub(crate) fn global(module: &str, name: &str) -> Vec<u8> {
    format!("c{module}\n{name}\n").into_bytes()
}

pub(crate) fn tuple_of(parts: &[Vec<u8>]) -> Vec<u8> {
    [b"(".as_slice(), &parts.concat(), b"t"].concat()
}

pub(crate) fn call(module: &str, name: &str, arguments: &[Vec<u8>]) -> Vec<u8> {
    [global(module, name), tuple_of(arguments), b"R".to_vec()].concat()
}

/// An object of a class with attributes.
pub(crate) fn object(module: &str, name: &str, state: &[u8]) -> Vec<u8> {
    [&global(module, name), b")\x81".as_slice(), state, b"b"].concat()
}

/// The call that stands for a tensor of single precision.
pub(crate) fn tensor(key: &str, numel: usize, shape: &[usize], strides: &[usize]) -> Vec<u8> {
    view(&storage(key, numel, b""), shape, strides)
}

/// A storage of single precision; in the legacy stream `part` stands at its end.
pub(crate) fn storage(key: &str, numel: usize, part: &[u8]) -> Vec<u8> {
    [
        b"(",
        &text("storage")[..],
        b"ctorch\nFloatStorage\n",
        &text(key),
        &text("npu:0"),
        &integer(numel),
        part,
        b"tQ",
    ]
    .concat()
}

/// The call that stands for a tensor in a storage.
pub(crate) fn view(storage: &[u8], shape: &[usize], strides: &[usize]) -> Vec<u8> {
    [
        b"ctorch._utils\n_rebuild_tensor_v2\n(",
        storage,
        &integer(0),
        &tuple(shape),
        &tuple(strides),
        b"\x89ccollections\nOrderedDict\n)RtR",
    ]
    .concat()
}

pub(crate) fn dict(pairs: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let pairs: Vec<Vec<u8>> = pairs
        .iter()
        .map(|(key, value)| [text(key), value.clone()].concat())
        .collect();
    [b"}(".as_slice(), &pairs.concat(), b"u"].concat()
}

pub(crate) fn pickle(object: &[u8]) -> Vec<u8> {
    [b"\x80\x02", object, b"."].concat()
}

pub(crate) fn floats(values: &[f32]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|value| value.to_le_bytes())
        .collect()
}

/// A state dict of contiguous tensors, as `torch.save` writes it.
pub(crate) fn state_dict(tensors: &[(String, Vec<usize>, Vec<f32>)]) -> Vec<u8> {
    let strides = |shape: &[usize]| -> Vec<usize> {
        (0..shape.len())
            .map(|axis| shape[axis + 1..].iter().product())
            .collect()
    };
    let entries: Vec<(&str, Vec<u8>)> = tensors
        .iter()
        .enumerate()
        .map(|(key, (name, shape, values))| {
            (
                name.as_str(),
                tensor(&key.to_string(), values.len(), shape, &strides(shape)),
            )
        })
        .collect();
    let mut records = vec![("archive/data.pkl".to_owned(), pickle(&dict(&entries)))];
    records.extend(
        tensors
            .iter()
            .enumerate()
            .map(|(key, (_, _, values))| (format!("archive/data/{key}"), floats(values))),
    );
    let records: Vec<(&str, &[u8])> = records
        .iter()
        .map(|(name, data)| (name.as_str(), &data[..]))
        .collect();
    zip(&records)
}
