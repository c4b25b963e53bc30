//! Nothing to build without the feature `bindgen`.

fn main() {}
