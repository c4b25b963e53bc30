//! Requests that are joined to batches.

use std::time::Duration;

use ascend_graph::onnx::{Attribute, Builder, Dim, Model as Onnx};
use ascend_graph::{DataType, Gears as Asked};
use ascend_mock::MockConfig;
use ascend_rt::ErrorKind;
use ascend_rt::pool::PoolOptions;
use ndarray::{Axis, Slice};

use super::made::{Told, alone, dense, doubled, numbers, pooled};
use super::pool::{FOREVER, House, first, fixed, gears, open};

#[test]
fn samples_are_joined_to_the_next_batch_and_cut_back() {
    for (name, om) in [
        ("gears", gears("1,2,4")),
        ("fixed", fixed(4)),
        ("range", open("1~4")),
        ("range of many", open("3~4")),
        ("free", open("-1")),
    ] {
        let options = PoolOptions::new().wait(FOREVER).free_batch(4);
        let house = House::new(MockConfig::default(), &om, 2, options);
        assert_eq!(house.pool.batch(), 4, "{name}");
        let tried = house.executions();
        // Full batches of 4 = 1 + 2 + 1 = 3 + 1 do not wait.
        let sizes = [1, 2, 1, 3, 1];
        let rows: Vec<_> = sizes.iter().map(|rows| numbers(&[*rows, 3])).collect();
        let tickets: Vec<_> = rows
            .iter()
            .map(|rows| house.pool.submit(house.request(rows)).unwrap())
            .collect();
        for (ticket, rows) in tickets.into_iter().zip(&rows) {
            let answer = ticket.wait().unwrap();
            let output = answer.outputs().array::<f32>(0).unwrap();
            assert_eq!(output, rows + rows, "{name}");
        }
        assert_eq!(house.executions() - tried, 2, "{name}");
        // What does not fill a batch waits no longer than the pool is open.
        let tickets: Vec<_> = (0..3_u8)
            .map(|at| house.pool.submit(house.sample(at.into())).unwrap())
            .collect();
        let statistics = house.pool.close();
        for (ticket, at) in tickets.into_iter().zip([0.0, 2.0, 4.0]) {
            assert!((first(&ticket.wait().unwrap()) - at).abs() < 1e-6, "{name}");
        }
        let runs: u64 = statistics.iter().map(|copy| copy.runs).sum();
        let samples: u64 = statistics.iter().map(|copy| copy.samples).sum();
        assert_eq!((runs, samples), (3, 11), "{name}");
        assert!(house.lease.ledger().is_empty(), "{}", house.lease.ledger());
    }
}

#[test]
fn what_does_not_fill_a_batch_goes_when_its_time_is_over() {
    let options = PoolOptions::new().wait(Duration::from_millis(5));
    let house = House::new(MockConfig::default(), &gears("1,2,4"), 1, options);
    let ticket = house.pool.submit(house.sample(2.0)).unwrap();
    assert!((first(&ticket.wait().unwrap()) - 4.0).abs() < 1e-6);
}

#[test]
fn what_cannot_be_joined_runs_alone() {
    // One of its outputs is a number over the whole batch.
    let om = Told::gears("x:-1,3,4,6;bias:-1,1,1,1", Asked::batch("1,2,4")).om(&pooled());
    let options = PoolOptions::new().wait(FOREVER);
    let house = House::new(MockConfig::default(), &om, 1, options);
    assert_eq!(house.pool.batch(), 1);
    let submit = |n: usize| {
        let mut request = house.pool.request();
        let (x, bias) = (numbers(&[n, 3, 4, 6]), numbers(&[n, 1, 1, 1]));
        let inputs = [(&bias).into(), (&x).into()];
        let [bias, x]: [ascend_rt::Input<'_>; 2] = inputs;
        request.set(&[bias.named("bias"), x]).unwrap();
        house.pool.submit(request).unwrap()
    };
    let tickets: Vec<_> = [1, 2, 3, 4].into_iter().map(submit).collect();
    let shapes = tickets.into_iter().map(|ticket| {
        let answer = ticket.wait();
        answer.map(|answer| answer.outputs().by_name("y").unwrap().shape()[0])
    });
    let shapes: Vec<_> = shapes.collect();
    assert_eq!(*shapes[0].as_ref().unwrap(), 1);
    assert_eq!(*shapes[1].as_ref().unwrap(), 2);
    // No gear, and no padding without being asked.
    let error = &shapes[2].as_ref().unwrap_err().error;
    assert_eq!(error.kind(), ErrorKind::Shape, "{error}");
    assert_eq!(*shapes[3].as_ref().unwrap(), 4);
    assert_eq!(house.executions(), 3);
}

/// `y` is `x` twice, one behind the other.
fn twice() -> Onnx {
    let mut graph = Builder::new("twice", 13);
    let x = graph.input("x", DataType::F32, &["n".into(), 3.into()]);
    let behind = [Attribute::int("axis", 0)];
    graph.node_to("Concat", "twice", &[&x, &x], &["y"], behind);
    graph.output("y", DataType::F32, &[Dim::Unknown, 3.into()]);
    graph.build().unwrap()
}

#[test]
fn a_range_is_joined_where_all_outputs_follow_the_batch() {
    let options = PoolOptions::new().wait(FOREVER).free_batch(8);
    let batch = |om: &[u8]| {
        House::new(MockConfig::default(), om, 1, options)
            .pool
            .batch()
    };
    let whole = "x:1~4,3,4,6;bias:1~4,1,1,1";
    for (name, om, joined) in [
        ("a product", Told::shapes("x:1~4,64").om(&dense(1.0)), 4),
        ("a free product", Told::shapes("x:-1,64").om(&dense(1.0)), 8),
        (
            "twice as many rows",
            Told::shapes("x:1~4,3").om(&twice()),
            1,
        ),
        (
            "a number over the batch",
            Told::shapes(whole).om(&pooled()),
            1,
        ),
        (
            "two lengths",
            Told::shapes("x:1~4,1~3").om(&doubled("x", 2)),
            1,
        ),
        (
            "batches above",
            Told::shapes("x:9~-1,3").om(&doubled("x", 2)),
            1,
        ),
    ] {
        assert_eq!(batch(&om), joined, "{name}");
    }
    // Without being asked, what has no limit is not joined; and nothing is if that is asked for.
    let (plain, apart) = (PoolOptions::new(), options.joins(false));
    for (om, options) in [(open("-1"), plain), (open("1~4"), apart)] {
        let house = House::new(MockConfig::default(), &om, 1, options);
        assert_eq!((house.pool.batch(), house.executions()), (1, 0));
        let x = numbers(&[3, 3]);
        let answer = house.pool.run(&[(&x).into()]).unwrap();
        assert_eq!(answer.outputs().array::<f32>(0).unwrap(), &x + &x);
    }
}

#[test]
fn rows_of_a_range_are_those_of_runs_alone() {
    let network = dense(1.0);
    let options = PoolOptions::new().wait(FOREVER);
    let om = Told::shapes("x:1~6,64").om(&network);
    let house = House::new(MockConfig::default(), &om, 2, options);
    let tried = house.executions();
    // 6 = 1 + 3 + 2, and 5 + 1.
    let all = numbers(&[12, 64]);
    let mut start = 0;
    let parts = [1, 3, 2, 5, 1].map(|rows| {
        let part = all.slice_axis(Axis(0), Slice::from(start..start + rows));
        start += rows;
        part.to_owned()
    });
    let tickets: Vec<_> = parts
        .iter()
        .map(|part| house.pool.submit(house.request(part)).unwrap())
        .collect();
    for (ticket, part) in tickets.into_iter().zip(&parts) {
        let shapes = format!("x:{},64", part.shape()[0]);
        let answer = ticket.wait().unwrap();
        let output = answer.outputs().array::<f32>(0).unwrap();
        let expected = &alone(&network, &shapes, &[part])[0];
        assert_eq!(output.shape(), expected.shape());
        let differences = (&output - expected).mapv(f32::abs);
        assert!(differences.iter().all(|by| *by < 1e-4), "{differences}");
    }
    assert_eq!(house.executions() - tried, 2);
}

#[test]
fn a_first_dimension_that_is_no_batch_holds_requests_back_as_well() {
    let options = PoolOptions::new().queue(4);
    let house = House::new(MockConfig::default(), &fixed(100_000), 2, options);
    assert_eq!((house.pool.batch(), house.pool.capacity()), (100_000, 12));
    let options = options.queue(usize::MAX);
    let house = House::new(MockConfig::default(), &fixed(100_000), 2, options);
    assert_eq!(house.pool.capacity(), 3 << 16);
}

#[test]
fn nothing_is_joined_unasked() {
    let options = PoolOptions::new().joins(false).wait(FOREVER);
    let house = House::new(MockConfig::default(), &gears("1,4"), 1, options);
    assert_eq!(house.pool.batch(), 1);
    let requests: Vec<_> = (0..8_u8).map(|at| house.sample(at.into())).collect();
    for (answer, at) in house.pool.in_order(requests).zip(0..8_u8) {
        assert!((first(&answer.unwrap()) - 2.0 * f32::from(at)).abs() < 1e-6);
    }
    assert_eq!(house.executions(), 8);
}
