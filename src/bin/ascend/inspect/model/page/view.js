"use strict";
// The page: search, what is told of a node, and the parts around the picture. All text of the model
// becomes text nodes, never markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const picture = new Picture(byId("view"), byId("map"), () => tell());
  let hit = -1; // the search hit that was gone to last

  // -- elements ---------------------------------------------------------------------------------

  function element(tag, text, name) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (name) made.className = name;
    return made;
  }

  function go(text, action) {
    const made = element("button", text, "go");
    made.addEventListener("click", action);
    return made;
  }

  const label = (node) => node.n || `(${node.t})`;

  function show(index) {
    picture.show(data.graphs[index]);
    byId("graphs").value = String(index);
    const { nodes, constants } = picture.graph;
    byId("count").textContent = constants > 0
      ? told("{nodes} nodes, {constants} constants", { nodes: nodes.length, constants })
      : told("{nodes} nodes", { nodes: nodes.length });
    search();
    tell();
  }

  // -- search -----------------------------------------------------------------------------------

  const MOST_HITS = 200;

  function search() {
    const text = byId("search").value.trim().toLowerCase();
    const has = (part) => part.toLowerCase().includes(text);
    const hits = [];
    hit = -1;
    if (text && picture.graph) {
      picture.graph.nodes.forEach((node, index) => {
        const isHit = has(node.n) || has(node.t) || node.i.some(([name, , , isConstant]) => isConstant && has(name));
        if (isHit) hits.push(index);
      });
    }
    byId("found").textContent = text ? told("{count} found", { count: hits.length }) : "";
    byId("hits").replaceChildren(...hits.slice(0, MOST_HITS).map((node, index) => {
      const item = element("li");
      const button = go(`${label(picture.graph.nodes[node])} `, () => { hit = index; picture.select(node, true); });
      button.append(element("span", picture.graph.nodes[node].t, "type"));
      item.append(button);
      return item;
    }));
    if (hits.length > MOST_HITS) {
      byId("hits").append(element("li", told("and {count} more: type more of the name", { count: hits.length - MOST_HITS }), "type"));
    }
    picture.hits = hits;
    picture.draw();
  }

  byId("search").addEventListener("input", search);
  byId("search").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && picture.hits.length > 0) {
      const { hits } = picture;
      hit = (hit + (event.shiftKey ? hits.length - 1 : 1) + hits.length) % hits.length;
      picture.select(hits[hit], true);
    } else if (event.key === "Escape") {
      byId("search").value = "";
      search();
      byId("view").focus();
    }
  });

  // -- what is told -----------------------------------------------------------------------------

  function pairs(list, isOurs = true) {
    const made = element("dl");
    for (const [key, value] of list) made.append(element("dt", isOurs ? told(key) : key), element("dd", value));
    return made;
  }

  function section(title, parts) {
    return parts.length > 0 ? [element("h3", told(title)), ...parts] : [];
  }

  function port(name, what, links) {
    const item = element("li");
    if (name) item.append(element("span", `${name} `));
    item.append(element("span", what, "what"));
    for (const [text, action] of links) item.append(document.createTextNode(" "), go(text, action));
    return item;
  }

  function list(items) {
    if (items.length === 0) return [];
    const made = element("ul");
    made.append(...items);
    return [made];
  }

  function tell() {
    const panel = byId("panel");
    panel.scrollTop = 0;
    const { graph, selected } = picture;
    if (selected < 0) {
      panel.replaceChildren(element("h2", graph?.name || data.file), pairs(data.facts));
      return;
    }
    const node = graph.nodes[selected];
    const link = (other) => [`←\u00a0${label(graph.nodes[other])}`, () => picture.select(other, true)];
    const inputs = node.i.map(([name, what, from, isConstant, isControl]) => {
      const kind = isConstant ? told("constant ") : isControl ? told("after ") : "";
      return port(kind + name, what, from === null || from === undefined ? [] : [link(from)]);
    });
    const outputs = node.o.map(([name, what]) => port(name, what, []));
    const readers = graph.readers[selected].map((other) => {
      const item = element("li");
      item.append(go(`→\u00a0${label(graph.nodes[other])}`, () => picture.select(other, true)));
      return item;
    });
    const inner = node.g.map((index) => {
      const item = element("li");
      item.append(go(data.graphs[index].name || told("graph {index}", { index }), () => show(index)));
      return item;
    });
    panel.replaceChildren(
      element("h2", label(node)),
      element("div", node.t, "type"),
      ...section("Graphs inside", list(inner)),
      ...section("Inputs", list(inputs)),
      ...section("Outputs", list(outputs)),
      ...section("Read by", list(readers)),
      ...section("Attributes", node.a.length > 0 ? [pairs(node.a, false)] : []),
    );
  }

  // -- the page ---------------------------------------------------------------------------------

  function setTheme(theme) {
    document.documentElement.dataset.theme = theme;
    picture.readColours();
  }

  byId("theme").addEventListener("click", () => {
    setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  });
  byId("in").addEventListener("click", () => picture.zoom(1.3));
  byId("out").addEventListener("click", () => picture.zoom(1 / 1.3));
  byId("fit").addEventListener("click", () => picture.fit(true));
  byId("graphs").addEventListener("change", (event) => show(Number(event.target.value)));
  document.addEventListener("keydown", (event) => {
    if (["INPUT", "SELECT"].includes(event.target.tagName) || event.ctrlKey || event.metaKey) return;
    const step = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] }[event.key];
    if (step) picture.move(...step);
    else if (event.key === "/") byId("search").focus();
    else if (event.key === "+" || event.key === "=") picture.zoom(1.3);
    else if (event.key === "-") picture.zoom(1 / 1.3);
    else if (event.key === "0") picture.fit(true);
    else if (event.key === "Escape") picture.select(-1, false);
    else return;
    event.preventDefault();
  });

  byId("file").textContent = data.file;
  data.graphs.forEach(({ name, nodes }, index) => {
    const option = element("option", `${name || told("graph {index}", { index })} (${nodes.length})`);
    option.value = String(index);
    byId("graphs").append(option);
  });
  byId("graphs").hidden = data.graphs.length < 2;
  setTheme(window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  if (data.graphs.length > 0) show(0);
  else tell();
  window.picture = picture; // for the test in a browser
  document.documentElement.dataset.ready = "true";
})();
