//! The relations around a model, as a picture.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tryton_sdk_codegen::snapshot::Model;

/// The fields that every model has: they lead to `res.user` from everywhere.
pub(crate) const EVERYWHERE: [&str; 2] = ["create_uid", "write_uid"];

/// Models and the relations between them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Graph {
    /// The technical names, including the model in the middle.
    pub models: BTreeSet<String>,
    /// The relations, ordered by the models that they start from.
    pub relations: Vec<Relation>,
}

/// All fields of one model that lead to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Relation {
    /// The model of the fields.
    pub from: String,
    /// The model that they lead to.
    pub to: String,
    /// Their names; lists of records end in `[]`.
    pub fields: Vec<String>,
}

impl Graph {
    /// Follows the relations of `start`, and those of the models found that way, `depth` times in all.
    ///
    /// `read` returns a model, or `None` for an unknown one: it appears in the graph without relations of its own. The
    /// users who created and changed a record are left out.
    pub fn around<E>(
        start: &str,
        depth: usize,
        mut read: impl FnMut(&str) -> Result<Option<Model>, E>,
    ) -> Result<Self, E> {
        let mut graph = Self { models: [start.to_owned()].into(), relations: Vec::new() };
        let mut front = graph.models.clone();
        for _ in 0..depth {
            if front.is_empty() {
                break;
            }
            let mut found = BTreeSet::new();
            for name in &front {
                let Some(model) = read(name)? else { continue };
                for (to, fields) in targets(&model) {
                    found.insert(to.clone());
                    graph.relations.push(Relation { from: name.clone(), to, fields });
                }
            }
            front = found.difference(&graph.models).cloned().collect();
            graph.models.append(&mut found);
        }
        Ok(graph)
    }

    /// Formats the graph for Mermaid, which wikis and forges render.
    pub fn mermaid(&self) -> String {
        let ids: BTreeMap<&String, usize> = self.models.iter().enumerate().map(|(id, model)| (model, id)).collect();
        let mut text = "graph LR\n".to_owned();
        for (model, id) in &ids {
            text.push_str(&format!("  m{id}[\"{}\"]\n", in_mermaid(model)));
        }
        for Relation { from, to, fields } in &self.relations {
            let fields: Vec<String> = fields.iter().map(|field| in_mermaid(field)).collect();
            text.push_str(&format!("  m{} -->|\"{}\"| m{}\n", ids[from], fields.join("<br>"), ids[to]));
        }
        text
    }

    /// Formats the graph for Graphviz.
    pub fn dot(&self) -> String {
        let mut text = "digraph {\n  rankdir=LR\n  node [shape=box]\n".to_owned();
        for model in &self.models {
            text.push_str(&format!("  \"{}\"\n", in_dot(model)));
        }
        for Relation { from, to, fields } in &self.relations {
            let fields: Vec<String> = fields.iter().map(|field| in_dot(field)).collect();
            let (from, to, fields) = (in_dot(from), in_dot(to), fields.join("\\n"));
            text.push_str(&format!("  \"{from}\" -> \"{to}\" [label=\"{fields}\"]\n"));
        }
        text.push_str("}\n");
        text
    }
}

/// Escapes a name for the quotes of Mermaid, where `#` begins a character by its number, and HTML counts.
fn in_mermaid(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | ' ' | '[' | ']');
    let shown = |c: char| if is_plain(c) { c.to_string() } else { format!("#{};", u32::from(c)) };
    name.chars().map(shown).collect()
}

/// Escapes a name for the quotes of Graphviz, where a backslash begins an escape.
fn in_dot(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ")
}

/// Returns the models to which a model leads, with the fields that do.
fn targets(model: &Model) -> BTreeMap<String, Vec<String>> {
    let mut targets: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, field) in model.fields.iter().filter(|(name, _)| !EVERYWHERE.contains(&name.as_str())) {
        let Some(to) = &field.relation else { continue };
        let is_list = matches!(field.kind.as_deref(), Some("one2many" | "many2many"));
        targets.entry(to.clone()).or_default().push(format!("{name}{}", if is_list { "[]" } else { "" }));
    }
    targets
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::Graph;
    use tryton_sdk_codegen::snapshot::{Field, Model};

    fn read(name: &str) -> Result<Option<Model>, Infallible> {
        let to = |kind: &str, to: &str| Field { relation: Some(to.to_owned()), ..Field::new(kind) };
        let fields = match name {
            "sale" => vec![("lines", to("one2many", "line")), ("party", to("many2one", "party"))],
            "line" => vec![("sale", to("many2one", "sale")), ("create_uid", to("many2one", "user"))],
            _ => return Ok(None),
        };
        let fields = fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect();
        Ok(Some(Model { model: name.to_owned(), fields, ..Model::default() }))
    }

    #[test]
    fn a_model_and_those_it_leads_to() -> Result<(), Infallible> {
        let graph = Graph::around("sale", 1, read)?;
        let mermaid = "graph LR\n  m0[\"line\"]\n  m1[\"party\"]\n  m2[\"sale\"]\n  m2 -->|\"lines[]\"| m0\n  m2 \
                       -->|\"party\"| m1\n";
        assert_eq!(graph.mermaid(), mermaid);
        assert!(graph.dot().contains("\n  \"sale\" -> \"line\" [label=\"lines[]\"]\n"));
        Ok(())
    }

    #[test]
    fn names_end_no_quotes() -> Result<(), Infallible> {
        let field = Field { relation: Some("b\"] [c\\".to_owned()), ..Field::new("many2one") };
        let model = || Model { fields: [("x<br>#1".to_owned(), field.clone())].into(), ..Model::default() };
        let graph = Graph::around("a", 1, |name| Ok::<_, Infallible>((name == "a").then(model)))?;
        let mermaid = "graph LR\n  m0[\"a\"]\n  m1[\"b#34;] [c#92;\"]\n  m0 -->|\"x#60;br#62;#35;1\"| m1\n";
        assert_eq!(graph.mermaid(), mermaid);
        let to = "\"b\\\"] [c\\\\\"";
        assert!(graph.dot().contains(&format!("\n  \"a\" -> {to} [label=\"x<br>#1\"]\n")), "{}", graph.dot());
        Ok(())
    }

    #[test]
    fn each_model_is_followed_once() -> Result<(), Infallible> {
        let relations = |depth| Graph::around("sale", depth, read).map(|graph| graph.relations.len());
        assert_eq!([relations(0)?, relations(1)?, relations(2)?, relations(9)?], [0, 2, 3, 3]);
        Ok(())
    }
}
