//! `ascend explain` on files that are no plain text: compressed, of other encodings, archives, programs.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::explain::{codes, explains_json, explains_stdin};
use super::{ascend, fails, path, text};

const SAID: &str = "调用失败，错误码：507018\r\naclrtMalloc failed, ret=207001\r\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn utf16(said: &str) -> Vec<u8> {
    let units = said.encode_utf16().flat_map(u16::to_le_bytes);
    [0xFF, 0xFE].into_iter().chain(units).collect()
}

#[test]
fn logs_are_read_in_their_encoding_and_out_of_gzip() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("a.log");
    let gbk = b"\xb5\xf7\xd3\xc3\xca\xa7\xb0\xdc\xa3\xac\xb4\xed\xce\xf3\xc2\xeb\xa3\xba507018\n\
                aclrtMalloc failed, ret=207001\n";
    for bytes in [
        SAID.as_bytes().to_vec(),
        utf16(SAID),
        gbk.to_vec(),
        gzip(SAID.as_bytes()),
        gzip(&utf16(SAID)),
        [gzip(&SAID.as_bytes()[..20]), gzip(&SAID.as_bytes()[20..])].concat(),
    ] {
        fs::write(&log, &bytes).unwrap();
        let told = explains_json(&[path(&log)]);
        assert_eq!(codes(&told), ["507018", "207001"], "{bytes:?}");
        let place = &told["findings"][1]["places"][0];
        assert_eq!((&place["line"], &told["files"]), (&2.into(), &1.into()));
        // in a folder and from a pipe too
        assert_eq!(codes(&explains_json(&[path(folder.path())])), codes(&told));
        let (code, piped) = explains_stdin(&["--json"], &bytes);
        let piped: Value = serde_json::from_str(&piped).unwrap();
        assert_eq!((code, codes(&piped)), (Some(0), codes(&told)));
    }
}

#[test]
fn what_is_no_text_is_told_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let mut tar = vec![b'a'; 1024];
    tar[257..262].copy_from_slice(b"ustar");
    let program = [&b"\x7fELF\x02\x01"[..], &[0; 100], b"ret=507034"].concat();
    for (name, bytes, command) in [
        (
            "a.zip",
            b"PK\x03\x04 ret=507034".to_vec(),
            "unzip -d FOLDER",
        ),
        ("a.tar", tar.clone(), "tar xf"),
        ("a.tgz", gzip(&tar), "tar xzf"),
        ("a.xz", b"\xfd7zXZ\0".to_vec(), "xz -dk"),
        ("twice.gz", gzip(&gzip(SAID.as_bytes())), "gunzip -k"),
    ] {
        fs::write(at(name), bytes).unwrap();
        let shown = at(name).display().to_string();
        let named = format!("{shown} is packed as ");
        let parts = [&*named, command, "give what comes out"];
        fails(&["explain", &shown], 9, &parts);
        // a folder goes on, and names it
        let told = ascend(&["explain", path(folder.path())]);
        let told = text(&told.stdout);
        assert!(
            told.contains("but 1 file was not read")
                && told.contains(&format!("not read: {shown}: ")),
            "{told}"
        );
        fs::remove_file(at(name)).unwrap();
    }
    // a shell takes the command as it is told
    fs::write(at("it's one.tar"), &tar).unwrap();
    let shown = at("it's one.tar").display().to_string();
    let command = format!("`tar xf '{}'`", shown.replace('\'', r"'\''"));
    fails(&["explain", &shown], 9, &[&command]);
    fs::write(at("core"), program).unwrap();
    fails(
        &["explain", path(&at("core"))],
        9,
        &["core is binary and no text", "give the log"],
    );
}

#[test]
fn damaged_and_endless_gzip_is_read_as_far_as_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("a.log.gz");
    let lines =
        |count: u32| (0..count).map(|n| format!("{n} {:x}\n", n.wrapping_mul(2_654_435_761)));
    let noise = lines(50_000).collect::<String>();
    let whole = gzip(format!("{SAID}{noise}").as_bytes());
    fs::write(&log, &whole[..whole.len() / 2]).unwrap();
    let told = explains_json(&[path(&log)]);
    assert_eq!(codes(&told), ["507018", "207001"]);
    let reason = told["unread"][0]["reason"].as_str().unwrap();
    assert!(
        reason.contains("damaged or cut") && reason.contains("copy it anew"),
        "{reason}"
    );
    // of little too, and a line that is cut
    let short = format!("{SAID}E16002: cut");
    let whole = gzip(short.as_bytes());
    let end = whole.len();
    let mut changed = whole.clone();
    changed[end - 8] ^= 1;
    for damaged in [&whole[..end - 4], &changed] {
        fs::write(&log, damaged).unwrap();
        let told = explains_json(&[path(&log)]);
        assert_eq!(codes(&told), ["507018", "207001", "E16002"]);
        assert_eq!(told["unread"].as_array().unwrap().len(), 1);
    }
    fs::write(&log, b"\x1f\x8bnothing of gzip").unwrap();
    let told = ascend(&["explain", path(&log)]);
    assert_eq!(told.status.code(), Some(1));
    assert!(text(&told.stdout).contains("but 1 file was not read or not whole"));
    bomb(&log);
    let told = ascend(&["explain", path(&log)]);
    assert!(text(&told.stdout).contains("only its first 1024 MiB were read"));
}

/// Little that becomes more than anyone wants to read.
fn bomb(place: &Path) {
    let member = gzip(&vec![0; 64 << 20]);
    fs::write(place, member.repeat(17)).unwrap();
}
