// Opens a page of `ascend classify --html` in a real browser and uses it: counts, searches, chooses a
// class, orders, and sends names and labels that would run a script.
//
//   node tools/look_at_sheet.mjs ASCEND [--shots FOLDER]
//
// Needs what `look_at_html.mjs` needs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { launch } from "./browser.mjs";

const HOSTILE = '<img src=x onerror="window.hacked=1">';

const example = join(dirname(fileURLToPath(import.meta.url)), "../examples/resnet50");

/** A job with the shipped pictures, some of them hostile or damaged; gives its records. */
function job(ascend, folder) {
  const pictures = join(example, "pictures");
  mkdirSync(join(folder, "in"));
  for (const name of readdirSync(pictures)) copyFileSync(join(pictures, name), join(folder, "in", name));
  copyFileSync(join(pictures, "house.jpg"), join(folder, "in", `${HOSTILE}.jpg`));
  writeFileSync(join(folder, "in", `torn${HOSTILE}.jpg`), readFileSync(join(pictures, "mug.jpg")).subarray(0, 999));
  const labels = readFileSync(join(example, "labels.txt"), "utf8").replace(/^house$/m, `house</script>${HOSTILE}`);
  writeFileSync(join(folder, "labels.txt"), labels);
  const run = (...words) => execFileSync(ascend, words, { cwd: folder, stdio: "pipe" });
  run("convert", join(example, "resnet50_slim.safetensors"), "net.om", "--batch", "1");
  run("classify", "net.om", "in", "--labels", "labels.txt", "--out", "r.jsonl", "--html", "page.html", "--device", "mock");
  return readFileSync(join(folder, "r.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
}

async function look(browser, page, records, shots) {
  const done = records.filter((record) => record.top);
  const tab = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  const faults = [];
  tab.on("console", (said) => said.type() === "error" && faults.push(said.text()));
  tab.on("pageerror", (error) => faults.push(String(error)));
  tab.on("request", (asked) => /^(file|data):/.test(asked.url()) || faults.push(`asked for ${asked.url()}`));
  await tab.goto(pathToFileURL(page).href);
  await tab.waitForSelector("html[data-ready=true]");
  const shot = (what) => shots && tab.screenshot({ path: join(shots, `sheet.${what}.png`) });
  const names = () => tab.locator("figure .name").allTextContents().then((all) => all.map((name) => name.slice(1)));
  const found = () => tab.locator("#found").textContent();

  assert.deepEqual(await names(), done.map((record) => record.file));
  assert.equal(await found(), `${done.length} of ${done.length} shown`);
  const labels = await tab.locator("figure .best .label").allTextContents();
  assert.deepEqual(labels, done.map((record) => record.top[0].label));
  const sizes = await tab.locator("figure img").evaluateAll((all) => Promise.all(all.map(async (image) => {
    image.loading = "eager";
    await image.decode();
    return image.naturalWidth;
  })));
  assert.deepEqual(sizes, done.map(() => 112), "pictures are missing");
  await shot("start");

  await tab.fill("#search", "fish.jpg");
  assert.deepEqual(await names(), ["in/fish.jpg"]);
  await tab.fill("#search", "no such name");
  assert.equal(await found(), `0 of ${done.length} shown`);
  await tab.fill("#search", "");
  const label = done[0].top[0].label;
  await tab.selectOption("#class", label);
  assert.deepEqual(await names(), done.filter((record) => record.top[0].label === label).map((record) => record.file));
  await tab.selectOption("#class", "");
  await tab.selectOption("#order", "unsure");
  const unsure = [...done].sort((a, b) => a.top[0].score - b.top[0].score).map((record) => record.file);
  assert.deepEqual((await names())[0], unsure[0]);
  await shot("unsure");
  await tab.locator("#failures summary").click();
  assert.equal(await tab.locator("#failures dt").count(), records.length - done.length);
  await tab.emulateMedia({ colorScheme: "dark" });
  await tab.locator("#failures").scrollIntoViewIfNeeded();
  await shot("dark");

  assert.equal(await tab.evaluate(() => window.hacked), undefined, "a script of a name ran");
  assert.equal(await tab.locator("img").count(), done.length, "markup of a name became an element");
  assert.equal(await tab.locator("script").count(), 3);
  assert.deepEqual(faults, [], "the page had errors");
  console.log(`${done.length} pictures, ${records.length - done.length} failures, ${readFileSync(page).length >> 10} KiB`);
}

const [program, ...rest] = process.argv.slice(2);
assert.ok(program, "give the program `ascend`");
const shots = rest[0] === "--shots" ? rest[1] : undefined;
if (shots) mkdirSync(shots, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "look_at_sheet."));
const browser = await launch();
try {
  await look(browser, join(folder, "page.html"), job(resolve(program), folder), shots);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
