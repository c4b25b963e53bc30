//! Which operator feeds which: the texts `op:index` of a graph, taken apart and checked.

use std::collections::HashMap;

use super::GraphDef;
use crate::{Error, Result};

/// How the operators of a graph hang together, by their numbers in [`GraphDef::op`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wiring {
    /// For each operator, where its inputs come from.
    pub inputs: Vec<Vec<Input>>,
    /// The operators in an order in which each comes after all that it takes from.
    pub order: Vec<usize>,
}

/// Where an input of an operator comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// The input is left out.
    Absent,
    /// It is the output `output` of the operator `op`.
    Value {
        /// The operator's number.
        op: usize,
        /// Which of its outputs.
        output: usize,
    },
    /// There is no input: the operator merely runs after `op`.
    Order {
        /// The operator's number.
        op: usize,
    },
}

impl Input {
    /// Gives the number of the operator that the input hangs on.
    #[must_use]
    pub fn op(self) -> Option<usize> {
        match self {
            Self::Absent => None,
            Self::Value { op, .. } | Self::Order { op } => Some(op),
        }
    }
}

impl GraphDef {
    /// Finds out how the operators hang together, in time that grows with the graph.
    ///
    /// # Errors
    /// `Format` if two operators have one name, an input names no operator or output, or operators wait
    /// for each other; the message names the operator.
    pub fn wiring(&self) -> Result<Wiring> {
        let mut numbers = HashMap::with_capacity(self.op.len());
        for (number, op) in self.op.iter().enumerate() {
            if numbers.insert(op.name.as_str(), number).is_some() {
                return Err(Error::format(format!(
                    "there are two operators of the name `{}`",
                    op.name
                )));
            }
        }
        let mut inputs = Vec::with_capacity(self.op.len());
        for op in &self.op {
            let sources = op.input.iter().enumerate().map(|(index, text)| {
                input(text, &numbers).map_err(|why| {
                    let place = format_args!("op `{}`: input {index}", op.name);
                    Error::format(format!("{text:?} {why}")).within(place)
                })
            });
            inputs.push(sources.collect::<Result<Vec<_>>>()?);
        }
        let order = self.order(&inputs)?;
        Ok(Wiring { inputs, order })
    }

    fn order(&self, inputs: &[Vec<Input>]) -> Result<Vec<usize>> {
        let mut waiting: Vec<usize> = vec![0; inputs.len()];
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); inputs.len()];
        for (number, sources) in inputs.iter().enumerate() {
            for source in sources.iter().filter_map(|input| input.op()) {
                waiting[number] += 1;
                users[source].push(number);
            }
        }
        let is_ready = |&number: &usize| waiting[number] == 0;
        let mut order: Vec<usize> = (0..inputs.len()).filter(is_ready).collect();
        let mut at = 0;
        while let Some(&done) = order.get(at) {
            at += 1;
            for &user in &users[done] {
                waiting[user] -= 1;
                if waiting[user] == 0 {
                    order.push(user);
                }
            }
        }
        match waiting.iter().position(|&waiting| waiting > 0) {
            None => Ok(order),
            Some(stuck) => Err(Error::format(format!(
                "op `{}`: it waits for an operator that waits for it, or for such a one",
                self.op[stuck].name
            ))),
        }
    }
}

/// Takes `op:index` apart; names may have colons, too.
fn input(text: &str, numbers: &HashMap<&str, usize>) -> Result<Input, String> {
    if text.is_empty() {
        return Ok(Input::Absent);
    }
    let (name, output) = text
        .rsplit_once(':')
        .ok_or("has no colon before the number of an output")?;
    let op = *numbers
        .get(name)
        .ok_or("names an operator that is not in the graph")?;
    match output.parse::<i64>() {
        Ok(-1) => Ok(Input::Order { op }),
        Ok(output) => match usize::try_from(output) {
            Ok(output) => Ok(Input::Value { op, output }),
            Err(_) => Err("has a number of an output below -1".to_owned()),
        },
        Err(_) => Err("has no number of an output after the colon".to_owned()),
    }
}
