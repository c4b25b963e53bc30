"use strict";

const SVG = "http://www.w3.org/2000/svg";

/** An element of a picture, with its attributes. */
function shape(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A number with as many digits as one can use. */
function figure(number) {
  if (number === 0) return "0";
  const digits = Math.abs(number) >= 100 ? 1 : Math.abs(number) >= 1 ? 2 : 4;
  return number.toLocaleString("en", { maximumFractionDigits: digits });
}

/** Round places between `least` and `most` for the marks of an axis. */
function marks(least, most, count) {
  const span = most - least || 1;
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? power * 10;
  const found = [];
  for (let at = Math.ceil(least / step) * step; at <= most + step * 1e-9; at += step) found.push(at);
  return found;
}

/** A picture with two axes; its plot is `width` by `height` from `left` and `top`. */
class Chart {
  constructor(svg, height) {
    this.svg = svg;
    this.left = 64;
    this.top = 10;
    this.width = Math.max(200, svg.clientWidth - this.left - 14);
    this.height = height;
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${this.left + this.width + 14} ${height + 46}`);
    svg.setAttribute("height", height + 46);
  }

  add(name, attributes, text) {
    const made = shape(name, attributes, text);
    this.svg.append(made);
    return made;
  }

  /** Sets what lies at the ends of the axes, and draws them. */
  axes([fromX, toX, unitX], [fromY, toY, unitY]) {
    this.x = (value) => this.left + ((value - fromX) / (toX - fromX || 1)) * this.width;
    this.y = (value) => this.top + this.height - ((value - fromY) / (toY - fromY || 1)) * this.height;
    const bottom = this.top + this.height;
    for (const at of marks(fromY, toY, 5)) {
      const y = this.y(at);
      this.add("line", { class: "axis", x1: this.left, x2: this.left + this.width, y1: y, y2: y });
      this.add("text", { x: this.left - 6, y: y + 4, "text-anchor": "end" }, figure(at));
    }
    for (const at of marks(fromX, toX, Math.max(3, Math.floor(this.width / 80)))) {
      this.add("text", { x: this.x(at), y: bottom + 18, "text-anchor": "middle" }, figure(at));
    }
    this.add("text", { x: this.left + this.width, y: bottom + 36, "text-anchor": "end" }, unitX);
    this.add("text", { x: 0, y: bottom + 36 }, unitY);
  }

  /** A line through points; where many fall on one column of pixels, from the least to the greatest. */
  line(xs, ys, name) {
    const path = [];
    let column = Number.NaN;
    let [low, high] = [0, 0];
    const flush = () => {
      if (Number.isNaN(column)) return;
      path.push(`${path.length ? "L" : "M"}${column} ${this.y(low).toFixed(1)}`);
      if (high !== low) path.push(`L${column} ${this.y(high).toFixed(1)}`);
    };
    for (let index = 0; index < xs.length; index += 1) {
      const at = Math.round(this.x(xs[index]));
      if (at === column) {
        low = Math.min(low, ys[index]);
        high = Math.max(high, ys[index]);
      } else {
        flush();
        column = at;
        low = high = ys[index];
      }
    }
    flush();
    if (xs.length === 1) {
      this.add("circle", { class: name, cx: this.x(xs[0]), cy: this.y(ys[0]), r: 3 });
    } else {
      this.add("path", { class: name, d: path.join("") });
    }
  }
}
