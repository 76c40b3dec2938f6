//! New records.

use serde_json::{Map, Value, json};

use crate::error::Result;
use crate::form::args::all_fields;
use crate::form::ask::Question;
use crate::form::memo;
use crate::form::records::NodeId;
use crate::form::tree::Work;

impl Work {
    pub(super) async fn new_record(&mut self, model: &str, context: Map<String, Value>) -> Result<NodeId> {
        self.learn(vec![model.to_owned()]).await?;
        let node = self.records.add(model, None, None);
        self.node_mut(node).context = context;
        self.begin_with_defaults(vec![node]).await?;
        Ok(node)
    }

    pub(super) async fn view(
        &mut self,
        model: &str,
        defaults: &Map<String, Value>,
        values: &Map<String, Value>,
        context: Map<String, Value>,
    ) -> Result<NodeId> {
        self.learn(vec![model.to_owned()]).await?;
        let node = self.records.add(model, None, None);
        self.node_mut(node).context = context;
        self.begin_with(vec![(node, defaults.clone())]).await?;
        self.take(node, values).await?;
        Ok(node)
    }

    /// Sets the server's defaults in new records.
    pub(super) async fn begin_with_defaults(&mut self, nodes: Vec<NodeId>) -> Result<()> {
        let mut records = Vec::with_capacity(nodes.len());
        for node in nodes {
            let model = self.model(node)?;
            let params = vec![all_fields(&model), json!(false)];
            let question = Question::new(&model.name, "default_get", params, self.context(node)?);
            let key = memo::key(&question, None);
            let known = self.options.memo.then(|| self.memo.get(&key)).flatten();
            let defaults = match known {
                Some(defaults) => defaults,
                None => {
                    let defaults = self.ask_one(question).await?;
                    if self.options.memo {
                        self.memo.insert(key, &defaults);
                    }
                    defaults
                }
            };
            let Value::Object(defaults) = defaults else { continue };
            self.node_mut(node).has_defaults = true;
            records.push((node, defaults));
        }
        self.begin_with(records).await
    }
}
