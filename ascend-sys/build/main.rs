//! Makes the bindings anew when the feature `bindgen` asks for it, and does nothing otherwise.

#![allow(clippy::print_stdout, reason = "how a build script speaks to cargo")]

#[cfg(feature = "bindgen")]
mod generate;
#[cfg(feature = "bindgen")]
mod items;

fn main() {
    println!("cargo::rerun-if-changed=build");
    // For packages that hand our headers on.
    let package = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    println!("cargo::metadata=include={package}/include");
    #[cfg(feature = "bindgen")]
    generate::bindings();
}
