"use strict";
// Places the nodes of a graph in rows, each below all that it reads (Sugiyama's method): rows by
// longest path, order in rows by the middle of the neighbours, and places by least squares.
// The time is bounded for any graph: few sweeps, and a limit on the bends of long edges.

const ROW = 34; // height of a node
const ROW_GAP = 46;
const NODE_GAP = 26;

// Takes the nodes' widths and edges as pairs of nodes; gives x (middle) and row of each node, the
// nodes of each row from left to right, and the points of each edge.
function layOut(widths, pairs) {
  const count = widths.length;
  const edges = pairs.filter(([from, to]) => from !== to);
  const order = inOrder(count, edges);
  const place = new Int32Array(count);
  order.forEach((node, index) => { place[node] = index; });
  const forward = edges.map(([from, to]) => (place[from] < place[to] ? [from, to] : [to, from]));
  const rows = rowsOf(count, order, forward);
  const graph = withBends(widths, rows, forward);
  sortRows(graph, place);
  const x = placesIn(graph);
  const points = graph.chains.map((chain) => {
    const line = [];
    chain.forEach((vertex, index) => {
      const top = graph.row[vertex] * (ROW + ROW_GAP);
      if (index > 0) line.push([x[vertex], top]);
      if (index < chain.length - 1) line.push([x[vertex], top + ROW]);
    });
    return line;
  });
  partEnds(widths, forward, points);
  const kept = graph.rows.map((row) => row.filter((vertex) => vertex < count));
  return { x: x.subarray(0, count), row: rows, rows: kept, edges, points };
}

// Edges that end at one node end beside each other.
function partEnds(widths, edges, points) {
  const into = new Map();
  edges.forEach(([, to], edge) => {
    if (!into.has(to)) into.set(to, []);
    into.get(to).push(points[edge]);
  });
  for (const [to, lines] of into) {
    const before = (line) => line[line.length - 2][0];
    lines.sort((a, b) => before(a) - before(b));
    const gap = Math.min(18, (widths[to] - 24) / Math.max(1, lines.length - 1));
    lines.forEach((line, index) => { line[line.length - 1][0] += (index - (lines.length - 1) / 2) * gap; });
  }
}

// Nodes in an order in which they can run; where there is a circle, it is cut at its first node.
function inOrder(count, edges) {
  const next = adjacency(count, edges, 0, 1);
  const waiting = new Int32Array(count);
  for (const [, to] of edges) waiting[to] += 1;
  const state = new Uint8Array(count);
  const order = [];
  const ready = [];
  for (let node = 0; node < count; node += 1) {
    if (waiting[node] === 0) { ready.push(node); state[node] = 1; }
  }
  let first = 0;
  for (let head = 0; order.length < count; head += 1) {
    if (head === ready.length) {
      while (state[first]) first += 1;
      state[first] = 1;
      ready.push(first);
    }
    const node = ready[head];
    order.push(node);
    for (const to of next(node)) {
      waiting[to] -= 1;
      if (waiting[to] === 0 && !state[to]) { state[to] = 1; ready.push(to); }
    }
  }
  return order;
}

// What is next to each vertex, without a list for each.
function adjacency(count, edges, from, to) {
  const start = new Int32Array(count + 1);
  for (const edge of edges) start[edge[from] + 1] += 1;
  for (let vertex = 0; vertex < count; vertex += 1) start[vertex + 1] += start[vertex];
  const filled = start.slice();
  const all = new Int32Array(edges.length);
  for (const edge of edges) all[filled[edge[from]]++] = edge[to];
  return (vertex) => all.subarray(start[vertex], start[vertex + 1]);
}

function rowsOf(count, order, edges) {
  const next = adjacency(count, edges, 0, 1);
  const before = adjacency(count, edges, 1, 0);
  const row = new Int32Array(count);
  for (const node of order) {
    for (const to of next(node)) row[to] = Math.max(row[to], row[node] + 1);
  }
  // What reads nothing stands right above what reads it.
  for (const node of order) {
    if (before(node).length > 0 || next(node).length === 0) continue;
    let least = Infinity;
    for (const to of next(node)) least = Math.min(least, row[to]);
    row[node] = least - 1;
  }
  return row;
}

// An edge over several rows gets a bend in each; edges that leave one node share theirs.
function withBends(widths, nodeRows, edges) {
  const row = Array.from(nodeRows);
  const width = Array.from(widths);
  // Graphs in which everything reads one node from afar would have bends without end.
  const most = { vertices: row.length * 6 + 20000, points: edges.length * 8 + 200000 };
  let points = 0;
  const bends = new Map();
  const links = [];
  const linked = new Set();
  const link = (from, to) => {
    const key = from * 4194304 + to;
    if (!linked.has(key)) { linked.add(key); links.push([from, to]); }
  };
  const chains = edges.map(([from, to]) => {
    const chain = [from];
    const span = row[to] - row[from];
    if (row.length + span <= most.vertices && points + span <= most.points) {
      points += span;
      let own = bends.get(from);
      if (!own) { own = []; bends.set(from, own); }
      for (let between = row[from] + 1; between < row[to]; between += 1) {
        const index = between - row[from] - 1;
        if (own[index] === undefined) {
          own[index] = row.length;
          row.push(between);
          width.push(6);
        }
        link(chain[chain.length - 1], own[index]);
        chain.push(own[index]);
      }
      link(chain[chain.length - 1], to);
    }
    chain.push(to);
    return chain;
  });
  const rows = [];
  row.forEach((number, vertex) => {
    while (rows.length <= number) rows.push([]);
    rows[number].push(vertex);
  });
  return {
    real: nodeRows.length, row, rows, width, chains, links,
    below: adjacency(row.length, links, 0, 1),
    above: adjacency(row.length, links, 1, 0),
  };
}

// Orders each row so that few edges cross; the best of the orders seen is kept.
function sortRows(graph, place) {
  const at = new Float64Array(graph.row.length);
  const number = (row) => row.forEach((vertex, index) => { at[vertex] = index; });
  // A bend begins where its edge does.
  const key = new Float64Array(graph.row.length);
  for (let vertex = 0; vertex < graph.row.length; vertex += 1) {
    key[vertex] = vertex < graph.real ? place[vertex] : key[graph.above(vertex)[0]];
  }
  for (const row of graph.rows) { row.sort((a, b) => key[a] - key[b]); number(row); }
  const sweeps = graph.row.length > 20000 ? 2 : 16;
  let best = graph.rows.map((row) => row.slice());
  let least = crossings(graph, at);
  for (let sweep = 0; sweep < sweeps && least > 0; sweep += 1) {
    const isDown = sweep % 2 === 0;
    const near = isDown ? graph.above : graph.below;
    const rows = isDown ? graph.rows : graph.rows.slice().reverse();
    for (const row of rows) {
      for (const vertex of row) {
        const neighbours = near(vertex);
        let sum = 0;
        for (const other of neighbours) sum += at[other];
        key[vertex] = neighbours.length > 0 ? sum / neighbours.length : at[vertex];
      }
      row.sort((a, b) => key[a] - key[b] || at[a] - at[b]);
      number(row);
    }
    const crossed = crossings(graph, at);
    if (crossed < least) {
      least = crossed;
      best = graph.rows.map((row) => row.slice());
    }
  }
  graph.rows = best;
}

// Counts pairs of links that cross, by the inversions among their ends.
function crossings(graph, at) {
  let crossed = 0;
  for (let row = 0; row + 1 < graph.rows.length; row += 1) {
    const ends = [];
    for (const vertex of graph.rows[row]) {
      for (const other of Array.from(graph.below(vertex)).sort((a, b) => at[a] - at[b])) ends.push(at[other]);
    }
    const size = graph.rows[row + 1].length;
    const tree = new Int32Array(size + 1);
    ends.forEach((end, index) => {
      let smaller = 0;
      for (let i = end + 1; i > 0; i -= i & -i) smaller += tree[i];
      crossed += index - smaller;
      for (let i = end + 1; i <= size; i += i & -i) tree[i] += 1;
    });
  }
  return crossed;
}

// Places near the middle of the neighbours, in order and without overlap.
function placesIn(graph) {
  const x = new Float64Array(graph.row.length);
  for (const row of graph.rows) {
    let left = 0;
    for (const vertex of row) { x[vertex] = left + graph.width[vertex] / 2; left += graph.width[vertex] + NODE_GAP; }
    for (const vertex of row) x[vertex] -= left / 2;
  }
  // Long edges are to be straight before short ones.
  const weight = (a, b) => (a >= graph.real ? 3 : 1) * (b >= graph.real ? 3 : 1);
  const sweeps = graph.row.length > 20000 ? 4 : 24;
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const isLast = sweep >= sweeps - 4;
    const isDown = sweep % 2 === 0;
    const rows = isDown ? graph.rows : graph.rows.slice().reverse();
    for (const row of rows) {
      const wanted = row.map((vertex) => {
        let sum = 0;
        let total = 0;
        const add = (others) => {
          for (const other of others) {
            const heavy = weight(vertex, other);
            sum += heavy * x[other];
            total += heavy;
          }
        };
        if (isDown || isLast) add(graph.above(vertex));
        if (!isDown || isLast) add(graph.below(vertex));
        return total > 0 ? [sum / total, total] : [x[vertex], 0.1];
      });
      spread(graph, row, wanted, x);
    }
  }
  return x;
}

// The places with the least squared distance from the wanted ones that keep order and gaps: blocks
// of touching vertices are joined from the left (pool adjacent violators).
function spread(graph, row, wanted, x) {
  let shift = 0;
  const shifts = [];
  const blocks = [];
  row.forEach((vertex, index) => {
    if (index > 0) shift += (graph.width[row[index - 1]] + graph.width[vertex]) / 2 + NODE_GAP;
    shifts.push(shift);
    let block = { sum: (wanted[index][0] - shift) * wanted[index][1], weight: wanted[index][1], count: 1 };
    while (blocks.length > 0) {
      const last = blocks[blocks.length - 1];
      if (last.sum / last.weight <= block.sum / block.weight) break;
      blocks.pop();
      block = { sum: last.sum + block.sum, weight: last.weight + block.weight, count: last.count + block.count };
    }
    blocks.push(block);
  });
  let index = 0;
  for (const block of blocks) {
    for (let left = block.count; left > 0; left -= 1, index += 1) {
      x[row[index]] = block.sum / block.weight + shifts[index];
    }
  }
}
