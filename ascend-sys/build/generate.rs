//! Bindings from the installed toolkit's headers, or else from this crate's own.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

const OWN_HEADER: &str = "include/ascendcl.h";
const TOOLKIT_HEADERS: [&str; 4] = [
    "acl/acl.h",
    "acl/acl_mdl.h",
    "acl/acl_op.h",
    "acl/acl_rt_allocator.h",
];

/// Begins the one list of signatures, as a macro.
const LIST: &str =
    "/// Hands every signature to another macro: the one list that tables, the CPU device and the
/// exported names are made from.
#[macro_export]
macro_rules! acl_functions {
($callback:ident) => { $callback! {";

/// Writes `bindings.rs` to the build's output folder.
pub(crate) fn bindings() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let (header, include) = match toolkit_include() {
        Some(include) => {
            let wrapper = out.join("toolkit.h");
            let lines: Vec<String> = ["stdbool.h"]
                .into_iter()
                .chain(
                    TOOLKIT_HEADERS
                        .into_iter()
                        .filter(|name| include.join(name).is_file()),
                )
                .map(|name| format!("#include <{name}>"))
                .collect();
            fs::write(&wrapper, lines.join("\n")).expect("OUT_DIR is writable");
            (wrapper, Some(include))
        }
        None => (PathBuf::from(OWN_HEADER), None),
    };
    println!("cargo::rerun-if-changed={}", header.display());
    println!(
        "cargo::rustc-env=ASCEND_SYS_HEADERS={}",
        include.as_deref().unwrap_or(Path::new("own")).display()
    );
    let text = generate(&header, include.as_deref());
    fs::write(out.join("bindings.rs"), text).expect("OUT_DIR is writable");
}

/// The `include` folder of the toolkit that the environment names.
fn toolkit_include() -> Option<PathBuf> {
    ["ASCEND_TOOLKIT_HOME", "ASCEND_HOME_PATH"]
        .iter()
        .find_map(|variable| {
            println!("cargo::rerun-if-env-changed={variable}");
            let include = PathBuf::from(env::var_os(variable)?).join("include");
            include.join("acl/acl.h").is_file().then_some(include)
        })
}

fn generate(header: &Path, include: Option<&Path>) -> String {
    let mut builder = bindgen::Builder::default()
        .header(header.to_str().expect("the header's path is UTF-8"))
        .allowlist_item("(acl|ACL).*")
        // Variadic: a table cannot hold it as a method, and Rust cannot define it.
        .blocklist_function("aclAppLog")
        .default_enum_style(bindgen::EnumVariation::NewType {
            is_bitfield: false,
            is_global: false,
        })
        .default_macro_constant_type(bindgen::MacroTypeVariation::Signed)
        .prepend_enum_name(false)
        .derive_default(true)
        .generate_cstr(true)
        .merge_extern_blocks(true)
        .formatter(bindgen::Formatter::Prettyplease)
        .rust_target(bindgen::RustTarget::stable(85, 0).expect("bindgen knows this release"))
        .use_core();
    if let Some(include) = include {
        builder = builder.clang_arg(format!("-I{}", include.display()));
    }
    let text = builder
        .generate()
        .expect("the header is valid C")
        .to_string();
    let (types, functions) = text
        .split_once("unsafe extern \"C\" {")
        .expect("the header declares functions");
    let functions = functions.trim_end();
    let functions = functions
        .strip_suffix('}')
        .filter(|functions| !functions.contains("extern \"C\" {"))
        .expect("bindgen merges the extern blocks into the last item");
    format!("{types}{LIST}{functions}}} }};\n}}\nacl_functions!(acl_api);\n")
}
