//! The user whose programs are to run.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::root::Root;

/// The users with a password entry of their own begin here.
const FIRST_PERSON: u32 = 1000;
/// Nobody, who is no person.
const NOBODY: u32 = 65534;

/// A user and its groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct User {
    pub(super) name: String,
    id: u32,
    groups: Vec<u32>,
}

impl User {
    /// The user that containers have by default.
    pub(super) fn root() -> Self {
        Self {
            name: "root".to_owned(),
            id: 0,
            groups: vec![0],
        }
    }

    /// The user of this process.
    pub(super) fn here(root: &Root) -> Option<Self> {
        let status = root.text(Path::new("/proc/self/status")).plain()?;
        let field = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key))?;
            let numbers = line.split_ascii_whitespace().map(str::parse);
            Some(numbers.flatten().collect::<Vec<u32>>())
        };
        // real, effective, saved, of files
        let id = *field("Uid:")?.get(1)?;
        let mut groups = field("Groups:").unwrap_or_default();
        groups.extend(field("Gid:")?.get(1));
        let known = Account::all(root)
            .into_iter()
            .find(|account| account.id == id);
        let name = known.map_or_else(|| id.to_string(), |account| account.name);
        Some(Self { name, id, groups })
    }

    /// The user of this name, as the files of the root tell.
    pub(super) fn named(root: &Root, name: &str) -> Option<Self> {
        let account = Account::all(root)
            .into_iter()
            .find(|account| account.name == name)?;
        let mut groups = vec![account.group];
        for group in lines(root, "/etc/group") {
            let [_, _, id, members] = &group[..] else {
                continue;
            };
            if members.split(',').any(|member| member == name) {
                groups.extend(id.parse::<u32>());
            }
        }
        Some(Self {
            name: account.name,
            id: account.id,
            groups,
        })
    }

    /// Tells whether the user may read and write.
    pub(super) fn may_use(&self, facts: &Metadata) -> bool {
        let shift = if self.id == facts.uid() {
            6
        } else if self.groups.contains(&facts.gid()) {
            3
        } else {
            0
        };
        self.id == 0 || facts.mode() >> shift & 0o6 == 0o6
    }
}

/// A line of `/etc/passwd`.
pub(super) struct Account {
    pub(super) name: String,
    pub(super) home: String,
    id: u32,
    group: u32,
}

impl Account {
    fn all(root: &Root) -> Vec<Self> {
        let accounts = lines(root, "/etc/passwd").into_iter();
        accounts
            .filter_map(|fields| {
                Some(Self {
                    name: fields.first().filter(|name| !name.is_empty())?.clone(),
                    home: fields.get(5)?.clone(),
                    id: fields.get(2)?.parse().ok()?,
                    group: fields.get(3)?.parse().ok()?,
                })
            })
            .collect()
    }

    /// Those of people.
    pub(super) fn people(root: &Root) -> Vec<Self> {
        let mut people = Self::all(root);
        people.retain(|account| account.id >= FIRST_PERSON && account.id != NOBODY);
        people
    }
}

/// Whether there is a group of this name.
pub(super) fn is_group(root: &Root, name: &str) -> bool {
    let groups = lines(root, "/etc/group");
    groups.iter().any(|group| group[0] == name)
}

/// Whether a name of a user or group can stand in a command.
pub(super) fn is_name(name: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    !name.is_empty() && !name.starts_with('-') && name.chars().all(is_of_name)
}

/// The group of a file by its name, else by its number.
pub(super) fn group_of(root: &Root, facts: &Metadata) -> String {
    let id = facts.gid().to_string();
    let groups = lines(root, "/etc/group").into_iter();
    let mut names = groups.filter(|group| group.get(2) == Some(&id) && is_name(&group[0]));
    names.next().map_or(id.clone(), |group| group[0].clone())
}

fn lines(root: &Root, path: &str) -> Vec<Vec<String>> {
    let text = root.text(Path::new(path)).plain().unwrap_or_default();
    let lines = text.lines();
    lines
        .map(|line| line.split(':').map(str::to_owned).collect())
        .collect()
}
