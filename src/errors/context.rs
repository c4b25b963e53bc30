//! What the words around a number say that it is.

/// So many bytes before a number may tell that it is a code.
const CONTEXT: usize = 64;

/// Whether what follows a number makes it an amount: ` bytes`.
pub(super) fn is_amount(after: &str) -> bool {
    const UNITS: [&str; 10] = [
        "bytes", "byte", "KB", "MB", "us", "ms", "s", "rows", "tokens", "times",
    ];
    let mut words = after.trim_start().split(|c: char| !c.is_alphanumeric());
    words.next().is_some_and(|word| UNITS.contains(&word))
}

/// What the words before a number say that it is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Told {
    /// A code: `error code is`, `ErrCode=`.
    Code,
    /// What came of a call, which may be a code: `ret=`, `failed: `, `aclInit `.
    Failure,
    /// A process or thread: `pid=`.
    Process,
    Nothing,
}

impl Told {
    pub(super) fn by(before: &str) -> Self {
        let from = before.ceil_char_boundary(before.len().saturating_sub(CONTEXT));
        let context = &before[from..];
        let said = context.trim_end_matches([' ', ':', '：', '=', '[', '(', '是', '为']);
        let ends = |words: &[&str]| words.iter().any(|word| said.ends_with(word));
        if ends(&["错误码", "返回码"]) {
            return Self::Code;
        }
        if ends(&["返回值", "错误"]) {
            return Self::Failure;
        }
        let words = context.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let links = ["is", "was", "of", "with", "number", "value"];
        let mut words = words.filter(|word| !word.is_empty() && !links.contains(word));
        let word = words.next().unwrap_or_default();
        let small = word.to_ascii_lowercase();
        let mut is_after_error = || {
            words
                .next()
                .is_some_and(|w| w.eq_ignore_ascii_case("error"))
        };
        let names = ["errcode", "retcode", "errorcode", "innercode"];
        let is_argument = before.trim_end().ends_with('(');
        if names.contains(&&*small.replace('_', "")) || small == "code" && is_after_error() {
            Self::Code
        } else if small == "failed" && words.next().is_some_and(is_plural) {
            Self::Nothing
        } else if names_failure(word, &small) || is_function(word) && !is_argument {
            Self::Failure
        } else if matches!(small.rsplit('_').next(), Some("pid" | "tid")) {
            Self::Process
        } else {
            Self::Nothing
        }
    }
}

/// Whether a word is of things that are counted, such as `requests`, and no function's.
fn is_plural(word: &str) -> bool {
    let is_small = word.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_one = ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    is_small && word.len() > 3 && word.ends_with('s') && !is_one
}

/// Whether a word is a function of CANN, such as `aclrtSetDevice`.
pub(super) fn is_function(word: &str) -> bool {
    let stems = ["acl", "rt", "Hccl"].iter();
    let mut rests = stems.filter_map(|stem| word.strip_prefix(stem));
    rests.any(|rest| rest.len() > 3 && rest.contains(|c: char| c.is_ascii_uppercase()))
}

/// Whether a word, also given in small letters, names what came of a call. `secret` and `opcode` do not.
fn names_failure(word: &str, small: &str) -> bool {
    let whole = [
        "rc", "res", "ret", "code", "return", "returned", "returns", "err",
    ];
    let ends = ["error", "errno", "result", "status", "failed", "failure"];
    let parts = ["_ret", "_code"];
    whole.contains(&small)
        || ends.iter().chain(&parts).any(|end| small.ends_with(end))
        || ["Ret", "Code"].iter().any(|end| word.ends_with(end))
}
