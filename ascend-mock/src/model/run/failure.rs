//! Runs that fail, as is told of them.

use std::sync::Arc;

use ascend_sys::{ACL_ERROR_GE_FAILURE, ACL_ERROR_RT_MODEL_EXECUTE};

use super::Job;
use crate::entry::Entry;
use crate::exception::ExceptionInfo;
use crate::fault::Fault;
use crate::threads;
use crate::world::World;

impl Entry<'_> {
    /// Tells of a blocking run that failed, as a stream tells of its tasks.
    pub(super) fn tell_run_failed(&self, job: &Job, fault: Fault) -> Fault {
        let Ok(context) = self.context() else {
            return fault;
        };
        let code = match fault.code {
            ACL_ERROR_GE_FAILURE => ACL_ERROR_RT_MODEL_EXECUTE,
            code => code,
        };
        let info = ExceptionInfo {
            task: threads::count_task(self.world),
            stream: job.stream,
            thread: threads::id(),
            device: context.device,
            code,
            launched: None,
        };
        self.world.tell_failure(self.origin, info, fault)
    }
}

impl Job {
    /// The fault that was asked for, with what its operator took if that is dumped. Nothing is computed else.
    pub(super) fn failed_by(&self, world: &World, fault: Fault) -> Fault {
        let taken = || {
            let operator = fault.operator.as_ref()?;
            let model = match &self.run {
                Some(run) => Arc::clone(&run.model),
                None => world.models.get(self.model).ok()?,
            };
            model.watched.failures()?;
            let program = model.program(self.gear.unwrap_or(0)).ok()?;
            let inputs = self.load_inputs(world, &model).ok()?;
            world.taken_by(&model, &operator.name, program, inputs)
        };
        match taken() {
            Some(taken) => fault.having_taken(taken),
            None => fault,
        }
    }
}
