//! A program and all that it starts, which end with it, in time, or with this process.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::workplace::GUARD_FILE;
use crate::error::{Error, Result};

/// Between looks at the program, once it runs for a while.
const PAUSE: Duration = Duration::from_millis(50);
/// Between looks at its memory.
const MEMORY_PAUSE: Duration = Duration::from_millis(500);
/// What is asked to end has this long before it is made to.
const GRACE: Duration = Duration::from_secs(5);
/// So much of the environment of a process is looked at.
const MOST_ENVIRONMENT: u64 = 1 << 20;
/// More output than anyone reads.
const MOST_OUTPUT: u64 = 1 << 30;

/// The variable by which processes are known that left the group; it holds the folder.
pub(super) const MARK: &str = "ASCEND_RT_JOB";

/// Leads the group of processes. It outlives a sudden end of this process, sees that end as that of
/// its input, and then ends the group and what has left it.
const GUARD: &str = r#"
trap "" HUP INT TERM
echo $$ > "$1/$2"
marked() {
    for place in /proc/[0-9]*; do
        grep -qsF -e "$3=$1" "$place/environ" && echo "${place#/proc/}"
    done
}
while read -r word processes; do
    case $word in
        term) kill -s TERM $processes 0 ;;
        kill) rm -f -- "$1/$2"; kill -s KILL $processes 0 ;;
        done) rm -f -- "$1/$2"; exit 0 ;;
    esac
done
kill -s TERM $(marked "$@") 0
sleep 2
kill -s KILL $(marked "$@") 0
"#;

/// What to run, and within which bounds.
#[derive(Debug)]
pub(super) struct Job<'j> {
    /// The program, its arguments, environment and folder.
    pub(super) command: Command,
    /// The file that takes its output.
    pub(super) stdout: &'j Path,
    /// The file that takes its complaints.
    pub(super) stderr: &'j Path,
    /// A folder of this process alone, as [`Workplace`](super::workplace::Workplace) is.
    pub(super) folder: &'j Path,
    /// How long it may take.
    pub(super) timeout: Option<Duration>,
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// By itself or a signal.
    Exited(ExitStatus),
    /// It took longer than it may.
    TimedOut,
    /// It wrote more than it may.
    TooMuchOutput,
}

/// What is known of a program after its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finished {
    pub(super) end: End,
    pub(super) elapsed: Duration,
    /// The most memory of the group that was seen, in bytes.
    pub(super) peak_bytes: Option<u64>,
}

/// How far a program is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glance {
    pub(super) elapsed: Duration,
    pub(super) memory_bytes: Option<u64>,
}

impl Job<'_> {
    /// Runs the program to its end, which all that it started share.
    ///
    /// # Errors
    ///
    /// `Io` when it cannot be started.
    pub(super) fn run(mut self, watch: &mut dyn FnMut(Glance)) -> Result<Finished> {
        let program = self.command.get_program().to_string_lossy().into_owned();
        let cannot = |cause: io::Error| Error::of_io(format_args!("cannot start {program}"), cause);
        let start = Instant::now();
        let mut group = Group::new(self.folder).map_err(cannot)?;
        let child = self
            .command
            .process_group(group.id)
            .env(MARK, self.folder)
            .stdin(Stdio::null())
            .stdout(File::create(self.stdout).map_err(cannot)?)
            .stderr(File::create(self.stderr).map_err(cannot)?)
            .spawn();
        let mut child = child.map_err(cannot)?;
        let mut peak_bytes = None;
        let end = self.wait(&mut child, &group, start, &mut |glance| {
            peak_bytes = peak_bytes.max(glance.memory_bytes);
            watch(glance);
        });
        let elapsed = start.elapsed();
        group.end();
        // reaps it; after the end of its group there is nothing to wait for
        let _ = child.wait();
        Ok(Finished {
            end: end.map_err(cannot)?,
            elapsed,
            peak_bytes,
        })
    }

    fn wait(
        &self,
        child: &mut Child,
        group: &Group,
        start: Instant,
        watch: &mut dyn FnMut(Glance),
    ) -> io::Result<End> {
        let (mut pause, mut next_look) = (Duration::from_millis(2), start);
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(End::Exited(status));
            }
            let now = Instant::now();
            if self.timeout.is_some_and(|timeout| now - start >= timeout) {
                return Ok(End::TimedOut);
            }
            if now >= next_look {
                next_look = now + MEMORY_PAUSE;
                let written = [self.stdout, self.stderr].map(fs::metadata);
                if written
                    .into_iter()
                    .flatten()
                    .any(|file| file.len() > MOST_OUTPUT)
                {
                    return Ok(End::TooMuchOutput);
                }
                watch(Glance {
                    elapsed: now - start,
                    memory_bytes: group.memory_bytes(),
                });
            }
            thread::sleep(pause);
            pause = (pause * 2).min(PAUSE);
        }
    }
}

/// A group of processes, led by its guard.
struct Group {
    guard: Child,
    orders: Option<ChildStdin>,
    id: i32,
    /// What the environment of its processes has, with the zeros around it.
    mark: Vec<u8>,
}

impl Group {
    fn new(folder: &Path) -> io::Result<Self> {
        let mut guard = Command::new("/bin/sh")
            .args(["-c", GUARD, "guard"])
            .arg(folder)
            .args([GUARD_FILE, MARK])
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let id = i32::try_from(guard.id()).map_err(io::Error::other)?;
        let orders = guard.stdin.take();
        let mut mark = format!("\0{MARK}=").into_bytes();
        mark.extend_from_slice(folder.as_os_str().as_bytes());
        mark.push(0);
        Ok(Self {
            guard,
            orders,
            id,
            mark,
        })
    }

    /// Gives an order for the group, and for those of its processes that are known.
    fn order(&mut self, word: &str) {
        let members = self.members().unwrap_or_default().join(" ");
        if let Some(orders) = &mut self.orders {
            // a guard that is gone took its group with it
            let _ = writeln!(orders, "{word} {members}");
        }
    }

    /// Ends whatever is left of the group, or has left it.
    fn end(&mut self) {
        if self.orders.is_none() {
            return;
        }
        if !self.is_empty() {
            self.order("term");
            self.wait_until_empty();
        }
        if self.is_empty() {
            self.order("done");
        } else {
            self.order("kill");
            self.wait_until_empty();
        }
        let _ = self.guard.wait();
        self.orders = None;
    }

    fn wait_until_empty(&self) {
        let start = Instant::now();
        while start.elapsed() < GRACE && !self.is_empty() {
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Tells whether no process but the guard is known to be left.
    fn is_empty(&self) -> bool {
        self.members().is_some_and(|members| members.is_empty())
    }

    /// The processes of the group that still run, without the guard, and those that left it and have its
    /// mark; `None` where this cannot be told.
    fn members(&self) -> Option<Vec<String>> {
        fs::metadata("/proc/self/stat").ok()?;
        let processes = fs::read_dir("/proc").ok()?.flatten();
        let names = processes.filter_map(|process| process.file_name().into_string().ok());
        let numbers = names.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
        let guard = self.guard.id().to_string();
        let group = self.id.to_string();
        let members = numbers.filter(|number| {
            let stat = fs::read_to_string(format!("/proc/{number}/stat")).unwrap_or_default();
            // the name before the brackets' end may hold anything
            let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
            let mut fields = fields.split_ascii_whitespace();
            let (state, own_group) = (fields.next(), fields.nth(1));
            let is_member = own_group == Some(&group) || self.has_mark(number);
            is_member && *number != guard && state != Some("Z")
        });
        Some(members.collect())
    }

    fn has_mark(&self, number: &str) -> bool {
        // the environments of other users' processes cannot be read
        let mut environment = vec![0];
        let file = File::open(format!("/proc/{number}/environ"));
        let read = file.and_then(|file| file.take(MOST_ENVIRONMENT).read_to_end(&mut environment));
        let mut windows = environment.windows(self.mark.len());
        read.is_ok() && windows.any(|window| window == self.mark)
    }

    fn memory_bytes(&self) -> Option<u64> {
        let resident = |number: &String| {
            let status = fs::read_to_string(format!("/proc/{number}/status")).ok()?;
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix("VmRSS:"))?;
            let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
            kibibytes.checked_mul(1024)
        };
        let members = self.members()?;
        Some(
            members
                .iter()
                .filter_map(resident)
                .fold(0, u64::saturating_add),
        )
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a script, and gives how it ended with its output.
    fn run(script: &str, timeout: Duration) -> (Finished, String, usize) {
        let folder = tempfile::tempdir().unwrap();
        let (stdout, stderr) = (folder.path().join("out"), folder.path().join("err"));
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        let job = Job {
            command,
            stdout: &stdout,
            stderr: &stderr,
            folder: folder.path(),
            timeout: Some(timeout),
        };
        let mut looks = 0;
        let finished = job.run(&mut |_| looks += 1).unwrap();
        (finished, fs::read_to_string(&stdout).unwrap(), looks)
    }

    const LONG: Duration = Duration::from_mins(1);

    fn exists(process: &str) -> bool {
        let stat = fs::read_to_string(format!("/proc/{}/stat", process.trim())).unwrap_or_default();
        !stat.is_empty() && !stat.contains(") Z ")
    }

    #[test]
    fn a_program_ends_by_itself() {
        let (finished, output, _) = run("echo out; echo err >&2; exit 3", LONG);
        let End::Exited(status) = finished.end else {
            panic!("{finished:?}");
        };
        assert_eq!((status.code(), &*output), (Some(3), "out\n"));
    }

    #[test]
    fn all_that_it_started_ends_in_time() {
        let script = "sleep 1000 & echo $!; (trap '' TERM; sleep 1000; sleep 1000) & echo $!; wait";
        let (finished, output, _) = run(script, Duration::from_millis(300));
        assert_eq!(finished.end, End::TimedOut);
        assert!(finished.elapsed < LONG, "the grace does not count");
        let processes: Vec<&str> = output.lines().collect();
        assert_eq!(processes.len(), 2, "{output}");
        assert!(!processes.into_iter().any(exists));
    }

    #[test]
    fn what_a_program_leaves_behind_ends_with_it() {
        let (finished, output, _) = run("sleep 1000 & echo $!", LONG);
        assert!(matches!(finished.end, End::Exited(status) if status.success()));
        assert!(!exists(&output));
    }

    #[test]
    fn what_leaves_the_group_ends_with_it() {
        if Command::new("setsid").arg("true").status().is_err() {
            eprintln!("skipped: there is no setsid");
            return;
        }
        let script = "setsid sh -c 'trap \"\" TERM; sleep 1000; sleep 1000' & echo $!; wait";
        let (finished, output, _) = run(script, Duration::from_millis(300));
        assert_eq!(finished.end, End::TimedOut);
        assert!(!output.is_empty() && !exists(&output), "{output}");
        let (finished, output, _) = run("setsid sleep 1000 & echo $!; sleep 0.2", LONG);
        assert!(matches!(finished.end, End::Exited(status) if status.success()));
        assert!(!output.is_empty() && !exists(&output), "{output}");
    }

    #[test]
    fn memory_is_that_of_the_group() {
        let script = "sleep 0.7 & sleep 0.7 & wait";
        let (finished, _, looks) = run(script, LONG);
        assert!(looks > 0);
        assert!(finished.peak_bytes.is_some_and(|bytes| bytes > 0));
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("out");
        let job = Job {
            command: Command::new(folder.path().join("none")),
            stdout: &file,
            stderr: &file,
            folder: folder.path(),
            timeout: None,
        };
        let error = job.run(&mut |_| ()).unwrap_err();
        assert!(error.to_string().contains("none"), "{error}");
    }
}
