// Opens the pages of `ascend bench --html` in a real browser and uses them: holds the figures against the
// report as JSON, moves the pointer over the runs, chooses devices and times, changes theme and width, and
// looks whether anything overflows or a name runs as a script.
//
//   node tools/look_at_report.mjs ASCEND MODEL.om [--shots FOLDER]
//
// Needs Chromium (CHROMIUM names another one than /usr/bin/chromium) and `playwright-core`, which is
// looked for in NODE_FOLDER/node_modules (NODE_FOLDER is target/node if not set).

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { launch } from "./browser.mjs";

const HOSTILE = "<img src=x onerror=window.hacked=1>.om";
const RUNS = 400;

const [program, model, ...rest] = process.argv.slice(2);
assert.ok(program && model, "give the program `ascend` and a model");
const shots = rest[0] === "--shots" ? rest[1] : undefined;
if (shots) mkdirSync(shots, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "look_at_report."));
const [om, html, json] = [HOSTILE, "report.html", "report.json"].map((name) => join(folder, name));
copyFileSync(model, om);

/** Measures the model, and gives the report. */
function bench(devices, runs) {
  execFileSync(
    resolve(program),
    ["bench", om, "--device", devices, "--loop", String(runs), "--threads", "2", "--html", html, "--json", json, "--overwrite"],
    { env: { ...process.env, ASCEND_MOCK_CONFIG: "devices = 3" }, stdio: "pipe" },
  );
  return JSON.parse(readFileSync(json, "utf8"));
}

const browser = await launch();
try {
  for (const [devices, runs] of [["mock:0-2", RUNS], ["mock:0", 1]]) {
    const report = bench(devices, runs);
    const count = report.devices.length;
    const tab = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    const [faults, asked] = [[], []];
    tab.on("pageerror", (error) => faults.push(error));
    tab.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    tab.on("request", (request) => request.url().startsWith("file:") || request.url().startsWith("data:") || asked.push(request.url()));
    const shot = async (name) => {
      if (shots) await tab.screenshot({ path: join(shots, `${name}_${count}.png`), fullPage: true });
    };
    await tab.goto(pathToFileURL(html).href);
    await shot("report");

    // What it tells is what the report tells.
    assert.equal(await tab.locator("#file").textContent(), HOSTILE);
    assert.match(await tab.locator("#about").textContent(), new RegExp(`^${runs * count} runs? on ${count} ×`));
    assert.equal(await tab.locator("#stage-table tr").count(), 8);
    assert.equal(await tab.locator("#device-table tr").count(), 1 + count + (count > 1 ? 1 : 0));
    const figures = await tab.locator("#figures b").allTextContents();
    const shown = (value) => tab.evaluate((one) => figure(one), value);
    assert.equal(figures[0], `${await shown(report.stages_ms.end_to_end.p50)} ms`);
    assert.equal(figures[1], `${await shown(report.stages_ms.compute.p50)} ms`);
    assert.equal(figures[2], `${await shown(report.throughput.end_to_end_items_per_second)} /s`);

    // A bar for each count, as high as it says.
    for (const which of ["compute", "end_to_end"]) {
      await tab.check(`input[value=${which}]`);
      const { counts } = report.histogram_ms[which];
      const heights = await tab.locator("#histogram rect").evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute("height"))));
      assert.equal(heights.length, counts.length);
      const scale = Math.max(...heights) / Math.max(...counts);
      counts.forEach((value, index) => assert.ok(Math.abs(heights[index] - value * scale) < 0.5, `bar ${index}`));
    }

    // The stages fill the whole width.
    const widths = await tab.locator("#stages rect[y='0']").evaluateAll((bars) => bars.map((bar) => Number(bar.getAttribute("width"))));
    const whole = await tab.locator("#stages").evaluate((svg) => svg.clientWidth);
    assert.ok(Math.abs(widths.reduce((all, one) => all + one, 0) - whole) < 2, `${widths} of ${whole}`);

    // The pointer finds a run; a device alone has its runs only.
    const box = await tab.locator("#times").boundingBox();
    await tab.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
    assert.match(await tab.locator("#told").textContent(), /^at .* s, device \d+: end to end .* ms, compute .* ms$/);
    assert.equal(await tab.locator("#times .ruler").count(), 1);
    if (count > 1) {
      await tab.selectOption("#device", "2");
      assert.equal(await tab.evaluate(() => points.length), runs);
      assert.ok(await tab.evaluate(() => points.every((point) => point[3] === 2)));
      await tab.selectOption("#device", "");
      assert.equal(await tab.evaluate(() => points.length), runs * count);
    } else {
      assert.ok(await tab.locator("#device").isHidden());
    }

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
    await tab.close();
    console.log(`${count} device(s), ${runs} runs each: as it should be`);
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
