//! The calls that stand for tensors, below the parameters and subclasses around them.

use super::{MAX_RANK, Rebuilder, Stop, Storages, refused, too_few};
use crate::weights::damaged;
use crate::weights::dtype::DataType;
use crate::weights::fault::Fault;
use crate::weights::pickle::{Meaning, Object, Rebuild, Ref, Value};

/// A call of one of the functions that view a storage, or an array of numpy.
pub(super) enum Call<'h> {
    View {
        function: Rebuild,
        arguments: &'h [Ref],
    },
    Array(Rebuild, &'h Object),
    /// Something outside of the pickle, in the tar form.
    Kept(Ref),
}

impl<'h, S: Storages> Rebuilder<'h, '_, S> {
    /// The call at the bottom of parameters and subclasses; and the element type that it is to be
    /// cast to, for a tensor of a device whose data were saved in another.
    pub(super) fn call(&mut self, value: Ref) -> Result<(Call<'h>, Option<DataType>), Stop> {
        let mut wanted = None;
        if let Value::Persistent(identity) = self.heap.value(value) {
            return Ok((Call::Kept(identity), wanted));
        }
        let mut object = self.object(value)?;
        let (mut global, mut arguments) = (object.global, object.arguments);
        // parameters may be nested without end only where an object contains itself
        for _ in 0..MAX_RANK {
            let parts = self.heap.tuple(arguments).unwrap_or_default();
            let Meaning::Rebuild(function) = self.heap.global(global).meaning else {
                return Err(self.foreign(global, object.state));
            };
            // (data, requires_grad, hooks, state) and (function, type, arguments, state)
            if let (Rebuild::Parameter | Rebuild::FromType, &[_, _, _, state]) = (function, parts)
                && self.has_any(state)
            {
                self.seen.with_attributes += 1;
            }
            match (function, parts) {
                (Rebuild::Refused(reason), _) => return Err(refused(reason)),
                (Rebuild::Parameter | Rebuild::FromDevice, &[tensor, ref rest @ ..]) => {
                    if function == Rebuild::FromDevice {
                        wanted = wanted.or(rest.first().and_then(|&at| self.data_type(at)));
                    }
                    if let Value::Persistent(identity) = self.heap.value(tensor) {
                        return Ok((Call::Kept(identity), wanted));
                    }
                    object = self.object(tensor)?;
                    (global, arguments) = (object.global, object.arguments);
                }
                (Rebuild::FromType, &[function, _, inner, ..]) => {
                    let Value::Global(function) = self.heap.value(function) else {
                        return Err(
                            damaged("a tensor made by something else than a function").into()
                        );
                    };
                    (global, arguments) = (function, inner);
                }
                (Rebuild::Parameter | Rebuild::FromType | Rebuild::FromDevice, _) => {
                    return Err(too_few(parts).into());
                }
                (Rebuild::Array | Rebuild::ArrayFromBuffer, _) => {
                    return Ok((Call::Array(function, object), wanted));
                }
                (Rebuild::FromStorage { .. } | Rebuild::Npu | Rebuild::Quantised, arguments) => {
                    if object.state.is_some() {
                        return Err(refused(
                            "it was changed after it was made; save tensor.clone()",
                        ));
                    }
                    let call = Call::View {
                        function,
                        arguments,
                    };
                    return Ok((call, wanted));
                }
            }
        }
        Err(damaged("a tensor that is made of itself").into())
    }

    /// Whether a state holds anything.
    fn has_any(&self, state: Ref) -> bool {
        match self.heap.value(state) {
            Value::None => false,
            Value::Dict(dict) => !self.heap.dict(dict).is_empty(),
            _ => true,
        }
    }

    fn object(&self, value: Ref) -> Result<&'h Object, Stop> {
        match self.heap.value(value) {
            Value::Object(at) => Ok(self.heap.object(at)),
            other => Err(damaged(format!("{} where a tensor is expected", other.noun())).into()),
        }
    }

    /// Why an object that holds tensors is not one.
    fn foreign(&self, global: u32, state: Option<Ref>) -> Stop {
        let global = self.heap.global(global);
        let class = format!("{}.{}", global.module, global.name);
        // among the first attributes: this is asked for each mention of one object
        let attributes = match state.map(|state| self.heap.value(state)) {
            Some(Value::Dict(dict)) => self.heap.dict(dict),
            _ => &[],
        };
        let mut keys = attributes.iter().take(MAX_RANK).map(|&(key, _)| key);
        let is_module = keys.any(|key| self.text(key).as_deref() == Some("_modules"));
        let reason = if is_module {
            format!(
                "it is a whole model, of class {class}, not a state dict; open it with \
                 OpenOptions::mode(Mode::Model), which keeps the classes inert"
            )
        } else {
            format!(
                "it is an object of {class}, not a tensor; OpenOptions::mode(Mode::Model) looks \
                 for tensors in it, and keeps the class inert"
            )
        };
        Stop::Refused(Fault::UnknownGlobal, reason)
    }
}
