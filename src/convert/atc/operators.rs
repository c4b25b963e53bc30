//! The operators that `atc` names.

use super::answer::{MOST_ITEMS, cut};

/// An operator of the model, by what is said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Operator {
    pub(super) name: Option<String>,
    pub(super) kind: Option<String>,
}

/// Operators, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Operators(Vec<Operator>);

impl Operators {
    pub(super) fn items(&self) -> &[Operator] {
        &self.0
    }

    /// Finds `Op [name]` and `optype [type]` in their many spellings.
    pub(super) fn take(&mut self, line: &str) {
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
        if new == Operator::default() || self.0.len() >= MOST_ITEMS {
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

#[cfg(test)]
mod tests {
    use super::*;

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
