//! The runtime's own words in errors: those of the call that failed, and of no other.

use std::sync::{Arc, Barrier};
use std::thread;

use ascend_mock::{Effect, Injection, MockConfig};
use ascend_rt::{Acl, AclConfig, Context, DeviceBuffer, Event};

/// How often the runtime's words begin in a text.
fn messages(text: &str) -> usize {
    text.matches("[PID: ").count()
}

fn no_memory(context: &Context) -> String {
    let refused = DeviceBuffer::<u8>::new(context, 1 << 50);
    refused.map(drop).unwrap_err().to_string()
}

#[test]
fn a_thread_that_has_no_context_yet_says_nothing_of_that() {
    let acl = Acl::mock(MockConfig::default()).unwrap();
    let context = acl.device(0).unwrap().context();
    let text = thread::scope(|scope| scope.spawn(|| no_memory(&context)).join().unwrap());
    assert!(text.contains("207001"), "{text}");
    assert!(!text.contains("107002"), "{text}");
    assert_eq!(messages(&text), 1, "{text}");
}

#[test]
fn threads_that_fail_at_once_have_their_own_words() {
    let fault = Injection::new("aclrtCreateEvent*", Effect::Code(207_007));
    for shares in [false, true] {
        let config = AclConfig::new().share_messages(shares);
        let acl = config
            .mock(MockConfig::default().inject(fault.clone()))
            .unwrap();
        let context = acl.device(0).unwrap().context();
        let barrier = Arc::new(Barrier::new(8));
        let tries = (0..8).map(|number| {
            let (context, barrier) = (context.clone(), Arc::clone(&barrier));
            thread::spawn(move || {
                for _ in 0..50 {
                    barrier.wait();
                    let (text, code, other) = if number % 2 == 0 {
                        (no_memory(&context), "207001", "207007")
                    } else {
                        let event = Event::new(&context).map(drop);
                        (event.unwrap_err().to_string(), "207007", "207001")
                    };
                    assert!(text.contains(code), "{text}");
                    // Where the words are shared, whoever comes first gets them all.
                    if !shares {
                        assert!(!text.contains(other), "{text}");
                        assert_eq!(messages(&text), 1, "{text}");
                    }
                }
            })
        });
        let tries: Vec<_> = tries.collect();
        for thread in tries {
            thread.join().unwrap();
        }
    }
}

#[test]
fn what_makes_nothing_says_why() {
    let fault = Injection::new("aclmdlCreateDataset", Effect::Code(100_000));
    let acl = Acl::mock(MockConfig::default().inject(fault)).unwrap();
    let om = super::texts::model();
    let model = ascend_rt::Model::from_bytes(&acl.device(0).unwrap().context(), &om).unwrap();
    let error = ascend_rt::Session::new(Arc::new(model))
        .map(drop)
        .unwrap_err();
    let text = error.to_string();
    for words in [
        "aclmdlCreateDataset gave nothing",
        "injected by fault 1",
        "free some memory",
    ] {
        assert!(text.contains(words), "{words:?} is missing in {text}");
    }
}

#[test]
fn words_without_end_are_cut() {
    let name = "x".repeat(1 << 20);
    let acl = Acl::mock(MockConfig::default()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let error = ascend_rt::Model::load(&acl.device(0).unwrap().context(), &path).unwrap_err();
    // The path itself is told once, by us.
    assert!(
        error.to_string().len() < (1 << 20) + (64 << 10),
        "{}",
        error.to_string().len()
    );
}
