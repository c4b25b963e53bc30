"use strict";
// A graph with all that drawing it needs: texts that are short enough, sizes, colours and places.

const FONT = "600 13px system-ui, sans-serif";
const SMALL = "11px system-ui, sans-serif";
const STEP = ROW + ROW_GAP; // from one row to the next

// Colours by what an operator does, as far as its name tells.
const KINDS = [
  ["#7c8795", /^(data|input|output|netoutput|aippdata|anndata|refdata|const.*|fileconstant)$/],
  ["#2f6fd0", /conv|matmul|gemm|fullconn|einsum|attention|lstm|gru/],
  ["#b4483c", /relu|sigmoid|tanh|gelu|swish|softmax|elu|activation|clip|erf|mish/],
  ["#2e8b57", /pool|reduce|mean|argmax|topk/],
  ["#8a5cc2", /norm|scale|bias|inference/],
  ["#a9781f", /transdata|transpose|permute|reshape|flatten|cast|concat|split|slice|gather|squeeze|expand|pad|identity|shape|resize/],
  ["#1f8a8f", /^(add|sub|mul|div|eltwise|pow|sqrt|sum|max|min|where)/],
];
const colour = (kind) => (KINDS.find(([, names]) => names.test(kind.toLowerCase())) || ["#566270"])[0];

// `pen` measures the texts.
function prepared({ name, constants, nodes }, pen) {
  pen.font = FONT;
  const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
  const titles = nodes.map((node) => cut(node.t, 32));
  // The end of a name tells more than its beginning.
  const names = nodes.map(({ n }) => (n.length > 30 ? `…${n.slice(-29)}` : n));
  const widths = titles.map((title) => pen.measureText(title).width);
  pen.font = SMALL;
  names.forEach((text, node) => { widths[node] = Math.max(widths[node], pen.measureText(text).width) + 24; });
  const pairs = [];
  const labels = [];
  const seen = new Set();
  const readers = nodes.map(() => []);
  nodes.forEach((node, to) => node.i.forEach(([, what, from, , isControl]) => {
    if (from === null || from === undefined) return;
    const key = from * 4194304 + to;
    if (seen.has(key) || from === to) return;
    seen.add(key);
    pairs.push([from, to]);
    const shape = /\[([^\]]*)\]/.exec(what);
    labels.push({ isControl: isControl === 1, isLeft: false, text: shape ? shape[1].replace(/, ?/g, "×") : "" });
    readers[from].push(to);
  }));
  const layout = layOut(widths, pairs);
  const boxes = layout.points.map((line) => {
    // One by one: a call with as many arguments as a long edge has bends can be too much.
    let [least, most] = [Infinity, -Infinity];
    for (const [x] of line) [least, most] = [Math.min(least, x), Math.max(most, x)];
    return [least, line[0][1], most, line[line.length - 1][1]];
  });
  chooseLabels(layout, labels);
  const rows = layout.rows.length;
  let [left, right] = [Infinity, -Infinity];
  nodes.forEach((_, node) => {
    left = Math.min(left, layout.x[node] - widths[node] / 2);
    right = Math.max(right, layout.x[node] + widths[node] / 2);
  });
  if (nodes.length === 0) [left, right] = [0, 1];
  return {
    name, constants, nodes, titles, names, widths, readers, labels, boxes,
    colours: nodes.map((node) => colour(node.t)),
    x: layout.x, row: layout.row, rows: layout.rows, edges: layout.edges, points: layout.points,
    left, right, bottom: rows * STEP - ROW_GAP,
  };
}

// Of the shapes that flow into a node, the first and the last are written, and equal ones once.
function chooseLabels({ edges, points }, labels) {
  const into = new Map();
  edges.forEach(([, to], edge) => {
    if (!into.has(to)) into.set(to, []);
    into.get(to).push(edge);
  });
  const end = (edge) => points[edge][points[edge].length - 1][0];
  for (const all of into.values()) {
    all.sort((a, b) => end(a) - end(b));
    const [first, last] = [all[0], all[all.length - 1]];
    for (const edge of all.slice(1, -1)) labels[edge].text = "";
    if (first !== last) {
      if (labels[first].text === labels[last].text) labels[first].text = "";
      labels[first].isLeft = true;
    }
  }
}
