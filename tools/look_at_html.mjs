// Opens the pages of `ascend inspect --html` in a real browser and uses them: counts, looks at places,
// searches, clicks, zooms, and sends names that would run a script.
//
//   node tools/look_at_html.mjs ASCEND [--shots FOLDER] MODEL…
//
// Needs Chromium (CHROMIUM names another one than /usr/bin/chromium) and `playwright-core`, which is
// looked for in NODE_FOLDER/node_modules (NODE_FOLDER is target/node if not set).

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { launch } from "./browser.mjs";

const HOSTILE = '</script><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';

// -- ONNX files to look at ------------------------------------------------------------------------

function varint(number) {
  const bytes = [];
  for (; number > 127; number = Math.floor(number / 128)) bytes.push((number % 128) | 128);
  return Buffer.from([...bytes, number]);
}

/** A field of a protobuf message: a number, a text, or a message. */
function field(number, value) {
  if (typeof value === "number") return Buffer.concat([varint(number * 8), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

const message = (...fields) => Buffer.concat(fields);

function value(name) {
  const shape = message(field(1, message(field(1, 1))), field(1, message(field(1, 8))));
  const type = field(1, message(field(1, 1), field(2, shape)));
  return message(field(1, name), field(2, type));
}

function node(kind, name, inputs, outputs) {
  const names = [...inputs.map((one) => field(1, one)), ...outputs.map((one) => field(2, one))];
  return message(...names, field(3, name), field(4, kind));
}

function model(nodes, input, output) {
  const graph = message(
    ...nodes.map((one) => field(1, one)), field(2, "graph"),
    field(11, value(input)), field(12, value(output)),
  );
  return message(field(1, 8), field(2, "look_at_html"), field(7, graph), field(8, message(field(2, 11))));
}

/** Names that are markup, one of them not ASCII. */
function hostileModel() {
  const nodes = [node("Relu", HOSTILE, ["x"], [`${HOSTILE}1`]), node("Relu", "<b>größe</b>\u2028", [`${HOSTILE}1`], ["y"])];
  return model(nodes, "x", "y");
}

/** A chain with a skip over every third node, and one over all of them. */
function largeModel(count) {
  const nodes = [];
  for (let index = 0; index < count; index += 1) {
    const from = index === 0 ? "x" : `v${index - 1}`;
    if (index % 3 === 2) nodes.push(node("Add", `add_${index}`, [from, `v${index - 2}`], [`v${index}`]));
    else nodes.push(node("Relu", `relu_${index}`, [from], [`v${index}`]));
  }
  nodes.push(node("Add", "last", [`v${count - 1}`, "v0"], ["y"]));
  return model(nodes, "x", "y");
}

// -- looking --------------------------------------------------------------------------------------

class Look {
  constructor(browser, ascend, folder, shots) {
    Object.assign(this, { browser, ascend, folder, shots });
  }

  async at(file) {
    const page = join(this.folder, `${basename(file)}.html`);
    execFileSync(this.ascend, ["inspect", file, "--html", page, "--device", "mock"], { stdio: "pipe" });
    const told = execFileSync(this.ascend, ["inspect", file, "--json", "--ops", "--device", "mock"], { maxBuffer: 1 << 30 });
    const graphs = JSON.parse(told).ops;
    const text = readFileSync(page, "utf8");
    assert.ok(!/https?:\/\//.test(text.split('<script type="application/json"')[0]), "the page names an address");
    const tab = await this.browser.newPage({ viewport: { width: 1400, height: 900 } });
    const faults = [];
    tab.on("console", (said) => said.type() === "error" && faults.push(said.text()));
    tab.on("pageerror", (error) => faults.push(String(error)));
    tab.on("request", (asked) => /^(file|data):/.test(asked.url()) || faults.push(`asked for ${asked.url()}`));
    const before = Date.now();
    await tab.goto(pathToFileURL(page).href);
    await tab.waitForSelector("html[data-ready=true]");
    const took = Date.now() - before;
    await this.use(tab, graphs, basename(file));
    assert.deepEqual(faults, [], "the page had errors");
    await tab.close();
    console.log(`${basename(file)}: ${graphs[0].ops.length} nodes, ${text.length >> 10} KiB, shown after ${took} ms`);
  }

  async use(tab, graphs, name) {
    const { ops } = graphs[0];
    const frame = () => tab.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    const shot = (what) => this.shots && tab.screenshot({ path: join(this.shots, `${name}.${what}.png`) });
    const panel = () => tab.locator("#panel h2").textContent();
    await frame();
    assert.match(await tab.locator("#count").textContent(), new RegExp(`^${ops.length} nodes`));
    assert.ok(await tab.evaluate(() => picture.drawn) > 0, "nothing is drawn");
    assert.ok((await tab.locator("#panel dd").count()) >= 5, "the facts are missing");
    await shot("start");
    checkLayout(await tab.evaluate(() => ({ ...picture.graph, x: Array.from(picture.graph.x), row: Array.from(picture.graph.row) })));

    // Search by name and by type.
    const target = ops.reduce((best, op) => (op.name.length > best.name.length ? op : best));
    await tab.fill("#search", target.name);
    assert.match(await tab.locator("#found").textContent(), /^[1-9]\d* found$/);
    await tab.press("#search", "Enter");
    const kind = ops[Math.floor(ops.length / 2)].type;
    await tab.fill("#search", kind);
    const least = ops.filter((op) => op.type === kind).length;
    assert.ok(parseInt(await tab.locator("#found").textContent(), 10) >= least, `of ${kind} too few are found`);
    await tab.locator("#hits button").first().click();
    await frame();
    assert.equal(await tab.locator("#panel .type").textContent(), kind);
    await shot("found");
    await tab.fill("#search", "no such name anywhere");
    assert.equal(await tab.locator("#found").textContent(), "0 found");
    await tab.fill("#search", "");

    // Click a node: what is told is what the program tells.
    const index = ops.findIndex((op) => op.inputs.length > 0 && op.outputs.length > 0);
    const box = await tab.locator("#view").boundingBox();
    await tab.fill("#search", ops[index].name || ops[index].type);
    await tab.press("#search", "Enter");
    while ((await panel()) !== (ops[index].name || `(${ops[index].type})`)) await tab.press("#search", "Enter");
    await tab.keyboard.press("Escape");
    await frame();
    const at = await tab.evaluate((one) => picture.placeOf(one), index);
    await tab.mouse.click(box.x + 5, box.y + 5);
    assert.notEqual(await panel(), ops[index].name, "a click beside all nodes selects none");
    await tab.mouse.click(at.x, at.y);
    assert.equal(await panel(), ops[index].name || `(${ops[index].type})`);
    const told = await tab.locator("#panel").textContent();
    for (const port of [...ops[index].inputs, ...ops[index].outputs]) {
      assert.ok(told.includes(port.name) && told.includes(port.what), `${port.name} is missing`);
    }
    const known = await tab.evaluate((one) => picture.graph.nodes[one].a.length, index);
    assert.equal(await tab.locator("#panel dt").count(), known, "attributes are missing");
    await shot("clicked");

    // A link leads to the node that it names.
    const link = tab.locator("#panel .go").first();
    const leads = (await link.textContent()).slice(2);
    await link.click();
    assert.equal(await panel(), leads);

    // Pan and zoom.
    const scale = () => tab.evaluate(() => picture.scale);
    await tab.mouse.move(at.x, at.y);
    const near = await scale();
    await tab.mouse.wheel(0, -600);
    await frame();
    assert.ok((await scale()) > near, "the wheel does not zoom");
    const from = await tab.evaluate(() => picture.placeOf(0));
    await tab.mouse.move(box.x + 60, box.y + 60);
    await tab.mouse.down();
    await tab.mouse.move(box.x + 160, box.y + 110, { steps: 4 });
    await tab.mouse.up();
    const to = await tab.evaluate(() => picture.placeOf(0));
    assert.ok(Math.abs(to.x - from.x - 100) < 2 && Math.abs(to.y - from.y - 50) < 2, "dragging does not pan");
    await frame();
    const close = await tab.evaluate(() => picture.drawn);
    assert.ok(ops.length < 50 || close < ops.length / 2, "what is out of view is drawn");
    await tab.click("#fit");
    await frame();
    assert.equal(await tab.evaluate(() => picture.drawn), ops.length);
    await shot("whole");
    const before = await tab.evaluate(() => document.documentElement.dataset.theme);
    await tab.click("#theme");
    await frame();
    assert.notEqual(await tab.evaluate(() => document.documentElement.dataset.theme), before);
    await shot("theme");

    // Each graph inside of nodes.
    for (let graph = 1; graph < graphs.length; graph += 1) {
      await tab.selectOption("#graphs", String(graph));
      assert.match(await tab.locator("#count").textContent(), new RegExp(`^${graphs[graph].ops.length} nodes`));
    }
    assert.equal(await tab.evaluate(() => window.hacked), undefined, "a script of the model ran");
    assert.equal(await tab.locator("img").count(), 0, "markup of the model became elements");
    // The data, the words of its language, and what draws.
    assert.equal(await tab.locator("script").count(), 3);
  }
}

/** Nodes of a row do not overlap, and edges lead downwards. */
function checkLayout({ x, widths, rows, edges, row }) {
  for (const nodes of rows) {
    for (let index = 1; index < nodes.length; index += 1) {
      const [left, right] = [nodes[index - 1], nodes[index]];
      assert.ok(x[left] + widths[left] / 2 <= x[right] - widths[right] / 2 + 0.01, "nodes overlap");
    }
  }
  assert.ok(edges.every(([from, to]) => row[from] < row[to]), "an edge leads upwards");
  assert.equal(rows.flat().length, x.length);
}

const [program, ...rest] = process.argv.slice(2);
assert.ok(program, "give the program `ascend`");
const shots = rest[0] === "--shots" ? rest.splice(0, 2)[1] : undefined;
if (shots) mkdirSync(shots, { recursive: true });
const ascend = resolve(program);
const folder = mkdtempSync(join(tmpdir(), "look_at_html."));
const browser = await launch();
try {
  const look = new Look(browser, ascend, folder, shots);
  const made = [["hostile.onnx", hostileModel()], ["large.onnx", largeModel(3000)]];
  for (const [name, bytes] of made) writeFileSync(join(folder, name), bytes);
  execFileSync(ascend, ["convert", join(folder, "hostile.onnx"), join(folder, "hostile.om")], { stdio: "pipe" });
  for (const file of [...rest, ...["hostile.onnx", "hostile.om", "large.onnx"].map((name) => join(folder, name))]) {
    await look.at(file);
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
