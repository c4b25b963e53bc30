//! Makes the bindings anew when the feature `bindgen` asks for it, and does nothing otherwise.

#![allow(clippy::print_stdout, reason = "how a build script speaks to cargo")]

#[cfg(feature = "bindgen")]
mod generate;
#[cfg(feature = "bindgen")]
mod items;

fn main() {
    println!("cargo::rerun-if-changed=build");
    #[cfg(feature = "bindgen")]
    generate::bindings();
}
