//! `ascend classify` as a job: what it writes.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use serde_json::Value;

use super::job::Job;
use super::text;

#[test]
fn csv_is_made_of_the_records() {
    let job = Job::new(5);
    fs::write(job.at("labels.txt"), "red, mostly\n\"green\"\nblue\n").unwrap();
    let arguments = [
        "in",
        "--labels",
        "labels.txt",
        "--top",
        "2",
        "--out",
        "r.csv",
    ];
    job.succeeds(&arguments);
    let table = text(&job.read("r.csv"));
    let rows: Vec<&str> = table.split_terminator("\r\n").collect();
    assert_eq!(
        rows[0],
        "file,index_1,label_1,score_1,index_2,label_2,score_2,error_kind,error,file_bytes"
    );
    assert_eq!(rows.len(), 6);
    let records = job.records("r.csv.jsonl");
    let first = &records[0]["top"][0];
    let label = first["label"].as_str().unwrap().replace('"', "\"\"");
    let label = if label.contains(['"', ',']) {
        format!("\"{label}\"")
    } else {
        label
    };
    let expected = format!("in/0000.png,{},{label},{}", first["index"], first["score"]);
    assert!(rows[1].starts_with(&expected), "{}: {expected}", rows[1]);
    assert!(
        rows[4].starts_with("in/0003.png,,,,,,,malformed,"),
        "{}",
        rows[4]
    );
    // Gone or not, it is made again.
    fs::remove_file(job.at("r.csv")).unwrap();
    job.succeeds(&arguments);
    assert_eq!(text(&job.read("r.csv")), table);
    if !cfg!(feature = "parquet") {
        job.fails(&["in", "--out", "r.parquet"], 8, &["--features parquet"]);
    }
}

#[test]
fn all_classes_of_scores_with_sides_are_columns() {
    let job = Job::new(2);
    job.model(false);
    fs::write(job.at("labels.txt"), "red\ngreen\nblue\n").unwrap();
    job.succeeds(&["in", "--labels", "labels.txt", "--out", "r.csv"]);
    let table = text(&job.read("r.csv"));
    assert!(
        table.contains(",score_3,error_kind,"),
        "three classes are three columns: {table}"
    );
    assert_eq!(
        job.records("r.csv.jsonl")[0]["top"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn a_page_replaces_its_own_only() {
    let job = Job::new(3);
    fs::write(job.at("own.html"), "my page").unwrap();
    for name in ["r.csv", "./r.csv.jsonl", "in/../r.csv.jsonl.job.json"] {
        job.fails(
            &["in", "--out", "r.csv", "--html", name],
            6,
            &["--html and --out would both write r.csv"],
        );
    }
    job.fails(
        &["in", "--out", "r.csv", "--html", "own.html"],
        9,
        &["own.html exists already", "--overwrite"],
    );
    job.succeeds(&["in", "--out", "r.csv"]);
    job.fails(
        &["in", "--out", "r.csv", "--html", "own.html"],
        9,
        &["own.html exists already", "take that file away"],
    );
    assert_eq!(job.read("own.html"), b"my page");
    // The pages of a job do not shape its results, and are made again.
    for page in ["a.html", "b.html", "./a.html"] {
        job.succeeds(&["in", "--out", "r.csv", "--html", page]);
    }
    job.succeeds(&["in", "--out", "r.csv"]);
    job.succeeds(&["in", "--out", "r.csv", "--html", "own.html", "--overwrite"]);
    assert!(text(&job.read("own.html")).contains("0000.png"));
}

#[test]
fn names_of_any_bytes_are_kept_apart() {
    let job = Job::new(0);
    let hostile = "<img src=x onerror=alert(1)>.png";
    for (number, name) in [
        &b"\xff.png"[..],
        b"\xfe.png",
        b"a\nb.png",
        b"a,\"b\".png",
        hostile.as_bytes(),
    ]
    .into_iter()
    .enumerate()
    {
        job.picture(OsStr::from_bytes(name), number.min(2));
    }
    fs::write(
        job.at("labels.txt"),
        "</script><script>alert(1)</script>\ngreen\nblue\n",
    )
    .unwrap();
    let arguments = [
        "in",
        "--out",
        "r.csv",
        "--html",
        "page.html",
        "--labels",
        "labels.txt",
    ];
    job.succeeds(&arguments);
    let records = job.records("r.csv.jsonl");
    assert_eq!(records.len(), 5);
    let bytes: Vec<_> = records
        .iter()
        .filter_map(|record| record["file_bytes"].as_str())
        .collect();
    assert_eq!(bytes, ["696e2ffe2e706e67", "696e2fff2e706e67"]);
    // They are known again.
    let said = job.succeeds(&arguments);
    assert!(said.contains("5 of 5"), "{said}");
    assert_eq!(job.records("r.csv.jsonl").len(), 5);

    let page = text(&job.read("page.html"));
    assert!(
        !page.contains(hostile) && !page.contains("<script>alert"),
        "names are markup"
    );
    let data = page
        .split("<script type=\"application/json\" id=\"data\"")
        .nth(1)
        .unwrap();
    let data = data
        .split_once('>')
        .unwrap()
        .1
        .split_once("</script>")
        .unwrap()
        .0;
    let data: Value = serde_json::from_str(data).unwrap();
    let pictures = data["pictures"].as_array().unwrap();
    assert_eq!(pictures.len(), 5);
    assert!(
        pictures
            .iter()
            .any(|picture| picture["file"] == format!("in/{hostile}"))
    );
    for picture in pictures {
        assert!(
            picture["image"]
                .as_str()
                .unwrap()
                .starts_with("data:image/png;base64,iVBOR")
        );
    }
}

#[test]
fn the_examples_of_the_docs_run() {
    let job = Job::new(0);
    fs::rename(job.at("net.om"), job.at("model.om")).unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::create_dir(job.at("pictures")).unwrap();
    for picture in fs::read_dir(here.join("examples/resnet50/pictures")).unwrap() {
        let picture = picture.unwrap();
        fs::copy(picture.path(), job.at("pictures").join(picture.file_name())).unwrap();
    }
    fs::write(job.at("labels.txt"), "red\ngreen\nblue\n").unwrap();
    let docs = fs::read_to_string(here.join("docs/jobs.md")).unwrap();
    let blocks: Vec<&str> = docs
        .split("\n```sh\n")
        .skip(1)
        .map(|rest| rest.split("\n```").next().unwrap())
        .collect();
    assert_eq!(blocks.len(), 5);
    let output = job.shell(&blocks.join("\n"));
    assert!(output.status.success(), "{}", text(&output.stderr));
    let count = fs::read_dir(job.at("pictures")).unwrap().count();
    for name in [
        "results.jsonl",
        "page.jsonl",
        "some.jsonl",
        "listed.jsonl",
        "found.jsonl",
        "both.jsonl",
        "all.jsonl",
    ] {
        assert_eq!(job.records(name).len(), count, "{name}");
    }
    assert_eq!(text(&job.read("results.csv")).lines().count(), count + 1);
    assert!(text(&job.read("page.html")).contains("house.jpg"));
}

#[cfg(feature = "parquet")]
#[test]
fn parquet_holds_what_the_records_hold() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::{Field, RowAccessor};

    let job = Job::new(5);
    fs::write(job.at("labels.txt"), "red\ngreen\nblue\n").unwrap();
    job.succeeds(&["in", "--labels", "labels.txt", "--out", "r.parquet"]);
    let records = job.records("r.parquet.jsonl");
    let file = SerializedFileReader::new(fs::File::open(job.at("r.parquet")).unwrap()).unwrap();
    let rows: Vec<_> = file
        .get_row_iter(None)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(rows.len(), 5);
    for (row, record) in rows.iter().zip(&records) {
        assert_eq!(row.get_string(0).unwrap(), record["file"].as_str().unwrap());
        // Three classes, though five were asked for.
        assert_eq!(row.len(), 1 + 3 * 3 + 3);
        let fields: Vec<&Field> = row.get_column_iter().map(|(_, field)| field).collect();
        if record["error"].is_object() {
            assert_eq!((fields[1], fields[3]), (&Field::Null, &Field::Null));
            assert_eq!(fields[10], &Field::Str("malformed".to_owned()));
            continue;
        }
        for (rank, class) in record["top"].as_array().unwrap().iter().enumerate() {
            let at = 1 + 3 * rank;
            assert_eq!(row.get_long(at).unwrap(), class["index"].as_i64().unwrap());
            assert_eq!(
                row.get_string(at + 1).unwrap(),
                class["label"].as_str().unwrap()
            );
            let score = class["score"].to_string().parse::<f32>().unwrap();
            assert!((row.get_float(at + 2).unwrap() - score).abs() < 1e-7);
        }
        assert_eq!(fields[10], &Field::Null);
    }
}
