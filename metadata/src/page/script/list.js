// The list of results. Only visible rows are elements.

/** The height of a row, as in page.css. */
const ROW = 48;

const scroller = document.getElementById("scroller");
const list = document.getElementById("list");
const input = document.getElementById("search");

let found = [];
/** The row that Enter opens; -1 for none. */
let active = -1;
/** What is open beside the list. */
let opened = { model: null, field: null };

function show(rows) {
  found = rows;
  active = rows.length && input.value.trim() ? 0 : -1;
  scroller.scrollTop = 0;
  list.style.height = `${rows.length * ROW}px`;
  draw();
}

function draw() {
  const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - 4);
  const end = Math.min(found.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / ROW) + 4);
  const rows = [];
  for (let at = first; at < end; at++) rows.push(row(at));
  list.replaceChildren(...rows);
  if (active >= first && active < end) input.setAttribute("aria-activedescendant", `row-${active}`);
  else input.removeAttribute("aria-activedescendant");
}

function row(at) {
  const { model, field } = found[at];
  const isOpen = opened.model === model && (!field || opened.field === field);
  const attributes = {
    role: "option",
    id: `row-${at}`,
    class: `row${model.remedy ? " outside" : ""}${isOpen ? " open" : ""}`,
    href: addressOf(model, field),
    tabindex: "-1",
    style: `top: ${at * ROW}px`,
    "aria-selected": String(at === active),
    "aria-setsize": found.length,
    "aria-posinset": at + 1,
  };
  if (field) {
    const under = words(`${field.label || field.name} of ${model.name}`, "under");
    return make("a", attributes, code(field.rust, "title"), under);
  }
  const mark = model.remedy ? make("em", {}, model.isOutside ? " not in the snapshot" : " not selected") : null;
  const title = make("span", { class: "title" }, words(model.label || model.rust || model.name), mark);
  const under = make("span", { class: "under code" }, model.rust ? `${model.rust} · ${model.name}` : model.name);
  return make("a", attributes, title, under);
}

/** Makes another row the active one, and shows it. */
function activate(at) {
  if (!found.length) return;
  active = Math.min(Math.max(at, 0), found.length - 1);
  reveal(active);
}

/** Scrolls as little as shows a row. */
function reveal(at) {
  const top = at * ROW;
  const lowest = top + ROW - scroller.clientHeight;
  scroller.scrollTop = Math.min(Math.max(scroller.scrollTop, lowest), top);
  draw();
}

/** Shows the row of what is open, if it is in the list. */
function revealOpened() {
  const at = found.findIndex((row) => row.model === opened.model && (!row.field || row.field === opened.field));
  if (at >= 0) reveal(at);
  else draw();
}

scroller.addEventListener("scroll", () => requestAnimationFrame(draw));
new ResizeObserver(draw).observe(scroller);
