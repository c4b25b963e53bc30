// Opens the page of `ascend compare --html` in a real browser and uses it: holds it against the report as
// JSON, chooses figures, bars and rows, sorts and searches the table, changes theme and width, and looks
// whether anything overflows or a name runs as a script.
//
//   node tools/look_at_compare.mjs ASCEND A.onnx B.onnx [--shots FOLDER]
//
// A and B have to differ in a node. Needs Chromium (CHROMIUM names another one than /usr/bin/chromium) and
// `playwright-core`, which is looked for in NODE_FOLDER/node_modules (NODE_FOLDER is target/node if not set).

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { launch } from "./browser.mjs";

const HOSTILE = "<img src=x onerror=window.hacked=1>.onnx";

const [program, first, second, ...rest] = process.argv.slice(2);
assert.ok(program && first && second, "give the program `ascend` and two models");
const shots = rest[0] === "--shots" ? rest[1] : undefined;
if (shots) mkdirSync(shots, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "look_at_compare."));
const [a, html, json] = [HOSTILE, "report.html", "report.json"].map((name) => join(folder, name));
copyFileSync(first, a);
const ran = spawnSync(resolve(program), ["compare", a, second, "--html", html, "--json", json]);
assert.equal(ran.status, 1, `the models have to differ: ${ran.stderr}`);
const report = JSON.parse(readFileSync(json, "utf8"));

const browser = await launch();
try {
  const tab = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const [faults, asked] = [[], []];
  tab.on("pageerror", (error) => faults.push(error));
  tab.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  tab.on("request", (request) => request.url().startsWith("file:") || request.url().startsWith("data:") || asked.push(request.url()));
  const shot = async (name) => {
    if (shots) await tab.screenshot({ path: join(shots, `compare_${name}.png`), fullPage: true });
  };
  await tab.goto(pathToFileURL(html).href);
  await shot("report");

  // What it tells is what the report tells.
  assert.ok((await tab.locator("#files").textContent()).startsWith(HOSTILE));
  assert.equal(await tab.locator("#verdict").textContent(), "differ");
  assert.ok((await tab.locator("#first-told").textContent()).startsWith(`${report.first_bad.node} (${report.first_bad.operator}): `));
  const read = report.values[report.first_bad.place].reads.length;
  assert.equal(await tab.locator("#first-table tr").count(), 2 + read);
  const count = report.values.length;
  assert.equal(await tab.locator("#bars rect").count(), count);
  assert.equal(await tab.locator("#bars rect.bad").count(), report.differ);
  assert.equal(await tab.locator("#values tbody tr").count(), count);

  // A higher bar is a larger error; another figure draws other bars.
  const heights = () => tab.locator("#bars rect").evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute("height"))));
  const errors = report.values.map((value) => value.figures?.relative_l2);
  const tall = await heights();
  for (let one = 1; one < count; one += 1) {
    if (typeof errors[one] !== "number" || typeof errors[one - 1] !== "number") continue;
    if (errors[one] > errors[one - 1]) assert.ok(tall[one] >= tall[one - 1], `bar ${one}`);
  }
  await tab.selectOption("#figure", { label: "max |a - b|" });
  assert.notDeepEqual(await heights(), tall);

  // The first bad value is chosen; a bar chooses its row, a row its bar.
  const chosen = () => tab.locator("#values tr.chosen").evaluateAll((rows) => rows.map((row) => row.dataset.place));
  assert.deepEqual(await chosen(), [String(report.first_bad.place)]);
  await tab.locator("#bars rect").nth(0).click({ force: true });
  assert.deepEqual(await chosen(), ["0"]);
  await tab.locator(`#values tbody tr[data-place="${count - 1}"]`).click();
  assert.equal(await tab.locator("#bars rect.chosen").getAttribute("data-place"), String(count - 1));

  // The table is sorted both ways, and filtered.
  const column = (place) => tab.locator(`#values tbody td:nth-child(${place + 1})`).allTextContents();
  const l2 = (await tab.locator("#values th").allTextContents()).indexOf("rel. L2");
  for (const sign of [-1, 1]) {
    await tab.locator("#values th").nth(l2).locator("button").click();
    const numbers = (await column(l2)).map(Number).filter((value) => !Number.isNaN(value));
    numbers.slice(1).forEach((value, place) => assert.ok((value - numbers[place]) * sign >= 0, `row ${place}`));
  }
  await tab.check("#only-bad");
  assert.equal(await tab.locator("#values tbody tr").count(), report.differ);
  await tab.uncheck("#only-bad");
  await tab.check("#only-outputs");
  assert.equal(await tab.locator("#values tbody tr").count(), report.values.filter((value) => value.is_output).length);
  await tab.uncheck("#only-outputs");
  await tab.fill("#search", report.first_bad.node);
  assert.ok((await column(1)).every((name) => name.includes(report.first_bad.node)));
  await tab.fill("#search", "");

  // The other theme, and a narrow window in which nothing is pushed out.
  const before = await tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await tab.click("#theme");
  assert.notEqual(await tab.evaluate(() => getComputedStyle(document.body).backgroundColor), before);
  await shot("dark");
  await tab.setViewportSize({ width: 420, height: 800 });
  await tab.evaluate(() => new Promise(requestAnimationFrame));
  assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than its window");
  await shot("narrow");
  assert.equal(await tab.evaluate(() => window.hacked), undefined, "a script of a name ran");
  assert.equal(await tab.locator("img").count(), 0, "markup of a name became elements");
  assert.deepEqual(asked, [], "the page asks for other files");
  assert.deepEqual(faults, []);
  console.log(`${count} values, ${report.differ} of them bad: as it should be`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
