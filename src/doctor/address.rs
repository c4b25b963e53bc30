//! Addresses in texts.

use super::kind::Kind;

/// No address is longer with its port.
const MOST_ADDRESS: usize = 64;
/// What stands in the place of a login in a URL.
const LOGIN: &str = "login";

/// The address that a word begins with: the whole of it, without a port, or up to the first sign between two.
pub(super) fn address(word: &str) -> Option<(Kind, &str)> {
    let is_short = word.len() <= MOST_ADDRESS;
    let whole = Some(word).filter(|_| is_short);
    // a port, or the time of day
    let without_port = whole.and_then(|word| word.rsplit_once(':'));
    let without_port = without_port.map(|(address, _)| address);
    let without_port = without_port.filter(|address| !address.contains(':'));
    let first = word.split([':', '-', '_']).next();
    let first = first.map(|first| first.trim_end_matches('.'));
    let mut words = [whole, without_port, first].into_iter().flatten();
    words.find_map(|word| {
        let kind = match word {
            word if is_ipv4(word) || is_ipv6(word) => Kind::Ip,
            word if is_mac(word) => Kind::Mac,
            word if is_uuid(word) => Kind::Serial,
            _ => return None,
        };
        Some((kind, word))
    })
}

/// The line without the names and passwords in its URLs.
pub(super) fn without_logins(line: &str) -> String {
    let (mut told, mut rest) = (String::with_capacity(line.len()), line);
    while let Some(at) = rest.find("://") {
        let (before, login) = rest.split_at(at + 3);
        told.push_str(before);
        let end = login.find(|c: char| c.is_whitespace() || "\"'<>".contains(c));
        let end = end.unwrap_or(login.len());
        // without a login there is none in what is left of the word either
        rest = &login[end..];
        match login[..end].rfind('@') {
            Some(at) => {
                told.push_str(LOGIN);
                told.push_str(&login[at..end]);
            }
            None => told.push_str(&login[..end]),
        }
    }
    told.push_str(rest);
    told
}

fn is_ipv4(word: &str) -> bool {
    const TOLD_BY_ALL: [&str; 2] = ["127.0.0.1", "0.0.0.0"];
    !TOLD_BY_ALL.contains(&word) && word.parse::<std::net::Ipv4Addr>().is_ok()
}

fn is_ipv6(word: &str) -> bool {
    let address = word.parse::<std::net::Ipv6Addr>();
    address.is_ok_and(|address| !address.is_loopback() && !address.is_unspecified())
}

fn is_mac(word: &str) -> bool {
    let parts: Vec<_> = word.split([':', '-']).collect();
    let is_byte = |part: &&str| part.len() == 2 && part.chars().all(|c| c.is_ascii_hexdigit());
    parts.len() == 6 && parts.iter().all(is_byte)
}

fn is_uuid(word: &str) -> bool {
    const LENGTHS: [usize; 5] = [8, 4, 4, 4, 12];
    let parts: Vec<_> = word.split('-').collect();
    let is_hexadecimal = |part: &&str| part.chars().all(|c| c.is_ascii_hexdigit());
    parts.iter().map(|part| part.len()).eq(LENGTHS) && parts.iter().all(is_hexadecimal)
}
