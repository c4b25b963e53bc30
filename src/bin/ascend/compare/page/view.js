"use strict";

const SVG = "http://www.w3.org/2000/svg";
const { names, found } = JSON.parse(document.getElementById("data").textContent);
const get = (id) => document.getElementById(id);
const KINDS = { agrees: "good", differs: "bad", "tells nothing": "none", "not compared": "none" };
const HEIGHT = 180;
const LEFT = 60;

/** The figures that bars show: how they are called, and how they are read from a row; larger is worse. */
const FIGURES = [
  [told("relative L2 error"), (row) => row.figures?.relative_l2],
  [told("1 - cosine"), (row) => (row.figures?.cosine === null ? undefined : 1 - row.figures?.cosine)],
  [told("max |a - b|"), (row) => row.figures?.max_absolute],
  [told("mean |a - b|"), (row) => row.figures?.mean_absolute],
  [told("max relative error"), (row) => row.figures?.max_relative],
  [told("KL divergence"), (row) => row.figures?.kl],
];

/** The columns of the table: title, the value of a row, whether it is text. */
const COLUMNS = [
  ["#", (row) => row.place],
  [told("node"), (row) => row.node || row.tensor, true],
  [told("operator"), (row) => row.operator, true],
  [told("verdict"), (row) => told(row.verdict), true],
  [told("cosine"), (row) => row.figures?.cosine],
  [told("rel. L2"), (row) => row.figures?.relative_l2],
  [told("max |a-b|"), (row) => row.figures?.max_absolute],
  [told("mean |a-b|"), (row) => row.figures?.mean_absolute],
  [told("max rel."), (row) => row.figures?.max_relative],
  [told("RMSE"), (row) => row.figures?.rmse],
  ["KL", (row) => row.figures?.kl],
  [told("NaN, inf in B"), (row) => (row.figures ? row.figures.b.nan + row.figures.b.infinite : undefined)],
  [told("beyond f16"), (row) => row.figures?.a.beyond_half],
  [told("shape"), (row) => (row.shapes[0] ?? row.shapes[1] ?? []).join("×"), true],
  [told("in B"), (row) => row.name_b, true],
  [told("matched"), (row) => row.matched, true],
  [told("reason"), (row) => row.reason ?? "", true],
];
if (found.samples.length > 1) COLUMNS.push([told("sample"), (row) => found.samples[row.sample], true]);

const rows = found.values.map((row, place) => ({ ...row, place }));
let sorted = [0, 1];
let chosen = found.first_bad?.place;

function element(name, text, kind) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function shape(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A number as short as it can be told apart; what JSON has no number for comes as a text. */
function shown(value) {
  if (value === undefined || value === null) return "–";
  if (typeof value !== "number") return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e4 ? value.toPrecision(6) : value.toExponential(2);
}

const numeric = (value) => (value === "Infinity" ? Infinity : typeof value === "number" ? value : NaN);

function line(cells, row) {
  const made = element("tr");
  COLUMNS.forEach(([title, , isText], index) => {
    const cell = element("td", cells[index], isText ? "text" : "");
    if (title === told("verdict")) cell.classList.add(KINDS[row.verdict]);
    if (title === told("node") || title === told("in B")) {
      cell.classList.add("name");
      cell.title = cells[index];
    }
    made.append(cell);
  });
  return made;
}

function drawHead() {
  get("files").textContent = told("{one} and {other}", { one: names[0], other: names[1] });
  const verdict = get("verdict");
  verdict.textContent = found.same ? told("agree") : told("differ");
  verdict.className = found.same ? "good" : "bad";
  const lines = [
    `A: ${found.a.file}: ${found.a.about}`,
    `B: ${found.b.file}: ${found.b.about}`,
    told("{agree} values agree, {differ} differ, {not_compared} could not be compared", found),
    ...(found.tell_nothing
      ? [told("all elements are NaN or infinite on both sides in {tell_nothing} of the values, which tells nothing", found)]
      : []),
    ...found.a.outputs_without_partner.map((name) => told("only A gives {name}", { name })),
    ...found.b.outputs_without_partner.map((name) => told("only B gives {name}", { name })),
    ...found.notes,
  ];
  get("about").replaceChildren(...lines.map((text) => element("p", text)));
}

function drawFirst() {
  const first = found.first_bad;
  if (!first) return;
  get("first").hidden = false;
  const causes = {
    node: told("All that it reads agrees: the difference arises in this node."),
    unsure: told("Not all that it reads was compared, so the difference may come from before."),
    untold: told("What it is made of is not known here."),
  };
  const name = first.node || first.tensor;
  get("first-told").textContent = told("{name} ({operator}): {reason}. {cause}", {
    name,
    operator: first.operator || told("operator not known"),
    reason: first.reason,
    cause: causes[first.cause],
  });
  const places = [...rows[first.place].reads, first.place];
  const head = element("tr");
  head.append(...COLUMNS.map(([title, , isText]) => element("th", title, isText ? "text" : "")));
  const body = places.map((place) => line(COLUMNS.map(([, of]) => shown(of(rows[place]))), rows[place]));
  get("first-table").replaceChildren(head, ...body);
}

function drawBars() {
  const svg = get("bars");
  const [title, of] = FIGURES[get("figure").selectedIndex];
  const values = rows.map((row) => numeric(of(row)));
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  const least = Math.floor(Math.log10(positive.reduce((a, b) => Math.min(a, b), 1)));
  const most = Math.max(least + 1, Math.ceil(Math.log10(positive.reduce((a, b) => Math.max(a, b), 10 ** least))));
  const width = Math.max(240, svg.clientWidth);
  const step = (width - LEFT) / Math.max(1, rows.length);
  svg.replaceChildren();
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT + 30}`);
  svg.setAttribute("height", HEIGHT + 30);
  const y = (power) => 10 + (HEIGHT * (most - power)) / (most - least);
  const stride = Math.ceil((most - least) / 6);
  for (let power = least; power <= most; power += stride) {
    svg.append(shape("line", { class: "axis", x1: LEFT, x2: width, y1: y(power), y2: y(power) }));
    svg.append(shape("text", { x: LEFT - 6, y: y(power) + 4, "text-anchor": "end" }, `1e${power}`));
  }
  rows.forEach((row, index) => {
    const value = values[index];
    // what is exactly right has the lowest bar, what has no bound the highest
    const power = value === Infinity || Number.isNaN(value) ? most : value > 0 ? Math.log10(value) : least;
    const top = Math.min(y(power), HEIGHT + 8);
    const bar = shape("rect", {
      class: `${KINDS[row.verdict]}${row.place === chosen ? " chosen" : ""}`,
      x: (LEFT + index * step).toFixed(2),
      y: top.toFixed(2),
      width: Math.max(0.5, step - (step > 4 ? 1 : 0)).toFixed(2),
      height: (HEIGHT + 10 - top).toFixed(2),
      "data-place": index,
    });
    bar.append(shape("title", {}, `${row.node || row.tensor}: ${title} ${shown(of(row))}`));
    bar.addEventListener("click", () => choose(index, true));
    bar.addEventListener("pointerenter", () => {
      get("told").textContent = `${row.node || row.tensor}: ${shown(of(row))}`;
    });
    svg.append(bar);
  });
}

function visible() {
  const part = get("search").value.toLowerCase();
  const matches = rows.filter(
    (row) =>
      (!get("only-bad").checked || row.verdict === "differs") &&
      (!get("only-outputs").checked || row.is_output) &&
      `${row.node} ${row.tensor} ${row.operator} ${row.name_b}`.toLowerCase().includes(part),
  );
  const [column, direction] = sorted;
  const [, of, isText] = COLUMNS[column];
  const key = (row) => (isText ? String(of(row)) : numeric(of(row)));
  return matches.sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    if (!isText && (Number.isNaN(x) || Number.isNaN(y))) return Number.isNaN(x) - Number.isNaN(y) || a.place - b.place;
    return (x < y ? -1 : x > y ? 1 : 0) * direction || a.place - b.place;
  });
}

function drawTable() {
  const shownRows = visible();
  const body = shownRows.map((row) => {
    const made = line(COLUMNS.map(([, of]) => shown(of(row))), row);
    made.dataset.place = row.place;
    if (row.place === chosen) made.classList.add("chosen");
    made.addEventListener("click", () => choose(row.place, false));
    return made;
  });
  get("values").tBodies[0].replaceChildren(...body);
  get("count").textContent = told("{shown} of {count}", { shown: shownRows.length, count: rows.length });
  for (const [index, head] of [...get("values").tHead.rows[0].cells].entries()) {
    head.setAttribute("aria-sort", index !== sorted[0] ? "none" : sorted[1] > 0 ? "ascending" : "descending");
  }
}

function choose(place, scrolls) {
  chosen = place;
  drawBars();
  drawTable();
  if (scrolls) get("values").querySelector("tr.chosen")?.scrollIntoView({ block: "nearest" });
}

const head = element("tr");
COLUMNS.forEach(([title, , isText], index) => {
  const cell = element("th", undefined, isText ? "text" : "");
  const button = element("button", title);
  button.addEventListener("click", () => {
    sorted = [index, sorted[0] === index ? -sorted[1] : isText || index === 0 ? 1 : -1];
    drawTable();
  });
  cell.append(button);
  head.append(cell);
});
get("values").tHead.append(head);
get("figure").append(...FIGURES.map(([title]) => element("option", title)));
get("figure").addEventListener("change", drawBars);
for (const id of ["only-bad", "only-outputs"]) get(id).addEventListener("change", drawTable);
get("search").addEventListener("input", drawTable);
get("theme").addEventListener("click", () => {
  const root = document.documentElement;
  const isDark = root.dataset.theme === "dark";
  root.dataset.theme = isDark ? "light" : "dark";
});
if (matchMedia("(prefers-color-scheme: dark)").matches) document.documentElement.dataset.theme = "dark";
addEventListener("resize", drawBars);
drawHead();
drawFirst();
drawBars();
drawTable();
