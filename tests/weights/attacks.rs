//! Files that ask for far more than they hold: time and memory stay within what is promised.
#![allow(unsafe_code, reason = "an allocator that counts")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::fs;
use std::time::Instant;

use crate::common::torch_zip::{dict, integer, pickle, tensor, text, zip};
use ascend_rt::ErrorKind;
use ascend_rt::weights::{Checkpoint, Mode, OpenOptions};

/// Counts what each thread takes.
struct Counting;

thread_local! {
    static TAKEN: Cell<isize> = const { Cell::new(0) };
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn count(bytes: isize) {
    // a thread that ends has no counters any more
    let _ = TAKEN.try_with(|taken| {
        taken.set(taken.get() + bytes);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(taken.get())));
    });
}

// SAFETY: the system's allocator does the work.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed());
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-layout.size().cast_signed());
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size.cast_signed() - layout.size().cast_signed());
        // SAFETY: as the caller promises.
        unsafe { System.realloc(at, layout, size) }
    }
}

/// What opening takes: the answer and the most bytes at a time, beside the file's.
fn measured(file: Vec<u8>, options: &OpenOptions) -> (ascend_rt::Result<Checkpoint>, usize) {
    let before = TAKEN.get();
    PEAK.set(before);
    let answer = options.from_bytes(file);
    (answer, usize::try_from(PEAK.get() - before).unwrap())
}

/// What an error and single names take.
const MESSAGES: usize = 64 << 10;

/// Opens in both modes, within the file's length and 64 MiB. How long it takes is printed: without
/// the bounds on work, most of these files take minutes.
fn bounded(name: &str, file: &[u8]) -> ascend_rt::Result<Checkpoint> {
    let mut last = None;
    for mode in [Mode::Weights, Mode::Model] {
        let start = Instant::now();
        let (answer, peak) = measured(file.to_vec(), &OpenOptions::new().mode(mode));
        let took = start.elapsed();
        let told = answer
            .as_ref()
            .map_or_else(ToString::to_string, |c| format!("{c:?}"));
        let told: String = told.chars().take(200).collect();
        println!(
            "{name}, {mode:?}: {} KB, at most {} KB in {took:?}: {told}",
            file.len() >> 10,
            peak >> 10
        );
        let allowed = file.len() + (64 << 20) + MESSAGES;
        assert!(
            peak <= allowed,
            "{name}: {peak} bytes, {allowed} are allowed"
        );
        last = Some(answer);
    }
    last.unwrap()
}

fn archive(object: &[u8]) -> Vec<u8> {
    // values that nothing refers to: names are bounded by how many values there are
    let filled = [&b"N0".repeat(100_000), object].concat();
    zip(&[
        ("a/data.pkl", &pickle(&filled)),
        ("a/data/0", &[0; 4]),
        ("a/data/1", &[0; 4]),
    ])
}

/// A memoized tensor in a dict, beside what `more` pushes under the key `x`.
fn beside(more: &[u8]) -> Vec<u8> {
    let w = tensor("0", 1, &[], &[]);
    archive(&[b"}(".as_slice(), &text("w"), &w, &text("x"), more, b"u"].concat())
}

#[test]
fn ways_to_empty_things() {
    let list = [b"](".as_slice(), &b")".repeat(600_000), b"eq\0"].concat();
    let many = [b"](".as_slice(), &list, &b"h\0".repeat(3), b"e"].concat();
    let _ = bounded("ways", &beside(&many));
}

#[test]
fn one_refused_object_under_many_names() {
    let (module, class) = ("m".repeat(900), "c".repeat(900));
    let class = format!("c{module}\n{class}\n");
    let held = dict(&[("w", tensor("0", 1, &[], &[]))]);
    let pairs: Vec<u8> = (0..100_000usize)
        .flat_map(|i| [integer(i), b"h\0".to_vec()].concat())
        .collect();
    for state in [b"".as_slice(), &[&held, b"b".as_slice()].concat()] {
        let object = [class.as_bytes(), b")\x81", state, b"q\0"].concat();
        let object = [b"}(".as_slice(), &text("a"), &object, &pairs, b"u"].concat();
        assert!(bounded("refused", &archive(&object)).is_err());
    }
}

#[test]
fn one_text_as_many_arrays() {
    let array = |data: &[u8]| {
        [
            b"cnumpy.core.multiarray\n_reconstruct\n)R(".as_slice(),
            &integer(1),
            b"(",
            &integer(300_000),
            b"tcnumpy\ndtype\n(",
            &text("u1"),
            b"\x89\x88tR\x89",
            data,
            b"tb",
        ]
        .concat()
    };
    let data = "é".repeat(300_000);
    let encoded = [
        b"c_codecs\nencode\n(".as_slice(),
        &text(&data),
        &text("latin1"),
        b"tR",
    ]
    .concat();
    let array = [array(&encoded), b"q\0".to_vec()].concat();
    let many = [b"](".as_slice(), &array, &b"h\0".repeat(300_000), b"e"].concat();
    let _ = bounded("arrays", &beside(&many));
}

#[test]
fn one_list_of_scales_for_many_tensors() {
    let scales = [b"](".as_slice(), &b"K\x01".repeat(100_000), b"eq\0"].concat();
    let quantised = [
        b"ctorch._utils\n_rebuild_qtensor\n((".as_slice(),
        &text("storage"),
        b"ctorch\nQInt8Storage\n",
        &text("1"),
        &text("cpu"),
        &integer(4),
        b"tQ",
        &integer(0),
        b"K\x04\x85K\x01\x85(ctorch\nper_channel_affine\n",
        &scales,
        b"h\0K\0t\x89}tRq\x01",
    ]
    .concat();
    let many = [
        b"](".as_slice(),
        &quantised,
        &b"h\x01".repeat(100_000),
        b"e",
    ]
    .concat();
    let _ = bounded("scales", &beside(&many));
}

#[test]
fn one_state_of_many_objects_beside() {
    // each of the objects is looked at for the parts of a module
    let state = [
        b"}(".as_slice(),
        &text("n"),
        b"q\0N",
        &b"h\0N".repeat(200_000),
        &text("w"),
        &tensor("0", 1, &[], &[]),
        b"uq\x01",
    ]
    .concat();
    let objects = [
        b"](cm\nM\nq\x02)\x81".as_slice(),
        &state,
        b"b",
        &b"h\x02)\x81h\x01b".repeat(50_000),
        b"e",
    ]
    .concat();
    let weights = dict(&[("w", tensor("0", 1, &[], &[]))]);
    let root = dict(&[("state_dict", weights), ("others", objects)]);
    let checkpoint = bounded("one state of many objects", &archive(&root)).unwrap();
    let notes = &checkpoint.report().notes;
    assert!(
        notes.iter().any(|note| note.contains("not shown in full")),
        "{notes:?}"
    );
}

#[test]
fn one_tuple_of_many_objects() {
    let tuple = [
        b"(".as_slice(),
        &b"N".repeat(200_000),
        &tensor("0", 1, &[], &[]),
        b"tq\x01",
    ]
    .concat();
    let objects = [
        b"](cm\nM\nq\x02".as_slice(),
        &tuple,
        b"\x81",
        &b"h\x02h\x01\x81".repeat(50_000),
        b"e",
    ]
    .concat();
    let answer = bounded("one tuple of many objects", &archive(&objects));
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::OutOfMemory);
}

#[test]
fn one_tuple_as_many_keys() {
    let tuple = [b"(".as_slice(), &b"C\0".repeat(200_000), b"tq\x01"].concat();
    let root = [
        b"}(".as_slice(),
        &tuple,
        &tensor("0", 1, &[], &[]),
        b"q\x02",
        &b"h\x01h\x02".repeat(50_000),
        b"u",
    ]
    .concat();
    assert!(bounded("one tuple as many keys", &archive(&root)).is_err());
}

#[test]
fn one_module_below_many() {
    // `attributes` of one module, which many modules have below them
    for class in ["cm\nM\n", "c__torch__\nM\n"] {
        let state = [
            b"}(".as_slice(),
            &text("n"),
            b"q\0N",
            &b"h\0N".repeat(100_000),
            &text("_parameters"),
            b"}",
            b"u",
        ]
        .concat();
        let module = [class.as_bytes(), b")\x81", &state, b"bq\x01"].concat();
        let many = [
            b"}(".as_slice(),
            &text("m"),
            &module,
            &b"h\0h\x01".repeat(100_000),
            b"u",
        ]
        .concat();
        let root = [
            class.as_bytes(),
            b")\x81}(",
            &text("_parameters"),
            &dict(&[("w", tensor("0", 1, &[], &[]))]),
            &text("_modules"),
            &many,
            b"ub",
        ]
        .concat();
        let _ = bounded("modules", &archive(&root));
        let root = [class.as_bytes(), b")\x81", &many, b"b"].concat();
        let file = zip(&[
            ("a/data.pkl", &pickle(&root)),
            ("a/constants.pkl", b"\x80\x02)."),
        ]);
        let _ = bounded("script modules", &file);
    }
}

#[test]
fn one_program_for_many_modules() {
    let program = "x".repeat(200) + "\n";
    let program = program.repeat(10_000);
    let globals: Vec<u8> = (0..2000)
        .flat_map(|i| {
            let path: String = (0..11)
                .map(|bit| if i >> bit & 1 == 0 { ".a" } else { "/a" })
                .collect();
            format!("c__torch__.a{path}\nM\n0").into_bytes()
        })
        .collect();
    let record = format!("a/code/__torch__/a{}.py", "/a".repeat(11));
    let file = zip(&[
        ("a/data.pkl", &pickle(&[&globals, b"}".as_slice()].concat())),
        ("a/constants.pkl", b"\x80\x02)."),
        (&record, program.as_bytes()),
    ]);
    let _ = bounded("programs", &file);
}

#[test]
fn one_long_integer_shown_many_times() {
    let long = [b"\x8a\xf0".as_slice(), &[0x7f; 240], b"q\0"].concat();
    let many = [b"](".as_slice(), &long, &b"h\0".repeat(150_000), b"e"].concat();
    let _ = bounded("integers", &beside(&many));
}

#[test]
fn one_long_key_of_many_storages() {
    let key = text(&"k".repeat(1_000_000));
    let storage = [
        b"(".as_slice(),
        &text("storage"),
        b"ctorch\nFloatStorage\n",
        &key,
        &text("cpu"),
        &integer(1),
        b"tq\0Q",
    ]
    .concat();
    let object = [b"](".as_slice(), &storage, &b"h\0Q".repeat(100_000), b"e"].concat();
    let file = [
        pickle(b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"),
        pickle(&integer(1001)),
        pickle(b"}"),
        pickle(&object),
        pickle(b"]"),
    ]
    .concat();
    assert!(bounded("keys", &file).is_err());
}

#[test]
fn one_long_name_of_many_classes() {
    let name = ["a."; 499].concat() + "a";
    let names = [
        text(&name),
        b"q\0".to_vec(),
        text("C"),
        b"q\x01\x93".to_vec(),
    ]
    .concat();
    let object = [names.as_slice(), &b"0h\0h\x01\x93".repeat(50_000)].concat();
    let _ = bounded("classes", &archive(&object));
}

#[test]
fn many_axes() {
    let shape = "1,".repeat(300_000) + "1";
    for (shape, offsets) in [(shape.as_str(), "0,1"), ("1", &shape)] {
        let header =
            format!(r#"{{"a":{{"dtype":"U8","shape":[{shape}],"data_offsets":[{offsets}]}}}}"#);
        let length = (header.len() as u64).to_le_bytes();
        let file = [&length, header.as_bytes(), &[0]].concat();
        let (answer, peak) = measured(file, &OpenOptions::new().memory_limit(1 << 20));
        assert!(answer.is_err());
        assert!(peak <= (1 << 20) + MESSAGES, "{peak}");
    }
}

#[test]
fn many_records() {
    let names: Vec<String> = (0..60_000).map(|i| i.to_string()).collect();
    let pickle = pickle(&dict(&[("w", tensor("0", 1, &[], &[]))]));
    let mut records: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    records.extend([("a/data.pkl", &pickle[..]), ("a/data/0", &[0; 4])]);
    let (answer, peak) = measured(zip(&records), &OpenOptions::new().memory_limit(1 << 20));
    assert_eq!(answer.unwrap_err().kind(), ErrorKind::OutOfMemory);
    assert!(peak <= (1 << 20) + MESSAGES, "{peak}");
}

/// What is in order, and much: it must not be taken for an attack.
#[test]
fn many_small_tensors() {
    let tensors: Vec<_> = (0..10_000)
        .map(|i| (format!("layers.{i}.weight"), vec![2, 3], vec![0.5; 6]))
        .collect();
    let file = crate::common::torch_zip::state_dict(&tensors);
    let (answer, peak) = measured(file, &OpenOptions::new().memory_limit(64 << 20));
    let checkpoint = answer.unwrap();
    println!("{checkpoint:?}: {} KB", peak >> 10);
    assert_eq!(checkpoint.len(), 10_000);
}

/// Comparing checksums inflates every record once more, and keeps none of them.
#[test]
fn deflated_records_that_are_verified() {
    let Some(folder) = crate::fixtures::fixtures("checkpoints/valid") else {
        return;
    };
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.to_str().unwrap().contains("deflate"));
    let files = files.filter(|path| path.extension().is_none_or(|end| end != "json"));
    let mut opened = 0;
    for path in files {
        let limited = |bytes| OpenOptions::new().memory_limit(bytes);
        let (mut few, mut enough) = (0usize, 1 << 28);
        while few + 1 < enough {
            let half = few.midpoint(enough);
            match limited(half).open(&path) {
                Ok(_) => enough = half,
                Err(_) => few = half,
            }
        }
        limited(enough).verify(true).open(&path).unwrap();
        opened += 1;
    }
    assert!(opened > 0);
}

/// Deflated data that are long and inflate to nothing, read for each tensor beside the weights.
#[test]
fn one_long_record_of_nothing() {
    let nothing = [
        b"\0\0\0\xff\xff".repeat(300_000),
        b"\x01\0\0\xff\xff".to_vec(),
    ]
    .concat();
    let memoized = [tensor("1", 1, &[], &[]), b"q\0".to_vec()].concat();
    let many = [b"](".as_slice(), &memoized, &b"h\0".repeat(50_000), b"e"].concat();
    let object = dict(&[
        ("model", dict(&[("w", tensor("0", 1, &[], &[]))])),
        ("x", many),
    ]);
    let object = [&b"N0".repeat(50_000), object.as_slice()].concat();
    let mut file = zip(&[
        ("a/data.pkl", &pickle(&object)),
        ("a/data/0", &[0; 4]),
        ("a/data/1", &nothing),
    ]);
    // the last entry of the directory, and the header of that record
    let name = b"a/data/1";
    let places = (0..file.len() - name.len()).filter(|&at| file[at..].starts_with(name));
    let places: Vec<usize> = places.collect();
    let [local, entry] = places[..] else {
        panic!("{places:?}")
    };
    file[local - 22] = 8;
    file[entry - 36] = 8;
    file[entry - 22..entry - 18].fill(0);
    assert!(bounded("nothing", &file).is_ok());
}
