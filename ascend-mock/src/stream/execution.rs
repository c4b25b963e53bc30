//! How a task of a queue is done, and what follows from its outcome.

use std::sync::Arc;
use std::time::{Duration, Instant};

use ascend_sys::ACL_ERROR_RT_AICORE_TIMEOUT;

use crate::entry::guarded;
use crate::exception::ExceptionInfo;
use crate::fault::Fault;
use crate::graph::Frame;
use crate::sync::lock;
use crate::world::World;

use super::queue::{DEPTH, Queue};
use super::state::{End, FailureMode, Lost, Taken, Told};
use super::task::{Action, Flow};

impl Queue {
    /// Does a task that does not wait.
    pub(super) fn run(world: &Arc<World>, taken: &Taken) -> Result<Flow, Fault> {
        let task = taken.task();
        if taken.frame().is_some_and(Frame::is_cut) {
            return Err(Frame::aborted());
        }
        world.check_uses(task);
        match &task.action {
            Action::Work(work) => guarded(|| work(world)).map(|()| Flow::On),
            Action::Operator(work) => {
                let start = Instant::now();
                guarded(|| work(world))?;
                check_time(world, start.elapsed())
            }
            Action::Record(record) => {
                record.complete();
                Ok(Flow::On)
            }
            Action::RecordOf(record) => {
                if let Some(frame) = taken.frame() {
                    frame.record(*record).complete();
                }
                Ok(Flow::On)
            }
            Action::Branch(branch) => {
                let run = taken.frame().map(Frame::run);
                guarded(|| branch(world, run))
            }
            Action::Wait(_) | Action::WaitFor(_) => Err(Fault::internal("a wait was run as work")),
        }
    }

    /// Tells the trace, and who tells the program of exceptions, of a task that is done; before its
    /// failure can be seen.
    pub(super) fn tell(
        &self,
        world: &Arc<World>,
        told: Told,
        outcome: Result<Flow, Fault>,
    ) -> Result<Flow, Fault> {
        let outcome = outcome.map_err(Fault::in_stream);
        if let (Some(tracer), Some(begin)) = (&world.tracer, told.begin) {
            let code = outcome.as_ref().err().map_or(0, |fault| fault.code);
            tracer.task(told.origin, self.device, self.id, begin, code);
        }
        outcome.map_err(|fault| self.tell_failure(world, told, fault))
    }

    fn tell_failure(&self, world: &Arc<World>, told: Told, fault: Fault) -> Fault {
        let state = lock(&self.state);
        if state.end == Some(End::Aborted) || state.aborting {
            return fault;
        }
        drop(state);
        let info = ExceptionInfo {
            task: told.number,
            stream: self.id,
            thread: told.thread,
            device: self.device,
            code: fault.code,
            launched: None,
        };
        world.tell_failure(told.origin, info, fault)
    }

    /// Books the outcome of the running task.
    pub(super) fn finish(&self, outcome: Result<Flow, Fault>) {
        let mut lost = Lost::default();
        let mut over = Vec::new();
        let mut state = lock(&self.state);
        let mut spreads = None;
        let outcome = match (outcome, state.cut.take()) {
            // What the task leads to is dropped with the rest.
            (Ok(flow), Some(why)) => {
                if let Flow::Enter(frame) | Flow::Repeat(frame) = flow {
                    lost.frames(&mut vec![frame], &why);
                }
                Err(why)
            }
            (outcome, _) => outcome,
        };
        match outcome {
            Ok(Flow::On) => {}
            Ok(Flow::Enter(frame)) => state.frames.push(frame),
            Ok(Flow::Repeat(frame)) => {
                if let Some(outer) = state.frames.last_mut() {
                    outer.step_back();
                }
                state.frames.push(frame);
            }
            Ok(Flow::Jump(place)) => {
                if let Some(frame) = state.frames.last_mut() {
                    frame.jump(place);
                }
            }
            Ok(Flow::Leave) => over.extend(state.frames.pop()),
            Err(fault) => {
                tracing::debug!(stream = self.id, code = fault.code, "{}", fault.text);
                lost.frames(&mut state.frames, &fault);
                if state.aborting || state.end == Some(End::Aborted) {
                    // Whoever ended it knows.
                } else if matches!(state.mode, FailureMode::Stop) {
                    state.mode = FailureMode::Stopped(fault.clone());
                    state.drop_tasks(&mut lost, &fault);
                    spreads = Some(fault);
                } else {
                    state.fault.get_or_insert(fault);
                }
            }
        }
        while state.frames.last().is_some_and(Frame::is_over) {
            over.extend(state.frames.pop());
        }
        // A run is over before anybody can see that it is, and never dropped under the lock: it
        // may be the last to hold its graph, which has queues of its own to end.
        if !over.is_empty() || lost.has_frames() {
            drop(state);
            drop(over);
            lost.drop_frames();
            state = lock(&self.state);
        }
        state.is_running = false;
        if state.frames.is_empty() {
            state.finished = (state.finished + 1).min(state.submitted);
        }
        if state.tasks.len() <= DEPTH / 2 {
            self.room.notify();
        }
        drop(state);
        self.progress.notify();
        lost.tell();
        if let Some(fault) = spreads
            && let Some(world) = self.world.upgrade()
        {
            world.spread(self.context, &fault);
        }
    }
}

/// An operator that took longer than it may has failed.
fn check_time(world: &World, took: Duration) -> Result<Flow, Fault> {
    let limit = world.time_limits.execution();
    if took > limit {
        return Err(Fault::new(
            ACL_ERROR_RT_AICORE_TIMEOUT,
            format!("an operator took {took:?}, its time limit is {limit:?}"),
        ));
    }
    Ok(Flow::On)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use ascend_sys::ACL_ERROR_RT_INTERNAL_ERROR;

    use super::*;
    use crate::MockConfig;
    use crate::ledger::Origin;
    use crate::stream::task::Work;
    use crate::sync::Deadline;

    fn run(world: &Arc<World>, queue: &Arc<Queue>, work: Work) -> Result<(), Fault> {
        let origin = Origin {
            symbol: "aclrtProbe",
            sequence: 1,
        };
        queue.submit_own(world, origin, Action::Work(work))
    }

    #[test]
    fn a_panic_in_a_task_is_its_failure_and_the_stream_goes_on() {
        for strict in [false, true] {
            let world = Arc::new(World::new(0, MockConfig::default().strict(strict)).unwrap());
            let queue = Queue::hidden(&world, 0);
            let ran = Arc::new(AtomicBool::new(false));
            let mark = Arc::clone(&ran);
            run(&world, &queue, Arc::new(|_| panic!("on purpose"))).unwrap();
            let marks = move |_: &World| {
                mark.store(true, Ordering::Release);
                Ok(())
            };
            run(&world, &queue, Arc::new(marks)).unwrap();
            let fault = queue.synchronize(&world, Deadline::NEVER).unwrap_err();
            assert_eq!(fault.code, ACL_ERROR_RT_INTERNAL_ERROR);
            assert!(fault.text.contains("on purpose"));
            assert!(ran.load(Ordering::Acquire));
            queue.close();
            queue.join(&world);
            assert!(run(&world, &queue, Arc::new(|_| Ok(()))).is_err());
            world.shut_down();
        }
    }
}
