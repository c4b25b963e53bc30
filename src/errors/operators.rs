//! The operators that CANN names.

use std::fmt;

/// More operators than anyone reads.
const MOST: usize = 32;
/// A text is cut after so many letters.
pub(crate) const MOST_LETTERS: usize = 2000;

/// An operator of a model, by what is said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Operator {
    pub(crate) name: Option<String>,
    pub(crate) kind: Option<String>,
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.name, &self.kind) {
            (Some(name), Some(kind)) => write!(f, "{name} ({kind})"),
            (Some(one), None) | (None, Some(one)) => f.write_str(one),
            (None, None) => Ok(()),
        }
    }
}

/// Operators, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Operators(Vec<Operator>);

impl Operators {
    pub(crate) fn items(&self) -> &[Operator] {
        &self.0
    }

    /// Finds `kernel_name=x` and its like, as logs of the device name what failed, and the node that
    /// ONNX Runtime names.
    pub(crate) fn take_assigned(&mut self, line: &str) {
        for label in ["kernel_name=", "op_name=", "node_name=", " node. Name:"] {
            let Some((_, after)) = line.split_once(label) else {
                continue;
            };
            let end = after.find([',', ' ', ';', ']', ')']).unwrap_or(after.len());
            // a missing one is told as `none`
            let name = after[..end].trim_matches(['[', '"', '\'', '.']);
            if !name.is_empty() && name != "none" {
                self.add(Operator {
                    name: Some(cut(name)),
                    kind: None,
                });
            }
        }
    }

    /// Finds `Op [name]` and `optype [type]` in their many spellings.
    pub(crate) fn take(&mut self, line: &str) {
        let mut found = Operator::default();
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('[') {
            let (inside, after) = after.split_once(']').unwrap_or((after, ""));
            rest = after;
            let label = before.trim_end_matches([' ', ':', '=']);
            let label = label
                .rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .next();
            let label = label.unwrap_or_default().to_ascii_lowercase();
            let is_name = matches!(&*label, "op" | "opname" | "op_name" | "node" | "node_name");
            let is_kind = matches!(&*label, "optype" | "op_type");
            if inside.is_empty() || !(is_name || is_kind) {
                continue;
            }
            // a second name or type is that of another operator
            if is_name && found.name.is_some() || is_kind && found.kind.is_some() {
                self.add(std::mem::take(&mut found));
            }
            let part = if is_name {
                &mut found.name
            } else {
                &mut found.kind
            };
            *part = Some(cut(inside));
        }
        self.add(found);
    }

    fn add(&mut self, new: Operator) {
        if new == Operator::default() || self.0.len() >= MOST {
            return;
        }
        let same = self.0.iter_mut().find(|known| {
            if new.name.is_some() {
                known.name == new.name
            } else {
                known.kind == new.kind
            }
        });
        match same {
            Some(known) => known.kind = known.kind.take().or(new.kind),
            None => self.0.push(new),
        }
    }
}

pub(crate) fn cut(text: &str) -> String {
    match text.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernels_are_named_by_assignment() {
        let mut operators = Operators::default();
        for line in [
            "fault kernel_name=te_conv_1, fault op_name=GetNext, x",
            "fault kernel_name=te_conv_1",
            "kernel_name=none. op_name=, node_name=[last]",
            "while running Conv node. Name:'/c/Conv' Status Message: CANN failure",
        ] {
            operators.take_assigned(line);
        }
        let names = operators.items().iter().map(ToString::to_string);
        assert_eq!(
            names.collect::<Vec<_>>(),
            ["te_conv_1", "GetNext", "last", "/c/Conv"]
        );
    }

    #[test]
    fn operators_are_found_in_many_spellings() {
        for (line, expected) in [
            ("Op [a/b] failed, optype [Add]", vec![("a/b", "Add")]),
            ("optype[Conv2D] of op[x:0]", vec![("x:0", "Conv2D")]),
            (
                "op_name: [a], op_type: [B]; Op[c]",
                vec![("a", "B"), ("c", "")],
            ),
            (
                "no parser for optype [ai.onnx::19::Foo]",
                vec![("", "ai.onnx::19::Foo")],
            ),
            ("Value [x] of [--y], Op [", vec![]),
            ("Op [open", vec![("open", "")]),
            ("Op [é], node[é], op[b]", vec![("é", ""), ("b", "")]),
        ] {
            let mut operators = Operators::default();
            operators.take(line);
            let text = |part: &Option<String>| part.clone().unwrap_or_default();
            let found = operators.items().iter();
            let found: Vec<_> = found
                .map(|one| (text(&one.name), text(&one.kind)))
                .collect();
            let found: Vec<_> = found
                .iter()
                .map(|(name, kind)| (&**name, &**kind))
                .collect();
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn what_is_named_again_is_one() {
        let mut operators = Operators::default();
        operators.take("Op [a] failed");
        operators.take("Failed to compile Op [a], optype [Add]");
        let expected = Operator {
            name: Some("a".to_owned()),
            kind: Some("Add".to_owned()),
        };
        assert_eq!(operators.items(), [expected]);
    }
}
