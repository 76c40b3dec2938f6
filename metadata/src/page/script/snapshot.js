// Unpacks the snapshot from the rows of `packed.rs`.

const packed = JSON.parse(document.getElementById("snapshot").textContent);
const text = (at) => packed.texts[at];

/** What is true of a field, in the order of the bits. */
const FLAGS = ["required", "readonly", "searchable", "sortable", "everywhere"];

/** A button, a report or a wizard. The line has its name in Rust. */
function member([name, label, line]) {
  return { name: text(name), label: text(label), line: text(line) };
}

function field([name, rust, type, kind, label, help, flags, relation, method, values], model) {
  const field = {
    model,
    name: text(name),
    rust: model.rust + text(rust),
    type: text(type),
    kind: text(kind),
    label: text(label),
    help: text(help),
    relation: text(relation),
    method: text(method),
    values: values.map(([value, rust, label]) => ({ value: text(value), rust: text(rust), label: text(label) })),
  };
  FLAGS.forEach((flag, bit) => (field[flag] = Boolean((flags >> bit) & 1)));
  return field;
}

class Model {
  constructor([name, label, rust, selected, line, ...rows]) {
    this.name = text(name);
    this.label = text(label);
    this.rust = text(rust);
    this.line = text(line);
    /** What is to be done to use it, if anything. */
    this.remedy = selected ? null : packed.select;
    this.rows = rows;
  }

  /** A model that the snapshot leaves out. */
  static outside(name) {
    const model = new Model([name, 0, 0, 0, 0, [], [], [], []]);
    model.isOutside = true;
    model.remedy = packed.add;
    return model;
  }

  /** Only what is looked at is unpacked. */
  get fields() {
    this.unpacked ??= this.rows[0].map((row) => field(row, this));
    return this.unpacked;
  }

  get buttons() {
    return this.rows[1].map(member);
  }

  get reports() {
    return this.rows[2].map(member);
  }

  get wizards() {
    return this.rows[3].map(member);
  }

  /** The pattern that selects it together with those whose names begin alike. */
  get pattern() {
    const [first, ...more] = this.name.split(".");
    return more.length ? `${first}.*` : first;
  }
}

const models = [...packed.models.map((row) => new Model(row)), ...packed.others.map(Model.outside)];
models.sort((a, b) => (a.name < b.name ? -1 : 1));
const modelsByName = new Map(models.map((model) => [model.name, model]));

let users;

/** The fields that lead to a model, without those that lead from everywhere to `res.user`. */
function usersOf(model) {
  if (!users) {
    users = new Map();
    const leading = models.flatMap((model) => model.fields).filter((field) => field.relation && !field.everywhere);
    for (const field of leading) {
      users.set(field.relation, [...(users.get(field.relation) ?? []), field]);
    }
  }
  return users.get(model.name) ?? [];
}

/** The part of the address that opens a model, or one of its fields. */
function addressOf(model, field) {
  const name = encodeURIComponent(model.name);
  return field ? `#${name}/${encodeURIComponent(field.name)}` : `#${name}`;
}
