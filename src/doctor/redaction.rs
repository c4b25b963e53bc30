//! Names and numbers that are nobody else's business, replaced by others.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Included, Unbounded};
use std::path::Path;

use super::address::{address, without_logins};
use super::kind::Kind;
use super::machine::Machine;
use super::user::Account;

/// Users that every machine has, or that Ascend brings.
const COMMON: [&str; 4] = ["root", "HwHiAiUser", "user", "nobody"];
/// Names of hosts that tell nothing.
const COMMON_HOSTS: [&str; 2] = ["localhost", "localhost.localdomain"];
/// Where homes are.
const HOMES: [&str; 2] = ["/home/", "/Users/"];
/// No file has a longer name.
const MOST_NAME: usize = 255;

/// What is replaced by what: the same by the same, in all texts.
#[derive(Clone, Debug, Default)]
pub struct Redaction {
    /// Names that are looked for as they are.
    names: BTreeMap<String, Kind>,
    /// Names of hosts, in small letters.
    hosts: BTreeSet<String>,
    /// What looks like an address and is none.
    kept: BTreeSet<String>,
    replaced: BTreeMap<(Kind, String), usize>,
    counts: BTreeMap<Kind, usize>,
}

impl Redaction {
    /// For texts of a machine; `kept` are versions that could be taken for addresses.
    #[must_use]
    pub fn of(machine: &Machine, kept: impl IntoIterator<Item = String>) -> Self {
        let mut redaction = Self {
            kept: kept.into_iter().collect(),
            ..Self::default()
        };
        for account in Account::people(&machine.root) {
            redaction.home(&account.home);
            redaction.user(&account.name);
        }
        for name in ["USER", "LOGNAME", "SUDO_USER"] {
            redaction.user(&machine.variable(name).unwrap_or_default().to_string_lossy());
        }
        redaction.home(
            &machine
                .variable("HOME")
                .unwrap_or_default()
                .to_string_lossy(),
        );
        redaction.user(machine.user());
        let hosts = ["/etc/hostname", "/proc/sys/kernel/hostname"];
        let hosts = hosts
            .iter()
            .filter_map(|file| machine.root.text(Path::new(file)).plain());
        let named = machine
            .variable("HOSTNAME")
            .map(|name| name.to_string_lossy().into_owned());
        for host in hosts.chain(named) {
            let host = host.trim();
            for name in [host, host.split('.').next().unwrap_or_default()] {
                if !name.is_empty() && !COMMON_HOSTS.contains(&name) {
                    redaction.hosts.insert(name.to_ascii_lowercase());
                }
            }
        }
        redaction
    }

    fn user(&mut self, name: &str) {
        if !name.is_empty() && !COMMON.contains(&name) && !name.chars().all(|c| c.is_ascii_digit())
        {
            self.names.insert(name.to_owned(), Kind::User);
        }
    }

    /// A home in its usual place is found by the name in it; others as a whole.
    fn home(&mut self, home: &str) {
        let is_usual = HOMES.iter().any(|place| home.starts_with(place));
        let is_path = home.starts_with('/') && home.len() > 2 && home != "/root";
        if is_path && !is_usual && !home.starts_with("/usr") && !home.starts_with("/var") {
            let home = home.trim_end_matches('/').to_owned();
            self.names.insert(home, Kind::Home);
        }
        self.learn(&format!("{home}/"));
    }

    /// Learns the names of users from the paths in a text. All texts are learnt from before the first is
    /// redacted.
    pub fn learn(&mut self, text: &str) {
        for place in HOMES {
            for (at, _) in text.match_indices(place) {
                let rest = &text[at + place.len()..];
                let end = rest.find(|c: char| !(c.is_alphanumeric() || "._-".contains(c)));
                let name = &rest[..end.unwrap_or(rest.len())];
                if name.len() <= MOST_NAME {
                    self.user(name);
                }
            }
        }
    }

    /// The text with everything replaced.
    pub fn redact(&mut self, text: &str) -> String {
        let mut redacted = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let line = without_logins(line);
            let line = self.serials(&line);
            let line = self.addresses(&line);
            redacted.push_str(&self.known(&line));
        }
        redacted
    }

    /// How many of a kind were replaced, each counted once.
    #[must_use]
    pub fn count(&self, kind: Kind) -> usize {
        self.counts.get(&kind).copied().unwrap_or_default()
    }

    fn stand_in(&mut self, kind: Kind, name: &str) -> String {
        let counts = &mut self.counts;
        let number = *self
            .replaced
            .entry((kind, name.to_owned()))
            .or_insert_with(|| {
                let count = counts.entry(kind).or_default();
                *count += 1;
                *count
            });
        match kind {
            Kind::Home => format!("/{kind}-{number}"),
            _ => format!("{kind}-{number}"),
        }
    }

    /// Names that are known, the longest first, where no letter or digit is beside them.
    fn known(&mut self, text: &str) -> String {
        let (mut redacted, mut at) = (String::with_capacity(text.len()), 0);
        while let Some(c) = text[at..].chars().next() {
            if let Some((name, kind)) = self.name_at(text, at) {
                at += name.len();
                redacted.push_str(&self.stand_in(kind, &name));
            } else {
                redacted.push(c);
                at += c.len_utf8();
            }
        }
        redacted
    }

    /// The longest name that begins at a place.
    fn name_at(&self, text: &str, at: usize) -> Option<(String, Kind)> {
        let rest = &text[at..];
        if !rest.starts_with('/') && !is_free(text[..at].chars().next_back()) {
            return None;
        }
        let hosts = self.hosts.iter().filter(|host| {
            let word = rest.get(..host.len());
            let is_host = word.is_some_and(|word| word.eq_ignore_ascii_case(host));
            is_host && is_free(rest[host.len()..].chars().next())
        });
        let host = hosts.max_by_key(|host| host.len());
        let name = self.longest_name(rest);
        match (host, name) {
            (Some(host), name) if name.is_none_or(|(name, _)| name.len() <= host.len()) => {
                Some((host.clone(), Kind::Host))
            }
            (_, name) => name.map(|(name, kind)| (name.to_owned(), kind)),
        }
    }

    /// The longest name that a text begins with, up to the end of a word. Only as much of the text is
    /// looked at as any name begins with.
    fn longest_name(&self, text: &str) -> Option<(&str, Kind)> {
        let ends = text.char_indices().map(|(at, c)| (at, Some(c)));
        let ends = ends.chain([(text.len(), None)]).skip(1);
        let mut longest = None;
        for (end, next) in ends {
            if !is_free(next) {
                continue;
            }
            let begin = &text[..end];
            let mut names = self.names.range::<str, _>((Included(begin), Unbounded));
            match names.next() {
                Some((name, kind)) if name == begin => longest = Some((name.as_str(), *kind)),
                Some((name, _)) if name.starts_with(begin) => {}
                _ => break,
            }
        }
        longest
    }

    /// What stands behind the words serial number.
    fn serials(&mut self, line: &str) -> String {
        let lower = line.to_ascii_lowercase();
        let key = ["serial", "s/n", "sn:", "sn=", "uuid"]
            .iter()
            .find_map(|key| lower.find(key));
        let value = key.and_then(|key| Some(key + line[key..].find([':', '='])? + 1));
        let Some(start) = value else {
            return line.to_owned();
        };
        let mut redacted = line[..start].to_owned();
        for word in line[start..].split_inclusive(|c: char| !c.is_alphanumeric() && c != '-') {
            let bare = word.trim_end_matches(|c: char| !c.is_alphanumeric());
            if bare.chars().any(|c| c.is_ascii_digit()) && bare.len() > 2 {
                redacted.push_str(&self.stand_in(Kind::Serial, bare));
                redacted.push_str(&word[bare.len()..]);
            } else {
                redacted.push_str(word);
            }
        }
        redacted
    }

    fn addresses(&mut self, line: &str) -> String {
        let is_part = |c: char| c.is_ascii_alphanumeric() || ".:-_".contains(c);
        // versions of four numbers are told as such
        let key = line
            .split('=')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        let is_version = line.contains('=') && key.trim().ends_with("version");
        let mut redacted = String::with_capacity(line.len());
        for word in line.split_inclusive(|c: char| !is_part(c)) {
            // once for the word, however many parts it has
            let end = word
                .trim_end_matches(|c: char| !is_part(c))
                .trim_end_matches(['.', ':', '-'])
                .len();
            let mut rest = word;
            loop {
                let bare = &rest[..end.saturating_sub(word.len() - rest.len())];
                let found = address(bare).filter(|(kind, found)| {
                    let is_told = is_version || self.kept.contains(*found);
                    *kind != Kind::Ip || found.contains(':') || !is_told
                });
                let len = found.map_or(0, |(_, found)| found.len());
                if let Some((kind, found)) = found {
                    redacted.push_str(&self.stand_in(kind, found));
                }
                // names of cards stand before addresses, ports and other addresses behind them
                let next = rest[len..].find([':', '-', '_']).map(|end| len + end + 1);
                let next = next.unwrap_or(rest.len());
                redacted.push_str(&rest[len..next]);
                rest = &rest[next..];
                if rest.is_empty() {
                    break;
                }
            }
        }
        redacted
    }
}

/// Whether a name may begin or end beside a letter.
fn is_free(beside: Option<char>) -> bool {
    !beside.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn names_and_numbers_are_replaced_consistently() {
        let place = tempfile::tempdir().unwrap();
        fs::create_dir(place.path().join("etc")).unwrap();
        let write =
            |file: &str, text: &str| fs::write(place.path().join("etc").join(file), text).unwrap();
        write("hostname", "npu07.lab.example\n");
        write(
            "passwd",
            "root:x:0:0::/root:/bin/sh\nada:x:1001:1001::/home/ada:/bin/sh\ngrace:x:1002:1:,,,:/data/g1:/bin/sh\n",
        );
        let machine = Machine::at(place.path()).unwrap();
        let mut redaction = Redaction::of(&machine, ["24.1.0.3".to_owned()]);
        redaction.learn("see /home/linus/net.om");
        for (text, expected) in [
            (
                "/home/ada/Ascend of ada, not adamant",
                "/home/user-1/Ascend of user-1, not adamant",
            ),
            (
                "LD=/data/g1/lib:/home/linus/x",
                "LD=/home-1/lib:/home/user-2/x",
            ),
            ("on npu07.lab.example (npu07)", "on host-1 (host-2)"),
            ("root grace", "root user-3"),
            (
                "10.1.2.3:8080 and 10.1.2.4, 10.1.2.3.",
                "ip-1:8080 and ip-2, ip-1.",
            ),
            (
                "driver 24.1.0.3 with 7.5.0.1.129",
                "driver 24.1.0.3 with 7.5.0.1.129",
            ),
            (
                "Version=7.7.0.1\nfirmware_version=1.2.3.4",
                "Version=7.7.0.1\nfirmware_version=1.2.3.4",
            ),
            (
                "127.0.0.1 0000:81:00.0 12:30:45",
                "127.0.0.1 0000:81:00.0 12:30:45",
            ),
            ("fe80::1ff:fe23:4567:890a", "ip-3"),
            ("52:54:00:12:34:56", "mac-1"),
            ("Serial Number : 1020AB77", "Serial Number : serial-1"),
            ("SN=1020AB77\n", "SN=serial-1\n"),
            ("id 123e4567-e89b-12d3-a456-426614174000", "id serial-2"),
            ("größe der Datei", "größe der Datei"),
            ("NPU07.Lab.example Npu07", "host-1 host-2"),
            (
                "eth0:10.1.2.4, 10.1.2.5-10.1.2.3 eth0_10.1.2.4.",
                "eth0:ip-2, ip-4-ip-1 eth0_ip-2.",
            ),
            ("10.1.2.3:10.1.2.4 10.1.2.5:80:x", "ip-1:ip-2 ip-4:80:x"),
            ("eth0:52:54:00:12:34:56", "eth0:mac-1"),
            ("driver-24.1.0.3-aarch64", "driver-24.1.0.3-aarch64"),
            (
                "http://ada:s3c/r3t@10.1.2.3:80/x, ssh://ada@b:1 http://c/d",
                "http://login@ip-1:80/x, ssh://login@b:1 http://c/d",
            ),
        ] {
            assert_eq!(redaction.redact(text), expected);
        }
        assert_eq!(
            (redaction.count(Kind::User), redaction.count(Kind::Ip)),
            (3, 4)
        );
    }
    /// None of these would end if a part of the text were looked at again for each of its letters.
    #[test]
    fn long_texts_take_no_longer_than_they_are() {
        const MANY: usize = 1 << 18;
        let place = tempfile::tempdir().unwrap();
        let machine = Machine::at(place.path()).unwrap();
        let mut redaction = Redaction::of(&machine, []);
        // names of all lengths, and many of one beginning
        for len in 1..MOST_NAME {
            redaction.learn(&format!("/home/{}/x", "a.".repeat(len)));
        }
        for number in 0..20_000 {
            redaction.learn(&format!("/home/a{number}.b/x"));
        }
        for text in [
            "-", ":", ".", "a:", "://", "a://b", "a.b.", "/home/", "sn:1 ",
        ] {
            let text = text.repeat(MANY);
            assert!(redaction.redact(&text).len() > MANY / 2);
        }
        let text = "a17.b and a.a.b, a.a".to_owned();
        let told = redaction.redact(&text);
        assert!(told.starts_with("user-") && !told.contains("a17"), "{told}");
    }
}
