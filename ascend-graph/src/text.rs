//! What is told to people, so that it can be told in any language.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::path;

/// A text for people: English, with what it was made of, so that another language can put the same
/// things into its own words. As a `str` and when displayed it is the English.
///
/// [`text!`](crate::text!) makes one. What is made of a `String` or a number is the same in every language:
/// names, paths, amounts.
///
/// ```
/// use ascend_graph::text;
///
/// let told = text!("{library} needs {needed}", library = "libacl_op.so", needed = "libge.so");
/// assert_eq!(told.as_str(), "libacl_op.so needs libge.so");
/// let chinese = told.by(&|template| match template {
///     "{library} needs {needed}" => Some("{library} 依赖 {needed}"),
///     _ => None,
/// });
/// assert_eq!(chinese, "libacl_op.so 依赖 libge.so");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Text {
    english: Box<str>,
    /// What it was made of; nothing where the text is the same in every language.
    made: Option<Box<Made>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Made {
    /// The English with names in braces.
    template: Cow<'static, str>,
    arguments: Vec<(&'static str, Text)>,
}

impl Text {
    /// The text that `template` makes of `arguments`; [`text!`](crate::text!) sees to it that it names all of
    /// them and no others.
    #[must_use]
    pub fn new(
        template: impl Into<Cow<'static, str>>,
        arguments: Vec<(&'static str, Self)>,
    ) -> Self {
        let template = template.into();
        Self {
            english: filled(&template, &arguments, &|text| text.to_string()).into(),
            made: Some(Box::new(Made {
                template,
                arguments,
            })),
        }
    }

    /// The English.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.english
    }

    /// The text in another language, which gives for an English template its own. What it does not
    /// know stays English.
    #[must_use]
    pub fn by(&self, language: &dyn Fn(&str) -> Option<&'static str>) -> String {
        let made = self.made.as_deref();
        match made.and_then(|made| Some((language(&made.template)?, &made.arguments))) {
            Some((template, arguments)) => filled(template, arguments, &|text| text.by(language)),
            None => self.to_string(),
        }
    }

    /// The text with its arguments cut to `most` characters each, if the whole has more than `longest`.
    pub(crate) fn cut(self, longest: usize, most: usize) -> Self {
        if self.english.char_indices().nth(longest).is_none() {
            return self;
        }
        let Some(made) = self.made else {
            let mut english: String = self.english.chars().take(most).collect();
            english.push('…');
            return Self::from(english);
        };
        let arguments = made.arguments.into_iter();
        let cut = arguments.map(|(name, text)| (name, text.cut(most, most)));
        Self::new(made.template, cut.collect())
    }
}

/// Puts the arguments into a template, in which `{{` stands for a brace. A name that is not among them
/// stays as it is.
fn filled(
    template: &str,
    arguments: &[(&'static str, Text)],
    tell: &dyn Fn(&Text) -> String,
) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let argument = rest[1..].split_once('}').and_then(|(name, after)| {
            let mut all = arguments.iter();
            Some((all.find(|(known, _)| *known == name)?, after))
        });
        if rest.starts_with("{{") || rest.starts_with("}}") {
            text.push_str(&rest[..1]);
            rest = &rest[2..];
        } else if let Some(((_, argument), after)) = argument {
            text.push_str(&tell(argument));
            rest = after;
        } else {
            text.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    text
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.english)
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.english
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        *self.english == **other
    }
}

/// The same in every language.
impl From<String> for Text {
    fn from(english: String) -> Self {
        Self {
            english: english.into(),
            made: None,
        }
    }
}

/// A text without arguments, for constants and tables; it becomes a [`Text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words(pub &'static str);

impl From<Words> for Text {
    fn from(words: Words) -> Self {
        Self::new(words.0, Vec::new())
    }
}

/// A number with its noun, in English: `1 image`, `2 images`, `0 batches`.
///
/// ```
/// assert_eq!(ascend_graph::counted(1, "file with weights"), "1 file with weights");
/// assert_eq!(ascend_graph::counted(2, "file with weights"), "2 files with weights");
/// ```
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        return format!("{count} {noun}");
    }
    let (noun, rest) = match noun.split_once(' ') {
        Some((noun, rest)) => (noun, format!(" {rest}")),
        None => (noun, String::new()),
    };
    let ending = if noun.ends_with(['s', 'x']) || noun.ends_with("ch") {
        "es"
    } else {
        "s"
    };
    format!("{count} {noun}{ending}{rest}")
}

/// Makes texts of what displays itself in the same way in every language.
macro_rules! same_in_every_language {
    ($($kind:ty),*) => {
        $(impl From<$kind> for Text {
            fn from(value: $kind) -> Self {
                Self::from(value.to_string())
            }
        })*
    };
}

same_in_every_language!(
    &str,
    &&str,
    &String,
    Cow<'_, str>,
    fmt::Arguments<'_>,
    path::Display<'_>,
    u8,
    u32,
    i32,
    i64,
    u64,
    usize,
    &i64,
    &usize
);

/// Makes a [`Text`] of a template and what its names in braces stand for: `text!("{file} is empty", file)`,
/// `text!("{file} has {count} lines", file, count = lines.len())`. An argument is a text itself, a string, a
/// number or a path that is displayed.
///
/// The compiler refuses a template that names something that is not given, and what no name stands for.
#[macro_export]
macro_rules! text {
    (@value $name:ident) => { $name };
    (@value $name:ident $value:expr) => { $value };
    ($template:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        // a `match`, so that a value can use a variable that has the name of another argument
        match ($($crate::Text::from($crate::text!(@value $name $($value)?)),)*) {
            ($($name,)*) => {
                // never formatted: the compiler compares names and arguments; `concat!` keeps variables out
                let _ = ::std::format_args!(::std::concat!($template), $($name = $name),*);
                $crate::Text::new($template, ::std::vec![$((::std::stringify!($name), $name)),*])
            }
        }
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_in_the_order_of_the_language() {
        let inner = text!("a link");
        let told = text!(
            "{file} is {what}, {{not}} {count}",
            file = "a.om",
            what = inner,
            count = 3
        );
        assert_eq!(told, "a.om is a link, {not} 3");
        let words = |template: &str| match template {
            "a link" => Some("链接"),
            "{file} is {what}, {{not}} {count}" => Some("{count} {{非}} {what}：{file}"),
            _ => None,
        };
        assert_eq!(told.by(&words), "3 {非} 链接：a.om");
        assert_eq!(told.by(&|_| None), told.as_str());
        let braces = Text::from("{file} }{ {");
        assert_eq!(text!("{braces}", braces), "{file} }{ {");
    }

    #[test]
    fn a_long_text_keeps_its_words() {
        let name = "a".repeat(5000);
        let told = text!("node {name} reads {value}", name = name, value = "x");
        let cut = told.clone().cut(1000, 100);
        assert_eq!(cut, &*format!("node {}… reads x", "a".repeat(100)));
        assert_eq!(told.clone().cut(9000, 100), told);
        assert_eq!(cut.by(&|_| Some("{name}：{value}")).chars().count(), 103);
    }
}
