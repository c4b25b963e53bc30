//! The rules, by what they look at.

pub(super) mod custom;
pub(super) mod export;
pub(super) mod flow;
pub(super) mod gears;
pub(super) mod graph;
pub(super) mod model;
pub(super) mod names;
pub(super) mod operators;
pub(super) mod precision;
pub(super) mod shapes;
pub(super) mod soc;
pub(super) mod speed;
