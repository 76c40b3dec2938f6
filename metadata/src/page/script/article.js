// The article beside the list: a model, or an overview of the page.

function section(title, rows, note) {
  if (!rows.length) return null;
  const heading = make("h2", {}, `${title} `, make("small", {}, note ?? String(rows.length)));
  return make("section", { "aria-label": title }, heading, make("ul", { class: "members" }, rows));
}

function fieldRow(field, isHere) {
  const [model, name] = [field.model.rust, field.rust.slice(field.model.rust.length)];
  // `Sale::F.` is the same in each row.
  const at = name.lastIndexOf(".") + 1;
  const rust = link(field.model, field, make("span", { class: "dim" }, model + name.slice(0, at)), name.slice(at));
  rust.className = "name code";
  const tags = [
    [field.required, "required"],
    [field.readonly, "read-only"],
    [!field.searchable, "not searchable"],
    [!field.sortable, "not sortable"],
  ].filter(([is]) => is);
  const facts = [
    words(field.label, "label"),
    code(field.name),
    words(field.kind),
    field.relation ? make("span", {}, "→ ", nameOf(field.relation)) : null,
    field.method ? make("span", {}, "values by ", code(field.method)) : null,
    ...tags.map(([, word]) => make("span", { class: `tag ${word}` }, word)),
  ];
  return make(
    "li",
    isHere ? { class: "here", tabindex: "-1" } : {},
    make("div", { class: "first" }, rust, code(field.type, "type")),
    make("div", { class: "facts" }, facts),
    field.help ? make("p", { class: "help" }, words(field.help)) : null,
    values(field),
  );
}

/** The values of a selection; of a reference, they are models. */
function values(field) {
  if (!field.values.length) return null;
  const isReference = field.kind === "reference";
  const value = ({ value }) => (isReference ? nameOf(value) : code(JSON.stringify(value)));
  const rows = field.values.map((row) => {
    const cells = [row.rust ? code(row.rust) : value(row), row.rust ? value(row) : "", words(row.label)];
    return make("tr", {}, cells.map((cell) => make("td", {}, cell)));
  });
  const table = make("table", { class: "values" }, make("tbody", {}, rows));
  if (rows.length <= 8) return table;
  return make("details", {}, make("summary", {}, counted(rows.length, "value")), table);
}

function memberRow(member) {
  const first = make("div", { class: "first" }, words(member.label || member.name), code(member.name, "type"));
  return make("li", {}, first, line(member.line));
}

/** The models that lead to this one, each with the fields that do. */
function usedBy(model) {
  const byModel = new Map();
  for (const field of usersOf(model)) {
    byModel.set(field.model, [...(byModel.get(field.model) ?? []), field]);
  }
  if (!byModel.size) return null;
  const rows = [...byModel].map(([user, fields]) => {
    const names = fields.flatMap((field, at) => [at ? ", " : " ", link(user, field, field.name)]);
    return make("li", {}, link(user, null, user.rust), make("span", { class: "code" }, names));
  });
  const heading = make("h2", {}, "Used by ", make("small", {}, counted(rows.length, "model")));
  return make("section", { "aria-label": "Used by" }, heading, make("ul", { class: "users" }, rows));
}

function jumps(sections) {
  const jump = (section) => {
    const button = make("button", { type: "button" }, section.querySelector("h2").textContent);
    button.addEventListener("click", () => section.scrollIntoView());
    return make("li", {}, button);
  };
  return sections.length > 1 ? make("ul", { class: "jumps" }, sections.map(jump)) : null;
}

function notice(model) {
  if (!model.remedy) return null;
  const why = model.isOutside ? "The server has it, but the snapshot does not: " : "Your program does not have it: ";
  const [before, after] = model.remedy;
  // Text between backticks is code.
  const parts = (before + model.name + after).split("`");
  return make("p", { class: "notice" }, why, parts.map((part, at) => (at % 2 ? code(part) : part)), ".");
}

function article(model, wanted) {
  const sections = [
    section("Fields", model.fields.map((field) => fieldRow(field, field.name === wanted))),
    section("Buttons", model.buttons.map(memberRow)),
    section("Reports", model.reports.map(memberRow)),
    section("Wizards", model.wizards.map(memberRow)),
    usedBy(model),
  ].filter(Boolean);
  const label = model.label ? [words(model.label), " · "] : [];
  return [
    make("h1", { tabindex: "-1" }, model.rust || model.name),
    make("p", { class: "lead" }, label, code(model.name)),
    notice(model),
    line(model.line),
    jumps(sections),
    ...sections,
  ];
}

function welcome() {
  const inside = packed.models.length;
  const lead = [counted(inside, "model"), ", labels in ", code(packed.language)];
  if (packed.others.length) lead.push(`; the server has ${packed.others.length} more`);
  const keys = [
    [["/"], "search models and fields: sale line, SaleLine, Sale::F.party"],
    [["↑", "↓"], "choose"],
    [["Enter"], "open"],
    [["Esc"], "clear the search"],
  ].map(([keys, what]) => {
    return make("tr", {}, make("td", {}, keys.map((key) => make("kbd", {}, key))), make("td", {}, what));
  });
  const modules = Object.entries(packed.modules);
  const versions = modules.map(([name, version]) => make("li", {}, words(name), " ", code(version)));
  return [
    make("h1", { tabindex: "-1" }, `Tryton ${packed.series}`),
    make("p", { class: "lead" }, lead),
    make("h2", {}, "Keys"),
    make("table", { class: "keys" }, make("tbody", {}, keys)),
    make("h2", {}, "Modules ", make("small", {}, String(modules.length))),
    make("ul", { class: "users" }, versions),
    section("Reports of no model", packed.reports.map(member).map(memberRow)),
    section("Wizards of no model", packed.wizards.map(member).map(memberRow)),
  ];
}

function unknown(name) {
  const sentence = ["The page has no model ", code(name), "."];
  return [make("h1", { tabindex: "-1" }, "Not found"), make("p", {}, sentence)];
}
