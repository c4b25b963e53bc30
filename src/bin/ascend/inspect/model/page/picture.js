"use strict";
// Draws a graph on a canvas, as much of it as is in view, and lets it be moved, zoomed and pointed at.
// A smaller canvas shows where the view is in the whole.

class Picture {
  graph = null; // as `prepared` gives it
  selected = -1;
  hits = []; // nodes that are outlined
  drawn = 0; // nodes that were drawn last
  #view = { x: 0, y: 0, scale: 1 };
  #inks = {};
  #isAsked = false;

  constructor(canvas, map, onSelect) {
    this.canvas = canvas;
    this.map = map;
    this.pen = canvas.getContext("2d");
    this.onSelect = onSelect;
    this.#listen();
  }

  show(graph) {
    this.graph = prepared(graph, this.pen);
    this.selected = -1;
    this.hits = [];
    this.fit();
  }

  readColours() {
    const style = getComputedStyle(document.documentElement);
    for (const name of ["plate", "ink", "faint", "edge", "mark"]) {
      this.#inks[name] = style.getPropertyValue(`--${name}`).trim();
    }
    this.draw();
  }

  // -- drawing ----------------------------------------------------------------------------------

  draw() {
    if (this.#isAsked || !this.graph) return;
    this.#isAsked = true;
    requestAnimationFrame(() => {
      this.#isAsked = false;
      this.#paint();
      this.#paintMap();
    });
  }

  // The part of the graph that is in view.
  #seen() {
    const { x, y, scale } = this.#view;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    return { left: -x / scale, top: -y / scale, right: (width - x) / scale, bottom: (height - y) / scale };
  }

  #paint() {
    const { canvas, pen, graph } = this;
    const { x, y, scale } = this.#view;
    const ratio = sized(canvas);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    pen.setTransform(ratio * scale, 0, 0, ratio * scale, x * ratio, y * ratio);
    const seen = this.#seen();
    const marked = [];
    graph.edges.forEach(([from, to], edge) => {
      const box = graph.boxes[edge];
      if (box[2] < seen.left || box[0] > seen.right || box[3] < seen.top || box[1] > seen.bottom) return;
      if (from === this.selected || to === this.selected) marked.push(edge);
      else this.#paintEdge(edge, this.#inks.edge, 1.2);
    });
    for (const edge of marked) this.#paintEdge(edge, this.#inks.mark, 2);
    const hits = new Set(this.hits);
    this.drawn = 0;
    const last = Math.min(graph.rows.length - 1, Math.floor(seen.bottom / STEP));
    for (let row = Math.max(0, Math.floor(seen.top / STEP)); row <= last; row += 1) {
      for (const node of graph.rows[row]) {
        const half = graph.widths[node] / 2;
        if (graph.x[node] + half < seen.left || graph.x[node] - half > seen.right) continue;
        this.drawn += 1;
        this.#paintNode(node, hits.has(node));
      }
    }
  }

  #paintEdge(edge, ink, width) {
    const { pen, graph } = this;
    const { scale } = this.#view;
    const line = graph.points[edge];
    const label = graph.labels[edge];
    pen.strokeStyle = ink;
    // Thin lines are not to vanish from afar.
    pen.lineWidth = width / Math.min(1, Math.max(scale, 0.2) * 1.5);
    pen.setLineDash(label.isControl ? [5, 4] : []);
    pen.beginPath();
    pen.moveTo(line[0][0], line[0][1]);
    for (let point = 1; point < line.length; point += 1) {
      const [[x0, y0], [x1, y1]] = [line[point - 1], line[point]];
      const bend = (y1 - y0) / 2;
      if (x0 === x1) pen.lineTo(x1, y1);
      else pen.bezierCurveTo(x0, y0 + bend, x1, y1 - bend, x1, y1);
    }
    pen.stroke();
    pen.setLineDash([]);
    if (scale <= 0.7) return;
    const [x, y] = line[line.length - 1];
    pen.fillStyle = ink;
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x - 4, y - 7);
    pen.lineTo(x + 4, y - 7);
    pen.fill();
    this.#write(label.text, SMALL, this.#inks.faint, x + (label.isLeft ? -7 : 7), y - 10, label.isLeft ? "right" : "left");
  }

  #paintNode(node, isHit) {
    const { pen, graph } = this;
    const { scale } = this.#view;
    const width = graph.widths[node];
    const [left, top] = [graph.x[node] - width / 2, this.#top(node)];
    const isDetailed = scale > 0.3;
    const isSelected = node === this.selected;
    pen.beginPath();
    pen.roundRect(left, top, width, ROW, 6);
    pen.fillStyle = isDetailed ? this.#inks.plate : graph.colours[node];
    pen.fill();
    if (isDetailed) {
      pen.save();
      pen.clip();
      pen.fillStyle = graph.colours[node];
      pen.fillRect(left, top, 5, ROW);
      pen.restore();
    }
    pen.strokeStyle = isSelected || isHit ? this.#inks.mark : graph.colours[node];
    pen.lineWidth = 1;
    if (isSelected || isHit) pen.lineWidth = (isSelected ? 3 : 2) / Math.min(1, scale * 1.2);
    pen.setLineDash(isHit && !isSelected ? [4, 3] : []);
    pen.stroke();
    pen.setLineDash([]);
    if (!isDetailed) return;
    const name = graph.names[node];
    this.#write(graph.titles[node], FONT, this.#inks.ink, left + 13, top + (name ? 11.5 : ROW / 2));
    this.#write(name, SMALL, this.#inks.faint, left + 13, top + 24.5);
  }

  #write(text, font, ink, x, y, align = "left") {
    const { pen } = this;
    pen.font = font;
    pen.fillStyle = ink;
    pen.textAlign = align;
    pen.textBaseline = "middle";
    pen.fillText(text, x, y);
  }

  #mapPlace() {
    const { left, right, bottom } = this.graph;
    const { clientWidth: width, clientHeight: height } = this.map;
    const scale = Math.min(0.15, (width - 8) / (right - left), (height - 8) / bottom);
    return { scale, x: (width - (right + left) * scale) / 2, y: (height - bottom * scale) / 2 };
  }

  #paintMap() {
    const { graph, map } = this;
    if (map.clientWidth === 0) return;
    const pen = map.getContext("2d");
    const ratio = sized(map);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, map.clientWidth, map.clientHeight);
    const { scale, x, y } = this.#mapPlace();
    const height = Math.max(1, ROW * scale);
    graph.nodes.forEach((_, node) => {
      const width = Math.max(1.5, graph.widths[node] * scale);
      pen.fillStyle = node === this.selected ? this.#inks.mark : graph.colours[node];
      pen.fillRect(graph.x[node] * scale + x - width / 2, this.#top(node) * scale + y, width, height);
    });
    const { left, top, right, bottom } = this.#seen();
    pen.strokeStyle = this.#inks.mark;
    pen.strokeRect(left * scale + x, top * scale + y, (right - left) * scale, (bottom - top) * scale);
  }

  // -- moving -----------------------------------------------------------------------------------

  get scale() {
    return this.#view.scale;
  }

  move(dx, dy) {
    this.#view.x += dx;
    this.#view.y += dy;
    this.draw();
  }

  zoom(factor, x = this.canvas.clientWidth / 2, y = this.canvas.clientHeight / 2) {
    const before = this.#view;
    const scale = Math.min(4, Math.max(0.002, before.scale * factor));
    const real = scale / before.scale;
    this.#view = { scale, x: x - (x - before.x) * real, y: y - (y - before.y) * real };
    this.draw();
  }

  // Shows all of the graph; or, of one too large to be read then, its beginning.
  fit(isWhole = false) {
    const { left, right, bottom, rows, x } = this.graph;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const across = (width - 40) / (right - left);
    let scale = Math.min(1, across, (height - 40) / bottom);
    if (!isWhole && scale < 0.5) scale = Math.min(0.9, Math.max(0.5, across));
    const isWider = (right - left) * scale > width;
    const isHigher = bottom * scale > height - 40;
    const middle = isWider ? x[rows[0][0]] : (left + right) / 2;
    this.#view = { scale, x: width / 2 - middle * scale, y: isHigher ? 20 : (height - bottom * scale) / 2 };
    this.draw();
  }

  select(node, isCentred) {
    this.selected = node;
    if (isCentred && node >= 0) this.#centre(this.graph.x[node], this.#top(node) + ROW / 2, this.scale < 0.6 ? 0.9 : this.scale);
    this.onSelect();
    this.draw();
  }

  #centre(x, y, scale) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    this.#view = { scale, x: width / 2 - x * scale, y: height / 2 - y * scale };
    this.draw();
  }

  #top(node) {
    return this.graph.row[node] * STEP;
  }

  // Where the middle of a node is on the screen.
  placeOf(node) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const { x, y, scale } = this.#view;
    return { x: left + this.graph.x[node] * scale + x, y: top + (this.#top(node) + ROW / 2) * scale + y };
  }

  // The node at a place on the screen, or -1.
  nodeAt(clientX, clientY) {
    const { graph } = this;
    const rect = this.canvas.getBoundingClientRect();
    const x = (clientX - rect.left - this.#view.x) / this.scale;
    const y = (clientY - rect.top - this.#view.y) / this.scale;
    const row = Math.floor(y / STEP);
    if (row < 0 || row >= graph.rows.length || y - row * STEP > ROW) return -1;
    const found = graph.rows[row].find((node) => Math.abs(graph.x[node] - x) <= graph.widths[node] / 2);
    return found === undefined ? -1 : found;
  }

  #listen() {
    const { canvas, map } = this;
    const fingers = new Map();
    let moved = 0;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, [event.clientX, event.clientY]);
      moved = fingers.size > 1 ? Infinity : 0;
    });
    canvas.addEventListener("pointermove", (event) => {
      const before = fingers.get(event.pointerId);
      const now = [event.clientX, event.clientY];
      if (!before) {
        canvas.style.cursor = this.graph && this.nodeAt(...now) >= 0 ? "pointer" : "";
        return;
      }
      fingers.set(event.pointerId, now);
      moved += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1]);
      if (fingers.size === 2) {
        const [, other] = [...fingers].find(([id]) => id !== event.pointerId);
        const distance = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]);
        const { left, top } = canvas.getBoundingClientRect();
        if (distance(before) > 0) this.zoom(distance(now) / distance(before), other[0] - left, other[1] - top);
      } else if (moved > 4) {
        this.move(now[0] - before[0], now[1] - before[1]);
      }
    });
    canvas.addEventListener("pointerup", (event) => {
      fingers.delete(event.pointerId);
      if (moved <= 4 && this.graph) this.select(this.nodeAt(event.clientX, event.clientY), false);
    });
    canvas.addEventListener("pointercancel", (event) => fingers.delete(event.pointerId));
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      const { left, top } = canvas.getBoundingClientRect();
      const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
      if (this.graph) this.zoom(Math.exp(-pixels * 0.0015), event.clientX - left, event.clientY - top);
    }, { passive: false });
    const go = (event) => {
      if (event.buttons === 0 || !this.graph) return;
      const { left, top } = map.getBoundingClientRect();
      const { scale, x, y } = this.#mapPlace();
      this.#centre((event.clientX - left - x) / scale, (event.clientY - top - y) / scale, this.scale);
    };
    map.addEventListener("pointerdown", go);
    map.addEventListener("pointermove", go);
    new ResizeObserver(() => this.draw()).observe(canvas);
  }
}

// Gives a canvas as many pixels as the screen shows of it, and tells how many to one of the page.
function sized(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  return ratio;
}
