//! What a subscription tells of operators, summed up as it comes.

use std::collections::HashMap;
use std::sync::Arc;

use ascend_rt::profiling::{OperatorTime, RecordKind};

use super::content::Operator;
use super::measured::microseconds;

/// The executions of operators that a time line has.
const MOST_TRACED: usize = 1 << 20;

/// The times of operators; memory grows with their number, not with that of executions.
pub(super) struct Summed {
    pub(super) operators: Vec<Operator>,
    /// Where each is, by name and type.
    places: HashMap<(Arc<str>, Arc<str>), usize>,
    /// The first executions, for a time line.
    pub(super) traced: Vec<OperatorTime>,
    /// How many it has at most.
    most_traced: usize,
    /// The executions that it has not.
    pub(super) untraced: usize,
}

impl Summed {
    pub(super) fn new(is_traced: bool) -> Self {
        Self {
            operators: Vec::new(),
            places: HashMap::new(),
            traced: Vec::new(),
            most_traced: if is_traced { MOST_TRACED } else { 0 },
            untraced: 0,
        }
    }

    /// Adds what came. Parts of operators, and groups of them, would be counted twice.
    pub(super) fn add(&mut self, records: Vec<OperatorTime>) {
        let is_operator = |record: &OperatorTime| record.kind == RecordKind::Operator;
        for record in records.into_iter().filter(is_operator) {
            let key = (Arc::clone(&record.name), Arc::clone(&record.op_type));
            let place = *self.places.entry(key).or_insert_with(|| {
                self.operators.push(Operator {
                    name: record.name.to_string(),
                    op_type: record.op_type.to_string(),
                    ..Operator::default()
                });
                self.operators.len() - 1
            });
            self.operators[place].add(microseconds(record.duration()));
            if self.traced.len() < self.most_traced {
                self.traced.push(record);
            } else if self.most_traced > 0 {
                self.untraced += 1;
            }
        }
    }
}
