//! What is nobody else's business.

use std::fmt;

/// What is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The name of a user, also in the path of its home.
    User,
    /// The folder of a user that lies elsewhere than usual.
    Home,
    /// The name of a host.
    Host,
    /// An address of the Internet Protocol.
    Ip,
    /// The address of a network card.
    Mac,
    /// A serial number or UUID.
    Serial,
}

impl Kind {
    /// The word that stands for one, before its number.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Home => "home",
            Self::Host => "host",
            Self::Ip => "ip",
            Self::Mac => "mac",
            Self::Serial => "serial",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
