"use strict";
// What the page tells, in the language of whoever had it made: for an English text its own, if it has one.
const words = JSON.parse(document.getElementById("words").textContent);

/** A text in that language, with the values of its names in braces. */
function told(english, values = {}) {
  const text = Object.hasOwn(words, english) ? words[english] : english;
  return text.replace(/\{(\w+)\}/g, (name, key) => (Object.hasOwn(values, key) ? values[key] : name));
}

// The texts that stand in the page from the beginning.
for (const element of document.body.querySelectorAll("*:not(script)")) {
  for (const name of ["title", "aria-label", "placeholder"]) {
    if (element.hasAttribute(name)) element.setAttribute(name, told(element.getAttribute(name)));
  }
  for (const node of element.childNodes) {
    const text = node.nodeType === Node.TEXT_NODE ? node.data.trim() : "";
    if (text) node.data = node.data.replace(text, () => told(text));
  }
}
