//! What strict mode finds: mistakes of the program that hardware would let pass, or answer late.

use std::fmt;

use crate::ledger::Origin;
use crate::sync::lock;
use crate::world::World;

/// The kinds of mistakes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Mistake {
    /// Memory was used after it was freed.
    UseAfterFree,
    /// Memory was freed while queued work names it.
    FreedWhileInUse,
    /// A host buffer was changed before the queued copy from it ran.
    HostBufferReused,
    /// A handle was used after it was destroyed.
    DeadHandle,
    /// A dataset, data buffer or description was destroyed while a queued run names it.
    DiedTooSoon,
    /// The kind of a copy does not fit its addresses.
    WrongCopyKind,
    /// The host reads or frees what queued work has not finished with.
    MissingSynchronize,
    /// A block was freed by the function for another kind of memory.
    WrongFree,
    /// A function that a stream runs made a call that it must not make.
    ForbiddenInCallback,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UseAfterFree => "use after free",
            Self::FreedWhileInUse => "freed while in use",
            Self::HostBufferReused => "host buffer reused too early",
            Self::DeadHandle => "dead handle",
            Self::DiedTooSoon => "died too soon",
            Self::WrongCopyKind => "wrong copy kind",
            Self::MissingSynchronize => "missing synchronise",
            Self::WrongFree => "wrong free",
            Self::ForbiddenInCallback => "forbidden in a callback",
        })
    }
}

/// A mistake that strict mode found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of mistake it is.
    pub mistake: Mistake,
    /// What was done, to what, and what to do instead.
    pub text: String,
    /// The call that the mistake came out at.
    pub found_by: Origin,
    /// The call that made the object, where there is one.
    pub made_by: Option<Origin>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Origin { symbol, sequence } = self.found_by;
        write!(
            f,
            "{} in {symbol}, call {sequence}: {}",
            self.mistake, self.text
        )?;
        if let Some(Origin { symbol, sequence }) = self.made_by {
            write!(f, " (made by {symbol}, call {sequence})")?;
        }
        Ok(())
    }
}

impl World {
    /// Keeps a finding and tells it, in strict mode; lenient worlds do as hardware does.
    pub(crate) fn report(&self, finding: Finding) {
        if !self.config.strict {
            return;
        }
        tracing::warn!("{finding}");
        lock(&self.findings).push(finding);
    }
}
