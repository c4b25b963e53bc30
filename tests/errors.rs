//! The error book holds what the reference lists, and errors of the library have its words.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test ends where it fails, and says what it skips"
)]

#[path = "errors/acl_config.rs"]
mod acl_config;
#[path = "errors/messages.rs"]
mod messages;
#[path = "errors/sources.rs"]
mod sources;
#[path = "errors/texts.rs"]
mod texts;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use ascend_mock::{Effect, Injection, MockConfig};
use ascend_rt::errors::{self, Set};
use ascend_rt::{Acl, AclCode, Stream};

/// A file of the reference, where it is at hand.
fn reference(name: &str) -> Option<String> {
    let place = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/reference");
    let text = fs::read_to_string(place.join(name));
    if text.is_err() {
        println!("skipped: {name} of the reference is not here");
    }
    text.ok()
}

#[test]
fn every_entry_can_be_looked_up_and_read() {
    let mut codes = BTreeSet::new();
    for entry in errors::entries() {
        assert!(
            codes.insert(entry.code.clone()),
            "{} is there twice",
            entry.code
        );
        assert_eq!(errors::lookup(&entry.code).as_ref(), Some(&entry));
        assert!(entry.is_known, "{entry:?}");
        for words in [entry.meaning, entry.cause, entry.remedy, entry.look] {
            assert!(words.len() > 3 && words.trim() == words, "{entry:?}");
            assert!(!words.ends_with('.') && words.is_ascii(), "{entry:?}");
        }
        if let Some(name) = entry.name {
            assert_eq!(errors::lookup(name).unwrap().name, Some(name));
        }
        let small = errors::lookup(&entry.code.to_ascii_lowercase());
        assert_eq!(small.as_ref(), Some(&entry));
    }
    let count = |set| errors::entries().filter(|entry| entry.set == set).count();
    assert_eq!(count(Set::Number), 278);
    assert!(count(Set::Driver) > 30 && count(Set::Message) > 130 && count(Set::Text) > 20);
}

#[test]
fn all_numbers_of_the_reference_are_in_the_book() {
    let Some(table) = reference("acl/error_codes.tsv") else {
        return;
    };
    let mut count = 0;
    for line in table.lines().skip(2) {
        let mut columns = line.split('\t');
        let (number, name) = (columns.next().unwrap(), columns.next().unwrap());
        let entry = errors::lookup(number).unwrap();
        let name = name.split(' ').next();
        assert_eq!((entry.is_known, entry.name), (true, name), "{number}");
        count += 1;
    }
    assert_eq!(count, 252, "all but that of success");
}

#[test]
fn all_message_codes_of_the_reference_are_in_the_book() {
    let mut seen = BTreeSet::new();
    for name in ["onnx/atc.md", "onnx/ais_bench.md", "acl/behaviour.md"] {
        let Some(text) = reference(name) else { return };
        let words = text.split(|c: char| !c.is_ascii_alphanumeric());
        let is_code = |word: &&str| {
            word.len() == 6 && word.starts_with('E') && word.ends_with(|c: char| c.is_ascii_digit())
        };
        for word in words.filter(is_code) {
            if word[2..].bytes().all(|c| c.is_ascii_digit()) {
                assert!(errors::lookup(word).is_some(), "{word} of {name}");
                seen.insert(word.to_owned());
            }
        }
    }
    assert!(seen.len() > 50, "{seen:?}");
}

#[test]
fn what_the_book_does_not_have_is_told_by_its_range() {
    for (code, range) in [
        ("107099", "the runtime"),
        ("199999", "wrong use"),
        ("299999", "not there"),
        ("507999", "on the device"),
        ("E20077", "compiled"),
        ("EI0099", "HCCL"),
        ("0x0715FFFF", "inner number"),
        ("W12345", "a warning"),
        ("drvRet=93", "the driver's functions"),
    ] {
        let entry = errors::lookup(code).unwrap();
        assert!(
            !entry.is_known && entry.meaning.contains(range),
            "{entry:?}"
        );
        assert_eq!(entry.code, code);
        if !code.starts_with("E2") {
            assert!(
                entry.to_string().contains("unknown; its range is"),
                "{entry}"
            );
        }
    }
    let torch = errors::lookup("ERR00200").unwrap();
    assert!(
        torch.is_known && torch.is_sign && torch.meaning.contains("torch_npu"),
        "{torch:?}"
    );
    assert_eq!(errors::find("ERR00200 call of HCCL failed"), [torch]);
    let value = errors::lookup("ERR01003").unwrap();
    assert!(value.is_known && !value.is_sign, "{value:?}");
    assert!(value.look.contains("the operator"), "{value:?}");
    let python = errors::lookup("ERR99999").unwrap();
    assert!(python.is_known && python.is_sign, "{python:?}");
    for other in [
        "ERR05001",
        "drvRet=",
        "drvRet=99999",
        "",
        "0",
        "7",
        "999999",
        "E",
        "E1000",
        "EQ1000",
        "0x123",
        "-1",
        "é",
        "507 011",
    ] {
        assert_eq!(errors::lookup(other), None, "{other}");
    }
}

#[test]
fn errors_of_c_functions_have_the_words_of_the_book() {
    // one of each layer; all numbers are read from the same table
    for number in [
        100_003, 107_002, 145_013, 161_002, 207_001, 500_002, 507_008, 507_015,
    ] {
        let fault = Injection::new("aclrtSetDevice", Effect::Code(number));
        let (api, _lease) = ascend_mock::lease(MockConfig::default().inject(fault)).unwrap();
        // SAFETY: the CPU device keeps to AscendCL's rules; its lease outlives the handle.
        let acl = unsafe { Acl::from_api(api) }.unwrap();
        let error = acl.device(0).unwrap_err();
        let entry = errors::lookup(&number.to_string()).unwrap();
        let text = error.to_string();
        for words in [
            entry.name.unwrap(),
            entry.meaning,
            entry.cause,
            entry.remedy,
        ] {
            assert!(text.contains(words), "{words:?} is missing in {text}");
        }
        // the book reads back what the library and the device said, and their code is the root
        assert_eq!(errors::find(&text)[0].code, entry.code, "{text}");
    }
    for entry in errors::entries().filter(|entry| entry.set == Set::Number) {
        let code = AclCode::new(entry.code.parse().unwrap()).unwrap();
        let own = [code.name(), code.meaning(), code.cause(), code.remedy()];
        let words = [
            entry.name.unwrap(),
            entry.meaning,
            entry.cause,
            entry.remedy,
        ];
        assert_eq!(own, words.map(Some));
    }
}

/// A thread's first call asks for its context, which fails, and nobody is told of that.
#[test]
fn an_error_tells_its_own_failure_once() {
    let fault = Injection::new("aclrtCreateStream", Effect::Code(507_033));
    let acl = Acl::mock(MockConfig::default().inject(fault)).unwrap();
    let context = acl.device(0).unwrap().context();
    let made = std::thread::spawn(move || Stream::new(&context).map(|_| ()));
    let text = made.join().unwrap().unwrap_err().to_string();
    assert!(
        text.contains("507033") && text.contains("what to do"),
        "{text}"
    );
    assert!(!text.contains("107002"), "{text}");
    let remedy = errors::lookup("507033").unwrap().remedy;
    assert_eq!(text.matches(remedy).count(), 1, "{text}");
}
