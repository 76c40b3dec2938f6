//! The consequences of setting fields: `on_change`, `on_change_with`, and notifying the parents.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::ask::Question;
use super::change::Named;
use super::memo;
use super::records::NodeId;
use super::tree::Work;
use crate::error::{Error, Result};

impl Work {
    /// Computes what follows after these fields of these records were set: two steps, each for all records at once.
    pub(super) async fn changed(&mut self, jobs: &[Named]) -> Result<()> {
        self.on_change(jobs).await?;
        self.on_change_with(jobs).await
    }

    async fn on_change(&mut self, jobs: &[Named]) -> Result<()> {
        for (node, answer) in self.ask_on_change(jobs).await? {
            self.take_answer(node, answer).await?;
        }
        Ok(())
    }

    /// Asks for what follows, and applies nothing.
    pub(super) async fn ask_on_change(&mut self, jobs: &[Named]) -> Result<Vec<(NodeId, Value)>> {
        let mut asked = Vec::new();
        for (node, names) in jobs {
            let model = self.model(*node)?;
            let asks = |name: &&String| model.fields.get(*name).is_some_and(|field| !field.on_change.is_empty());
            let mut names: Vec<String> = names.iter().filter(asks).cloned().collect();
            names.sort();
            if !names.is_empty() {
                let reads = names.iter().filter_map(|name| model.fields.get(name));
                let reads = reads.flat_map(|field| &field.on_change).cloned().collect();
                asked.push(Asked { node: *node, method: "on_change", names, reads });
            }
        }
        self.pure(asked).await
    }

    /// Computes the dependent fields with `on_change_with` in two rounds: the second has the fields that read a result
    /// of the first. Results trigger nothing further, because the server lists everything that a field depends on.
    pub(super) async fn on_change_with(&mut self, jobs: &[Named]) -> Result<()> {
        let mut rounds = [Vec::new(), Vec::new()];
        for (node, names) in jobs {
            let model = self.model(*node)?;
            let mut now: Vec<&str> = Vec::new();
            let mut later: Vec<&str> = Vec::new();
            for (name, field) in model.fields.iter().filter(|(_, field)| !field.on_change_with.is_empty()) {
                let reads = |names: &[&str]| field.on_change_with.iter().any(|read| names.contains(&read.as_str()));
                if !field.on_change_with.iter().any(|read| names.contains(read)) {
                    continue;
                }
                if reads(&now) { later.push(name) } else { now.push(name) }
            }
            for (round, names) in rounds.iter_mut().zip([now, later]) {
                if !names.is_empty() {
                    // A field is an argument of itself, because its value may be kept.
                    let reads = names.iter().filter_map(|name| Some((*name, model.fields.get(*name)?)));
                    let reads =
                        reads.flat_map(|(name, field)| field.on_change_with.iter().map(String::as_str).chain([name]));
                    let reads = reads.map(str::to_owned).collect();
                    let names = names.into_iter().map(str::to_owned).collect();
                    round.push(Asked { node: *node, method: "on_change_with", names, reads });
                }
            }
        }
        for round in rounds {
            for (node, answer) in self.pure(round).await? {
                self.take_answer(node, answer).await?;
            }
        }
        Ok(())
    }

    /// Applies a response. Series 6.0 returns a list of changes, the others a single one.
    pub(super) async fn take_answer(&mut self, node: NodeId, answer: Value) -> Result<()> {
        for change in changes(&answer) {
            self.take(node, change).await?;
        }
        Ok(())
    }

    /// Asks questions that change nothing on the server, equal ones once.
    async fn pure(&mut self, asked: Vec<Asked>) -> Result<Vec<(NodeId, Value)>> {
        let mut unread = Vec::new();
        for asked in &asked {
            self.unread(asked.node, asked.reads.iter().map(String::as_str), &mut unread)?;
        }
        self.read(unread).await?;
        let mut questions: Vec<Question> = Vec::new();
        let mut keys: HashMap<String, usize> = HashMap::new();
        let mut sources = Vec::new();
        for Asked { node, method, names, reads } in &asked {
            let mut args = self.args(*node, reads.iter().map(String::as_str))?;
            let record = self.node(*node);
            args.insert("id".to_owned(), record.id.into());
            let question = Question::new(&record.model, method, vec![args.into(), json!(names)], self.context(*node)?);
            let key = memo::key(&question, record.is_new().then_some(record.id));
            let known = self.options.memo.then(|| self.memo.get(&key)).flatten();
            sources.push(match (known, keys.get(&key)) {
                (Some(answer), _) => Source::Known(answer),
                (None, Some(place)) if self.options.memo => Source::Asked(*place),
                (None, _) => {
                    keys.insert(key, questions.len());
                    questions.push(question);
                    Source::Asked(questions.len() - 1)
                }
            });
        }
        let answers = match self.ask(questions).await {
            Ok(answers) => answers,
            Err(error) => return Err(self.told(error, &asked)),
        };
        for (key, place) in keys.into_iter().filter(|_| self.options.memo) {
            self.memo.insert(key, &answers[place]);
        }
        let answers = sources.into_iter().map(|source| match source {
            Source::Known(answer) => answer,
            Source::Asked(place) => answers[place].clone(),
        });
        Ok(asked.iter().map(|asked| asked.node).zip(answers).collect())
    }

    /// Adds the place in the form to an error.
    fn told(&self, error: Error, asked: &[Asked]) -> Error {
        let fields = asked.iter().flat_map(|asked| {
            let path = self.records.path(asked.node);
            asked.names.iter().map(move |name| if path.is_empty() { name.clone() } else { format!("{path}.{name}") })
        });
        let fields: Vec<_> = fields.map(|field| format!("`{field}`")).collect();
        let model = asked.first().map(|asked| &*self.node(self.records.root(asked.node)).model).unwrap_or_default();
        error.noting(format!("asked about {} of the form of `{model}`, which is unchanged", fields.join(", ")))
    }

    /// Notifies the record whose list a record is in that the record has changed.
    pub(super) async fn tell(&mut self, node: NodeId) -> Result<()> {
        match self.node(node).place.clone() {
            Some(place) => self.list_changed(place.parent, &place.list).await,
            None => Ok(()),
        }
    }

    /// Handles a changed list: its record computes what follows on demand, or at once, and so on upwards.
    pub(super) async fn list_changed(&mut self, node: NodeId, list: &str) -> Result<()> {
        let (mut node, mut list) = (node, list.to_owned());
        loop {
            let record = self.node_mut(node);
            record.changed.insert(list.clone());
            if !self.options.tell {
                return Ok(());
            }
            if self.options.defer {
                let record = self.node_mut(node);
                if !record.pending.contains(&list) {
                    record.pending.push(list);
                }
                return Ok(());
            }
            self.changed(&[(node, vec![list])]).await?;
            let Some(place) = self.node(node).place.clone() else { return Ok(()) };
            (node, list) = (place.parent, place.list);
        }
    }

    /// Notifies the record and those in its lists of changes in their lists, the deepest first.
    pub(super) async fn settle(&mut self, top: NodeId) -> Result<()> {
        loop {
            let below = self.records.below(top);
            let waiting = below.into_iter().filter(|(_, node)| !self.node(*node).pending.is_empty());
            let Some((_, node)) = waiting.max() else { return Ok(()) };
            let list = self.node_mut(node).pending.remove(0);
            self.changed(&[(node, vec![list])]).await?;
            self.tell(node).await?;
        }
    }

    /// Sets the initial values of new records, and computes what follows from all of them together.
    pub(super) async fn begin_with(&mut self, records: Vec<(NodeId, Map<String, Value>)>) -> Result<()> {
        let mut jobs = Vec::new();
        for (node, values) in records {
            // Records within the values are settled before the one that they are in. A record that was only named needs
            // no known fields.
            let made = self.take(node, &values).await?;
            for made in made.into_iter().filter(|(_, names)| !names.is_empty()) {
                self.changed(&[made]).await?;
            }
            let mut names = super::change::named(&values);
            // A row is notified of its parent together with everything else.
            let back = self.node(node).back().map(str::to_owned);
            names.extend(back.filter(|back| !values.contains_key(back)));
            jobs.push((node, names));
        }
        self.changed(&jobs).await
    }
}

/// A question about one record: the fields it asks for, and the fields that the server reads to answer it.
struct Asked {
    node: NodeId,
    method: &'static str,
    names: Vec<String>,
    reads: Vec<String>,
}

/// The source of an answer.
enum Source {
    Known(Value),
    Asked(usize),
}

/// Returns the changes of an answer.
pub(super) fn changes(answer: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    let many = answer.as_array().into_iter().flatten();
    many.chain(Some(answer)).filter_map(Value::as_object)
}
