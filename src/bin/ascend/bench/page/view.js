const data = JSON.parse(document.getElementById("data").textContent);
const { report, stages, runs } = data;
const get = (id) => document.getElementById(id);

/** An element with a text and a class. */
function element(name, text, kind) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function table(target, head, rows) {
  // A column is of numbers if its first cell is one.
  const kinds = head.map((_, index) => (typeof rows[0]?.[index] === "number" ? "" : "text"));
  const line = (cells, name) => {
    const row = element("tr");
    row.append(...cells.map((cell, index) => element(name, typeof cell === "number" ? figure(cell) : cell, kinds[index])));
    return row;
  };
  target.replaceChildren(line(head, "th"), ...rows.map((row) => line(row, "td")));
}

function drawFigures() {
  const [compute, whole] = [stages[2].spread, stages[6].spread];
  const of = (kind, value, label) => {
    const box = element("div", undefined, kind);
    box.append(element("b", value), element("span", label));
    return box;
  };
  get("figures").replaceChildren(
    of("whole", `${figure(whole.p50)} ms`, told("end to end, median; 99 % below {time} ms", { time: figure(whole.p99) })),
    of("compute", `${figure(compute.p50)} ms`, told("compute, median; 99 % below {time} ms", { time: figure(compute.p99) })),
    of("whole", `${figure(report.throughput.end_to_end_items_per_second)} /s`, told("throughput end to end, by the clock")),
    of("compute", `${figure(report.throughput.compute_items_per_second)} /s`, told("throughput of compute alone")),
  );
}

/** The runs of the devices that are chosen, in the order of their starts. */
function chosen() {
  const which = get("device").value;
  const all = runs.filter((one) => which === "" || String(one.device) === which);
  const points = all.flatMap((one) => one.start.map((start, index) => [start / 1e3, one.compute[index], one.whole[index], one.device]));
  return points.sort((a, b) => a[0] - b[0]);
}

let times;
let points = [];

function drawTimes() {
  points = chosen();
  times = new Chart(get("times"), 240);
  let most = 0;
  for (const point of points) most = Math.max(most, point[2]);
  times.axes([points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1, told("seconds since the start")], [0, most * 1.05 || 1, "ms"]);
  for (const [index, name] of [[2, "whole"], [1, "compute"]]) {
    for (const { device } of runs) {
      const own = points.filter((point) => point[3] === device);
      times.line(own.map((point) => point[0]), own.map((point) => point[index]), name);
    }
  }
  get("told").textContent = "";
}

/** Tells the run below the pointer. */
function tell(event) {
  if (!points.length) return;
  const box = get("times").getBoundingClientRect();
  const at = ((event.clientX - box.left) / box.width) * (times.left + times.width + 14);
  let [low, high] = [0, points.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times.x(points[middle][0]) < at) low = middle + 1;
    else high = middle;
  }
  const before = points[low - 1];
  if (before && at - times.x(before[0]) < times.x(points[low][0]) - at) low -= 1;
  const [start, compute, whole, device] = points[low];
  get("times").querySelector(".ruler")?.remove();
  const x = times.x(start);
  times.add("line", { class: "ruler", x1: x, x2: x, y1: times.top, y2: times.top + times.height });
  get("told").textContent = told("at {start} s, device {device}: end to end {whole} ms, compute {compute} ms", {
    start: figure(start), device, whole: figure(whole), compute: figure(compute),
  });
}

function drawHistogram() {
  const which = document.querySelector("input[name=which]:checked").value;
  const { start, step, counts } = report.histogram_ms[which];
  const chart = new Chart(get("histogram"), 200);
  const width = step || 1;
  const kind = which === "compute" ? "compute" : "whole";
  chart.axes([start, start + width * counts.length, "ms"], [0, Math.max(...counts, 1) * 1.05, told("runs")]);
  counts.forEach((count, index) => {
    const [x, y] = [chart.x(start + width * index), chart.y(count)];
    const bar = chart.add("rect", {
      class: kind, x: x + 1, y, width: Math.max(1, chart.width / counts.length - 2), height: chart.top + chart.height - y,
    });
    const last = index + 1 === counts.length;
    const from = figure(start + width * index);
    bar.append(shape("title", {}, last
      ? told("{count} runs above {from} ms", { count, from })
      : told("{count} runs from {from} to {to} ms", { count, from, to: figure(start + width * (index + 1)) })));
  });
}

function drawStages() {
  const parts = stages.slice(0, 6);
  const sum = parts.reduce((all, part) => all + part.spread.mean, 0) || 1;
  const svg = get("stages");
  const width = Math.max(200, svg.clientWidth);
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${width} 30`);
  svg.setAttribute("height", 30);
  get("stage-key").replaceChildren();
  let at = 0;
  parts.forEach((part, index) => {
    const own = (part.spread.mean / sum) * width;
    const bar = shape("rect", { class: `stage${index}`, x: at, y: 0, width: Math.max(own, 0), height: 30 });
    bar.append(shape("title", {}, `${told(part.name)}: ${figure(part.spread.mean)} ms`));
    svg.append(bar);
    const share = ((part.spread.mean / sum) * 100).toFixed(1);
    get("stage-key").append(element("span", "", `key stage${index}`), `${told(part.name)} ${share} %`);
    at += own;
  });
  const head = ["stage", "mean ms", "p50", "p90", "p95", "p99", "max", "deviation", "jitter", "what it is"];
  table(get("stage-table"), head.map((one) => told(one)), stages.map(({ name, meaning, spread }) => [
    told(name), spread.mean, spread.p50, spread.p90, spread.p95, spread.p99, spread.max, spread.deviation, spread.jitter, told(meaning),
  ]));
}

function drawDevices() {
  const head = [
    "device", "runs", "load ms", "warm-up", "compute p50 ms", "compute /s", "end to end p50 ms", "end to end /s",
    "MiB before", "MiB loaded", "MiB peak",
  ];
  const rows = report.devices.map((one) => [
    String(one.device), one.runs, one.load_ms, `${one.warm_up.count} × ${figure(one.warm_up.mean)} ms`,
    one.compute.p50, one.throughput.compute_items_per_second, one.end_to_end.p50,
    one.throughput.end_to_end_items_per_second,
    ...["before", "loaded", "peak"].map((key) => one.memory_bytes[key] / 2 ** 20),
  ]);
  if (rows.length > 1) {
    const { compute_items_per_second: compute, end_to_end_items_per_second: whole } = report.throughput;
    rows.push([told("all"), data.count, "", "", "", compute, "", whole, "", "", ""]);
  }
  table(get("device-table"), head.map((one) => told(one)), rows);
}

function draw() {
  drawFigures();
  drawTimes();
  drawHistogram();
  drawStages();
  drawDevices();
}

get("file").textContent = data.file;
const chip = report.is_cpu_device ? told("the CPU device ({chip})", { chip: report.chip }) : report.chip;
get("about").textContent =
  told(data.count === 1 ? "1 run on {devices} × {chip}, {sessions} at once on each" : "{count} runs on {devices} × {chip}, {sessions} at once on each", {
    count: data.count, devices: report.devices.length, chip, sessions: report.sessions,
  }) + (report.interrupted ? told("; stopped before the end") : "")
  + report.energy.map((one) => told("; NPU {npu} took {joules} J at {watts} W", { npu: one.npu_id, joules: figure(one.joules), watts: figure(one.mean_watts) })).join("");
get("thinned").textContent = data.stride > 1 ? told("One of {count} runs is drawn; the figures are of all.", { count: data.stride }) : "";
get("tensors").replaceChildren(
  ...data.inputs.map((text) => element("li", told("input {text}", { text }))),
  ...data.outputs.map((text) => element("li", told("output {text}", { text }))),
);
if (runs.length > 1) {
  const select = get("device");
  select.hidden = false;
  select.append(new Option(told("all devices"), ""), ...runs.map((one) => new Option(told("device {device}", { device: one.device }), one.device)));
  select.addEventListener("change", drawTimes);
}
document.documentElement.dataset.theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
get("theme").addEventListener("click", () => {
  const { dataset } = document.documentElement;
  dataset.theme = dataset.theme === "dark" ? "light" : "dark";
});
get("times").addEventListener("pointermove", tell);
for (const radio of document.querySelectorAll("input[name=which]")) radio.addEventListener("change", drawHistogram);
addEventListener("resize", draw);
draw();
