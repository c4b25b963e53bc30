//! Bindings from the installed toolkit's headers, or else from this crate's own.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::items::{Functions, Types, line_comments};

/// The headers of this crate, and the name that their list of functions and table begin with.
const OWN_HEADERS: [(&str, &str); 12] = [
    ("ascendcl.h", "acl"),
    ("acl_op_compiler.h", "op_compiler"),
    ("acl_cblas.h", "cblas"),
    ("acl_tdt.h", "tdt"),
    ("acl_prof.h", "prof"),
    ("acl_dump.h", "dump"),
    ("acl_dvpp.h", "dvpp"),
    ("acl_fv.h", "fv"),
    ("acl_platform.h", "platform"),
    ("super_kernel.h", "super_kernel"),
    ("aclnn_base.h", "aclnn_base"),
    ("aclnn_ops.h", "aclnn"),
];
/// The toolkit's headers of the same, as far as it has them.
const TOOLKIT_HEADERS: [&str; 15] = [
    "acl/acl.h",
    "acl/acl_mdl.h",
    "acl/acl_op.h",
    "acl/acl_rt_allocator.h",
    "acl/acl_op_compiler.h",
    "acl/acl_prof.h",
    "acl/acl_dump.h",
    "acl/acl_tdt.h",
    "acl/acl_tdt_queue.h",
    "acl/acl_platform.h",
    "acl/ops/acl_cblas.h",
    "acl/ops/acl_dvpp.h",
    "acl/ops/acl_fv.h",
    "aclnn/acl_meta.h",
    "aclnn/aclnn_base.h",
];
/// A folder of the toolkit all of whose headers are the operators'.
const OPERATORS: &str = "aclnnop";

/// Writes `bindings.rs` to the build's output folder.
pub(crate) fn bindings() {
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let own = out.join("own.h");
    includes(&own, OWN_HEADERS.map(|(name, _)| name.to_owned()));
    println!("cargo::rerun-if-changed=include");
    let (mut types, mut functions) = split(&bindgen(&own, Path::new("include"), &["-std=c99"]));

    let toolkit = toolkit_include();
    if let Some(include) = &toolkit {
        let wrapper = out.join("toolkit.hpp");
        includes(&wrapper, toolkit_headers(include));
        let language = ["-xc++", "-std=c++17", "-DENABLE_DVPP_INTERFACE"];
        let (theirs, signatures) = split(&bindgen(&wrapper, include, &language));
        // What the toolkit lacks stays as we know it: the tables are the same for every toolkit.
        types = theirs.completed_by(&types);
        functions.replace_signatures(signatures);
    }
    println!(
        "cargo::rustc-env=ASCEND_SYS_HEADERS={}",
        toolkit.as_deref().unwrap_or(Path::new("own")).display()
    );

    let mut text = types.to_string();
    let mut tables = String::new();
    for (header, name) in OWN_HEADERS {
        let declared = declared(&Path::new("include").join(header));
        let what = format!("Hands every signature of the header `{header}` to another macro.");
        text += &list(name, &what, &functions.take(&declared));
        tables += &format!("{name}_functions!({name}_api);\n");
    }
    let what = "Hands over the signatures that only the toolkit's headers have.";
    text += &list("other", what, &functions.rest());
    text += &tables;
    fs::write(out.join("bindings.rs"), text).expect("OUT_DIR is writable");
}

/// A list of signatures, as a macro: what tables, the CPU device and exported names are made from.
fn list(name: &str, what: &str, functions: &str) -> String {
    format!(
        "/// {what}\n#[macro_export]\nmacro_rules! {name}_functions {{\n\
         ($callback:ident) => {{ $callback! {{\n{functions}}} }};\n}}\n"
    )
}

/// Writes a file that includes the headers of these names.
fn includes(path: &Path, names: impl IntoIterator<Item = String>) {
    let lines: String = ["stdbool.h".to_owned()]
        .into_iter()
        .chain(names)
        .map(|name| format!("#include <{name}>\n"))
        .collect();
    fs::write(path, lines).expect("OUT_DIR is writable");
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

fn toolkit_headers(include: &Path) -> Vec<String> {
    let mut operators: Vec<String> = fs::read_dir(include.join(OPERATORS))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(".h"))
        .map(|name| format!("{OPERATORS}/{name}"))
        .collect();
    operators.sort();
    TOOLKIT_HEADERS
        .into_iter()
        .filter(|name| include.join(name).is_file())
        .map(ToOwned::to_owned)
        .chain(operators)
        .collect()
}

/// The functions that a header of ours declares: each stands on a line of its own.
fn declared(header: &Path) -> Vec<String> {
    let text = fs::read_to_string(header).expect("our headers are there");
    text.lines()
        .filter(|line| line.ends_with(");") && !line.starts_with([' ', '/']))
        .filter(|line| !line.starts_with("typedef"))
        .filter_map(|line| line.split('(').next()?.rsplit([' ', '*']).next())
        .map(ToOwned::to_owned)
        .collect()
}

fn bindgen(header: &Path, include: &Path, arguments: &[&str]) -> String {
    bindgen::Builder::default()
        .header(header.to_str().expect("the header's path is UTF-8"))
        .clang_arg(format!("-I{}", include.display()))
        .clang_args(arguments)
        .allowlist_item("(acl|ACL|Acl).*|OK|MAX_MEM_UCE_INFO_ARRAY_SIZE|UCE_INFO_RESERVED_SIZE")
        // Variadic: a list cannot hold it, and Rust cannot define it.
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
        .use_core()
        .generate()
        .map(|bindings| line_comments(&bindings.to_string()))
        .expect("the headers are valid")
}

/// What bindgen wrote, as types and functions.
fn split(text: &str) -> (Types, Functions) {
    let (types, functions) = text
        .split_once("unsafe extern \"C\" {\n")
        .expect("the headers declare functions");
    let functions = functions
        .trim_end()
        .strip_suffix('}')
        .filter(|functions| !functions.contains("extern \"C\" {"))
        .expect("bindgen merges the extern blocks into the last item");
    (Types::parse(types), Functions::parse(functions))
}
