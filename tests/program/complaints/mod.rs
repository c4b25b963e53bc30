//! The thirty complaints of `docs/complaints.md`, replayed: what the page shows is what the program says,
//! and what it says holds what a user needs.
//!
//! `ASCEND_WRITE_PAGES=1 cargo test --test program complaints` writes what the program says now into the
//! page; read the difference before you keep it.

mod conversion;
mod environment;
mod errors;
mod results;
mod said;
mod threads;
mod versions;

use std::env;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use tempfile::TempDir;

use super::book::root;
use super::doctor_tree::Tree;
use super::shell::shell;
use said::Said;

/// Tests that write the page do it one by one.
static PAGE: Mutex<()> = Mutex::new(());

fn page() -> PathBuf {
    root().join("docs/complaints.md")
}

/// One of the complaints: its folder, and what was said there.
struct Complaint {
    number: u32,
    folder: TempDir,
    said: Vec<Said>,
}

impl Complaint {
    fn of(number: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            number,
            folder,
            said: Vec::new(),
        }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file in the folder.
    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.at(name), content).unwrap();
    }

    /// A configuration of the CPU device with one fault.
    fn plant(&self, function: &str, effect: &str) {
        let fault = format!("[[fault]]\nfunction = \"{function}\"\n{effect}\n");
        self.write("fault.toml", fault);
    }

    /// Puts a machine into the folder, for `ascend doctor --root machine --env environ`.
    fn machine(&self, tree: &Tree) {
        tree.stands_in(self.folder.path());
    }

    /// A command line of a shell in the folder, to make what the complaint needs.
    #[track_caller]
    fn shell(&self, line: &str) -> Said {
        let mut command = shell(line);
        command.current_dir(&self.folder);
        Said::of(line, &command.output().unwrap(), self.folder.path())
    }

    /// Makes something, which has to succeed.
    #[track_caller]
    fn makes(&self, line: &str) {
        let said = self.shell(line);
        assert_eq!(said.code, 0, "{line}: {}", said.text);
    }

    /// Runs a command line that the page shows: its exit code, and what a user needs to read.
    #[track_caller]
    fn says(&mut self, line: &str, code: i32, needed: &[&str]) -> &mut Said {
        let said = self.shell(line);
        self.shows(said, code, needed)
    }

    /// Takes what was said for the page.
    #[track_caller]
    fn shows(&mut self, said: Said, code: i32, needed: &[&str]) -> &mut Said {
        assert_eq!(said.code, code, "{}: {}", said.line, said.text);
        for part in needed {
            let text = &said.text;
            assert!(
                text.contains(part),
                "{}: no {part:?} in:\n{text}",
                said.line
            );
        }
        self.said.push(said);
        self.said.last_mut().unwrap()
    }

    /// `ascend doctor` on the machine in the folder.
    #[track_caller]
    fn doctor_says(&mut self, code: i32, needed: &[&str]) {
        let line = "ascend doctor --root machine --env environ";
        self.says(line, code, needed).leave_out(&["ok "]);
    }

    /// Asserts that the page shows just this.
    #[track_caller]
    fn matches_the_page(self) {
        let _alone = PAGE.lock().unwrap();
        let whole = fs::read_to_string(page()).unwrap();
        let start = whole
            .find(&format!("\n## {}. ", self.number))
            .unwrap_or_else(|| panic!("the page has no section {}", self.number));
        let len = whole[start + 1..].find("\n## ");
        let end = len.map_or(whole.len(), |len| start + 1 + len);
        let mut section = whole[start..end].to_owned();
        let count = section.matches("\n```text\n").count();
        assert_eq!(count, self.said.len(), "outputs of section {}", self.number);
        let is_written = env::var_os("ASCEND_WRITE_PAGES").is_some();
        for said in &self.said {
            let head = format!("\n```sh\n{}\n```\n\n```text\n", said.line);
            let (before, rest) = section
                .split_once(&head)
                .unwrap_or_else(|| panic!("section {} lacks {head}", self.number));
            let (shown, after) = rest.split_once("```\n").unwrap();
            if is_written {
                section = format!("{before}{head}{}```\n{after}", said.text);
            } else {
                assert_eq!(shown, said.text, "section {}, {}", self.number, said.line);
            }
        }
        if is_written {
            let new = format!("{}{section}{}", &whole[..start], &whole[end..]);
            fs::write(page(), new).unwrap();
        }
    }
}

/// No output on the page is without its test.
#[test]
fn every_section_is_replayed() {
    let sources = [
        include_str!("conversion.rs"),
        include_str!("environment.rs"),
        include_str!("errors.rs"),
        include_str!("results.rs"),
        include_str!("threads.rs"),
        include_str!("versions.rs"),
    ];
    let text = fs::read_to_string(page()).unwrap();
    for number in 1..=31 {
        assert!(
            text.contains(&format!("\n## {number}. ")),
            "{number} is not told"
        );
        let made = format!("Complaint::of({number})");
        let is_tested = sources.iter().any(|source| source.contains(&made));
        assert!(is_tested, "{number} is not replayed");
    }
    assert_eq!(text.matches("\n## ").count(), 31);
}
