"use strict";
// Shows the pictures with their classes. Texts are set as texts: none of them becomes markup.

const data = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);

function made(kind, className, text) {
  const element = document.createElement(kind);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

const percent = (score) => `${(score * 100).toFixed(score < 0.0995 ? 2 : 1)} %`;

function figure({ file, image, top }) {
  const all = made("figure");
  all.title = [file, ...top.map(([label, score]) => `${percent(score)} ${label}`)].join("\n");
  if (image) {
    const picture = made("img");
    picture.alt = file;
    picture.loading = "lazy";
    picture.src = image;
    all.append(picture);
  } else {
    all.append(made("div", "none", told("gone")));
  }
  for (const [index, [label, score]] of top.slice(0, 3).entries()) {
    const line = made("div", index === 0 ? "class best" : "class");
    const bar = made("div", "bar");
    bar.style.width = `${score * 100}%`;
    line.append(made("span", "label", label), made("span", "score", percent(score)), bar);
    all.append(line);
  }
  // The end of a path tells more than its beginning; the mark keeps its order of characters.
  all.append(made("div", "name", `\u200e${file}`));
  return all;
}

const figures = data.pictures.map((picture) => ({ picture, element: figure(picture) }));
const best = ({ picture }) => (picture.top.length > 0 ? picture.top[0] : ["", 0]);

function show() {
  const words = at("search").value.toLowerCase();
  const wanted = at("class").value;
  const chosen = figures.filter((one) => {
    const { file, top } = one.picture;
    const texts = [file, ...top.slice(0, 1).map(([label]) => label)];
    return (!wanted || best(one)[0] === wanted) && texts.some((text) => text.toLowerCase().includes(words));
  });
  const order = at("order").value;
  if (order === "unsure") chosen.sort((a, b) => best(a)[1] - best(b)[1]);
  if (order === "sure") chosen.sort((a, b) => best(b)[1] - best(a)[1]);
  at("pictures").replaceChildren(...chosen.map(({ element }) => element));
  at("found").textContent = told("{count} of {all} shown", { count: chosen.length, all: figures.length });
}

at("title").textContent = data.title;
const total = data.classified + data.failed;
const spread = figures.length < data.classified ? told("; {count} of them are here, spread evenly", { count: figures.length }) : "";
at("facts").textContent = told("{model}: {count} of {total} pictures classified", { model: data.model, count: data.classified, total }) + spread;
for (const [label, count, sum] of [...data.classes].sort((a, b) => b[1] - a[1])) {
  const option = made("option", "", told("{label}: {count}, {share} sure", { label, count, share: percent(sum / count) }));
  option.value = label;
  at("class").append(option);
}
if (data.failed > 0) {
  const listed = data.failures.length < data.failed ? told(", the first {count} of them here", { count: data.failures.length }) : "";
  at("failures").hidden = false;
  at("failures").querySelector("summary").textContent = (data.failed === 1 ? told("1 picture failed") : told("{count} pictures failed", { count: data.failed })) + listed;
  const list = at("failures").querySelector("dl");
  for (const [file, message] of data.failures) list.append(made("dt", "", file), made("dd", "", message));
}
for (const id of ["search", "class", "order"]) at(id).addEventListener("input", show);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== at("search")) {
    event.preventDefault();
    at("search").focus();
  }
});
show();
document.documentElement.dataset.ready = "true";
