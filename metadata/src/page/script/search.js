// Finding models and fields by words.

let haystacks;

/** The names of everything in lower case, made when the first search begins. */
function prepared() {
  haystacks ??= models.map((model) => {
    const own = `${model.name} ${model.label} ${model.rust}`.toLowerCase();
    const fields = model.fields.map((field) => {
      const name = `${field.name} ${field.label}`.toLowerCase();
      const rust = `${field.rust} ${withoutRaw(field.rust)}`;
      return { field, name, whole: `${own} ${model.name}/${field.name} ${rust} ${field.label}`.toLowerCase() };
    });
    return { model, own, fields };
  });
  return haystacks;
}

/** A name in Rust as one would say it: `type` for `r#type`. */
function withoutRaw(rust) {
  return rust.replace("r#", "");
}

/** How near a name is to what was typed: the less, the nearer. */
function distance(typed, names) {
  const lower = names.map((name) => name.toLowerCase());
  if (lower.includes(typed)) return 0;
  if (lower.some((name) => name.startsWith(typed))) return 1;
  return lower.some((name) => name.includes(typed)) ? 2 : 3;
}

/**
 * The models, then the fields, that hold all words of a query; without words, all models.
 *
 * A field has to hold a word in a name of its own, or all fields of a model would be found together with it.
 */
function search(query, isWanted) {
  const typed = query.trim().toLowerCase();
  if (!typed) return models.filter(isWanted).map((model) => ({ model, field: null }));
  const words = typed.split(/\s+/);
  const found = [];
  for (const { model, own, fields } of prepared()) {
    if (!isWanted(model)) continue;
    const isWhole = words.every((word) => own.includes(word));
    if (isWhole) {
      found.push({ model, field: null, rank: distance(typed, [model.name, model.rust, model.label]) });
    }
    for (const { field, name, whole } of fields) {
      const isOwn = (word) => name.includes(word) || !own.includes(word);
      if (words.every((word) => whole.includes(word)) && words.some(isOwn)) {
        const names = [field.name, withoutRaw(field.rust), field.label, `${model.name}/${field.name}`];
        found.push({ model, field, rank: 4 + distance(typed, names) });
      }
    }
  }
  // Sorting is stable: models of equal rank stay in the order of their names.
  return found.sort((a, b) => a.rank - b.rank);
}
