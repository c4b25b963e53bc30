//! The fields of spans and events.
#![forbid(unsafe_code)]

use std::fmt;

use tracing::field::{Field, Visit};

use crate::trace_events::Arg;

/// A field's value.
#[derive(Debug)]
enum Value {
    Text(String),
    Integer(i64),
    Number(f64),
    Bool(bool),
}

/// Fields with their values. The message of an event is apart.
#[derive(Debug, Default)]
pub(super) struct Values {
    fields: Vec<(&'static str, Value)>,
    message: Option<String>,
}

impl Values {
    pub(super) fn args(&self) -> Vec<(&'static str, Arg<'_>)> {
        let fields = self.fields.iter().map(|(name, value)| {
            let arg = match value {
                Value::Text(text) => Arg::Text(text),
                Value::Integer(number) => Arg::Integer(*number),
                Value::Number(number) => Arg::Number(*number),
                Value::Bool(value) => Arg::Bool(*value),
            };
            (*name, arg)
        });
        fields.collect()
    }

    pub(super) fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    fn add(&mut self, field: &Field, value: Value) {
        let name = field.name();
        match self.fields.iter_mut().find(|(other, _)| *other == name) {
            Some((_, old)) => *old = value,
            None => self.fields.push((name, value)),
        }
    }
}

impl Visit for Values {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, Value::Number(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, Value::Integer(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        let value =
            i64::try_from(value).map_or_else(|_| Value::Text(value.to_string()), Value::Integer);
        self.add(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, Value::Bool(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, Value::Text(value.to_owned()));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let text = format!("{value:?}");
        if field.name() == "message" {
            self.message = Some(text);
        } else {
            self.add(field, Value::Text(text));
        }
    }
}
