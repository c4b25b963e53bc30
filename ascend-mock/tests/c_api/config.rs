//! Configurations as TOML.

use std::env;
use std::fs;
use std::process;
use std::time::Duration;

use ascend_mock::{Effect, Injection, MockConfig, Profile, Report, TimeModel, lease};

/// The text that `toml` is refused with.
fn refusal(toml: &str) -> String {
    match MockConfig::from_toml(toml) {
        Ok(config) => panic!("{toml:?} was taken: {config:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn an_empty_configuration_is_the_default() {
    let read = MockConfig::from_toml("").unwrap();
    assert_eq!(format!("{read:?}"), format!("{:?}", MockConfig::default()));
}

#[test]
fn keys_say_what_the_methods_say() {
    let read = MockConfig::from_toml(
        r#"
            soc = "Ascend310P3"
            devices = 2
            memory_bytes = "3 MiB"
            threads = 1
            strict = true
            seed = 9
            run_mode = "device"
            record_calls = true
            trace = "calls.jsonl"
            report = "stderr"

            [time]
            launch = "5 us"
            host_to_device = "12 GB/s"
            device_to_host = "11 GB/s"
            device_to_device = "100 GiB/s"
            execution = "2 ms"
            models = { resnet50 = "1 s", bert = "40 ns" }
            compute = false

            [[fault]]
            function = "aclrtMemcpy*"
            nth = 4
            times = 5
            device = 1
            stream = 6
            thread = "worker"
            out_of_memory_after = "2 MiB"
        "#,
    );
    let time = TimeModel::default()
        .launch(Duration::from_micros(5))
        .host_to_device(12_000_000_000)
        .device_to_host(11_000_000_000)
        .device_to_device(100 << 30)
        .execution(Duration::from_millis(2))
        .model("resnet50", Duration::from_secs(1))
        .model("bert", Duration::from_nanos(40))
        .compute(false);
    let after_bytes = 2 << 20;
    let fault = Injection::new("aclrtMemcpy*", Effect::OutOfMemory { after_bytes })
        .nth(4)
        .times(5)
        .device(1)
        .stream(6)
        .thread("worker");
    let built = MockConfig::default()
        .soc_name("Ascend310P3")
        .devices(2)
        .memory_bytes(3 << 20)
        .threads(1)
        .strict(true)
        .seed(9)
        .host_access(true)
        .record_calls(true)
        .trace("calls.jsonl")
        .report(Report::Stderr)
        .time(time)
        .inject(fault);
    assert_eq!(format!("{:?}", read.unwrap()), format!("{built:?}"));
    let plain = MockConfig::from_toml("memory_bytes = 3145728").unwrap();
    let built = MockConfig::default().memory_bytes(3 << 20);
    assert_eq!(format!("{plain:?}"), format!("{built:?}"));
}

#[test]
fn mistakes_are_refused_with_their_line_and_key() {
    let cases: &[(&str, &[&str])] = &[
        ("seed = 1\nsteict = true", &["line 2", "steict", "strict"]),
        ("\n\ndevices = \"two\"", &["line 3", "devices", "u32"]),
        ("devices = -1", &["line 1", "devices"]),
        ("memory_bytes = \"2 gigs\"", &["line 1", "2 gigs", "GiB"]),
        ("memory_bytes = -4", &["line 1", "counted from 0"]),
        ("soc = \"Ascend310P9\"", &["Ascend310P9", "Ascend310P3"]),
        ("run_mode = \"both\"", &["line 1", "both", "host"]),
        ("devices = ", &["line 1"]),
        ("trace = \"calls.txt\"", &["trace", "calls.txt", ".jsonl"]),
        ("[time]\nlaunch = 5", &["line 2", "launch", "string"]),
        ("[time]\nhost_to_device = \"12 GB\"", &["line 2", "12 GB/s"]),
        (
            "[time]\nhost_to_device = \"0 B/s\"",
            &["line 2", "never ends"],
        ),
        (
            "[time]\nmodels = { a = \"1 day\" }",
            &["line 2", "1 day", "ms"],
        ),
        (
            "[[fault]]\nfunction = \"aclrtMalloc\"\nwhen = 3\ncode = 1",
            &["line 3", "when", "nth"],
        ),
        (
            "[[fault]]\nfunction = \"aclrtMallok\"\ncode = 207001",
            &["line 1", "aclrtMallok", "no such function"],
        ),
        (
            "[[fault]]\nfunction = \"aclrtMalloc\"",
            &["line 1", "device_lost"],
        ),
        (
            "[[fault]]\nfunction = \"aclrtMalloc\"\ncode = 1\nhang = true",
            &["one effect"],
        ),
        (
            "[[fault]]\nfunction = \"aclrtMalloc\"\ncode = 1\nnth = 1\nevery = 2",
            &["one of nth"],
        ),
        (
            "[[fault]]\nfunction = \"aclrtMalloc\"\ncode = 0",
            &["a success"],
        ),
        (
            "[[fault]]\nfunction = \"aclrt*\"\ncode = 1\nprobability = 1.5",
            &["1.5", "from 0 to 1"],
        ),
        (
            "[[fault]]\nfunction = \"aclrt*\"\ndelay = \"5\"",
            &["line 3", "\"5\"", "ms"],
        ),
        (
            "devices = 2\n[[fault]]\nfunction = \"aclrt*\"\ncode = 1\ndevice = 2",
            &["fault 1", "device 2", "2 devices"],
        ),
    ];
    for (toml, parts) in cases {
        let text = refusal(toml);
        for part in *parts {
            assert!(text.contains(part), "{toml:?}: {part:?} is not in:\n{text}");
        }
    }
}

#[test]
fn a_file_is_read_and_named_in_errors() {
    let path = env::temp_dir().join(format!("ascend-mock-config-{}.toml", process::id()));
    let name = path.display().to_string();
    fs::write(&path, "devices = 3").unwrap();
    let (_, lease) = lease(MockConfig::from_file(&path).unwrap()).unwrap();
    assert!(format!("{lease:?}").contains("devices: 3"));
    fs::write(&path, "devises = 3").unwrap();
    let error = MockConfig::from_file(&path).unwrap_err().to_string();
    assert!(
        error.contains(&name) && error.contains("devises"),
        "{error}"
    );
    fs::remove_file(&path).unwrap();
    let error = MockConfig::from_file(&path).unwrap_err().to_string();
    assert!(error.contains(&name), "{error}");
}

/// The page about the CPU device.
fn page() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/cpu-device.md");
    fs::read_to_string(path).unwrap()
}

#[test]
fn the_example_of_the_page_is_a_configuration_with_every_key() {
    let page = page();
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (example, _) = rest.split_once("```").unwrap();
    MockConfig::from_toml(example).unwrap();
    // What an unknown key is told: all keys there are.
    for (prefix, section) in [("", "MockConfig"), ("[time]\n", "TimeModel")] {
        let text = refusal(&format!("{prefix}nonsense = 1"));
        let (_, known) = text.split_once("expected one of").expect(section);
        for key in known
            .split(['`', ',', ' ', '\n'])
            .filter(|key| !key.is_empty())
        {
            assert!(example.contains(key), "{section}: no example for {key}");
        }
    }
}

#[test]
fn the_page_has_every_chip_and_every_key_of_a_fault() {
    let page = page();
    for profile in Profile::all() {
        let memory = match profile.memory_bytes {
            bytes if bytes.is_multiple_of(1 << 30) => format!("{} GiB", bytes >> 30),
            bytes => format!("{} GB", bytes / 1_000_000_000),
        };
        let row = format!(
            "| `{}` | {} | {memory} {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            profile.name,
            profile.product,
            if profile.has_hbm { "HBM" } else { "DDR" },
            profile.ai_cores,
            profile.vector_cores,
            profile.cpu_cores,
            profile.streams,
            profile.events,
            profile.notifies,
            profile.padding,
            if profile.has_peer_access { "yes" } else { "no" },
            profile.assumed.replace(' ', ", "),
        );
        assert!(page.contains(&row), "the page lacks\n{row}");
    }
    let text = refusal("[[fault]]\nnonsense = 1");
    let (_, known) = text.split_once("expected one of").unwrap();
    for key in known
        .split(['`', ',', ' ', '\n'])
        .filter(|key| !key.is_empty())
    {
        let named = [format!("| `{key}` |"), format!("| `{key} = true` |")];
        assert!(
            named.iter().any(|row| page.contains(row)),
            "the page lacks {key}"
        );
    }
}
