// Shows what the address and the keys ask for.

const main = document.getElementById("main");
const pattern = document.getElementById("pattern");
const selected = document.getElementById("selected");
const count = document.getElementById("count");

function refresh() {
  const fits = (model) => !pattern.value || model.pattern === pattern.value;
  const isWanted = (model) => fits(model) && !(selected.checked && model.remedy);
  const rows = search(input.value, isWanted);
  const fields = rows.filter((row) => row.field).length;
  count.textContent = counted(rows.length - fields, "model") + (fields ? `, ${counted(fields, "field")}` : "");
  show(rows);
}

/** The names in the address; one that nobody can read is that of no model. */
function wanted() {
  const [model, field] = location.hash.slice(1).split("/", 2);
  try {
    return [decodeURIComponent(model), field && decodeURIComponent(field)];
  } catch {
    return [model, field];
  }
}

function open() {
  const [name, fieldName] = wanted();
  const model = modelsByName.get(name);
  const field = model?.fields.find((field) => field.name === fieldName) ?? null;
  opened = { model, field };
  const parts = model ? article(model, fieldName) : name ? unknown(name) : welcome();
  const leaving = make("a", { class: "back", href: "#", onclick: back }, "‹ All models");
  main.replaceChildren(leaving, ...parts.filter(Boolean));
  document.title = model ? `${model.rust || model.name} · Tryton ${packed.series}` : `Tryton ${packed.series}`;
  document.body.dataset.shows = name ? "article" : "list";
  main.scrollTop = 0;
  if (name) window.scrollTo(0, 0);
  main.querySelector(".here")?.scrollIntoView({ block: "center" });
  revealOpened();
}

/** Whoever follows a link goes on at what it opens. */
function follow() {
  open();
  (main.querySelector(".here") ?? main.querySelector("h1")).focus({ preventScroll: true });
}

function openRow({ model, field }) {
  const address = addressOf(model, field);
  if (location.hash === address) follow();
  else location.hash = address;
}

/** What is open already is an address to which nothing leads any more, and may be hidden on a small screen. */
list.addEventListener("click", (event) => {
  if (event.target.closest("a")?.getAttribute("href") === location.hash) follow();
});

/** On a small screen, from a model to the list as it was left. */
function back(event) {
  event.preventDefault();
  document.body.dataset.shows = "list";
  revealOpened();
}

const KEYS = {
  ArrowDown: () => activate(active + 1),
  ArrowUp: () => activate(active - 1),
  PageDown: () => activate(active + 8),
  PageUp: () => activate(active - 8),
  Enter: () => active >= 0 && openRow(found[active]),
};

input.addEventListener("keydown", (event) => {
  const act = KEYS[event.key];
  // While characters are composed, the keys belong to the input method.
  if (!act || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  act();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key === "/" && event.target !== input) {
    event.preventDefault();
    document.body.dataset.shows = "list";
    input.focus();
    input.select();
  } else if (event.key === "Escape" && input.value) {
    input.value = "";
    refresh();
  }
});

function patterns() {
  const counts = new Map();
  for (const model of models) counts.set(model.pattern, (counts.get(model.pattern) ?? 0) + 1);
  return [...counts].map(([name, number]) => make("option", { value: name }, `${name} (${number})`));
}

document.getElementById("series").textContent = packed.series;
document.getElementById("selecting").hidden = !models.some((model) => model.remedy);
pattern.append(...patterns());
input.addEventListener("input", refresh);
pattern.addEventListener("change", refresh);
selected.addEventListener("change", refresh);
window.addEventListener("hashchange", follow);
refresh();
open();
performance.mark("shown");
