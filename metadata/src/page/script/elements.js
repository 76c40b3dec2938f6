// Creating elements. Content from a server is only ever inserted as text.

/** An element with attributes, and texts or elements within; what is empty is left out. */
function make(tag, attributes, ...within) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...within.flat().filter((part) => part !== null && part !== ""));
  return element;
}

/** Words of a server, which may be in any language. */
function words(text, name) {
  return text ? make("bdi", name ? { class: name } : {}, text) : null;
}

/** Code in Rust, or a technical name. */
function code(text, name) {
  return text ? make("bdi", { class: name ? `code ${name}` : "code" }, text) : null;
}

function link(model, field, ...within) {
  return make("a", { href: addressOf(model, field) }, ...within);
}

/** The technical name of a model, as a link if the page has it. */
function nameOf(name) {
  const model = modelsByName.get(name);
  return model ? link(model, null, code(name)) : code(name);
}

/** A line to copy. */
function line(text) {
  if (!text) return null;
  const shown = make("code", {}, text);
  const button = make("button", { type: "button", "aria-label": `Copy ${text}`, onclick: copy }, "Copy");
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      // Not allowed here: the reader can still copy the selection.
      getSelection().selectAllChildren(shown);
      button.textContent = "Marked";
    }
    setTimeout(() => (button.textContent = "Copy"), 1500);
  }
  return make("div", { class: "line" }, shown, button);
}

/** A number with its word: `1 model`, `2 models`. */
function counted(number, word) {
  return `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;
}
