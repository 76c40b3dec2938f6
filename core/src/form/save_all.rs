//! Saves several forms together.

use serde_json::{Map, Value, json};

use super::any::AnyForm;
use super::ask::Question;
use super::drive::{ask, ask_all};
use super::tree::Step;
use crate::context::CHECKED;
use crate::error::{Error, Result};

/// Saves forms with one request for all new ones, and one for all changed ones, for each model and context.
pub(super) async fn save_all(forms: &mut [&mut AnyForm]) -> Result<()> {
    let mut batches: Vec<Batch> = Vec::new();
    for (place, form) in forms.iter_mut().enumerate() {
        if let Some(question) = settled(form).await? {
            let context = form.connection().context().clone().merge(question.context.clone().into());
            let timestamps = context.clone().into_keys().remove(CHECKED);
            let context = Value::Object(context.into_keys().into_iter().filter(|(key, _)| key != CHECKED).collect());
            let alike = |batch: &&mut Batch| batch.question.method == question.method && batch.context == context;
            let at = batches.iter_mut().find(alike);
            match at {
                Some(batch) => batch.add(place, question, timestamps),
                None => batches.push(Batch::new(place, question, context, timestamps)),
            }
        }
    }
    // New records come first: a changed one may lead to them.
    batches.sort_by_key(|batch| !batch.creates());
    for batch in batches {
        batch.send(forms).await?;
    }
    Ok(())
}

/// Computes what follows from a form's changes, up to the request that saves it. `None` if there is nothing to save.
async fn settled(form: &mut AnyForm) -> Result<Option<Question>> {
    let mut step = form.begin_save();
    loop {
        match step {
            Step::Done(outcome) => return outcome.map(|_| None),
            Step::Ask(mut questions) if questions.iter().any(is_save) => return Ok(questions.pop()),
            Step::Ask(questions) => {
                let answers = ask_all(form.connection(), questions).await;
                step = form.answer(answers);
            }
        }
    }
}

fn is_save(question: &Question) -> bool {
    question.method.ends_with(".create") || question.method.ends_with(".write")
}

/// Requests that are merged into one.
struct Batch {
    question: Question,
    /// The context of the calls, without the timestamps.
    context: Value,
    timestamps: Map<String, Value>,
    /// The forms that it saves.
    places: Vec<usize>,
}

impl Batch {
    fn new(place: usize, question: Question, context: Value, timestamps: Option<Value>) -> Self {
        let timestamps = match timestamps {
            Some(Value::Object(timestamps)) => timestamps,
            _ => Map::new(),
        };
        Self { question, context, timestamps, places: vec![place] }
    }

    fn creates(&self) -> bool {
        self.question.method.ends_with(".create")
    }

    fn add(&mut self, place: usize, question: Question, timestamps: Option<Value>) {
        match (self.creates(), self.question.params.first_mut(), question.params) {
            (true, Some(Value::Array(records)), mut params) => {
                records.extend(params.iter_mut().filter_map(Value::as_array_mut).flat_map(std::mem::take));
            }
            (_, _, params) => self.question.params.extend(params),
        }
        if let Some(Value::Object(timestamps)) = timestamps {
            self.timestamps.extend(timestamps);
        }
        self.places.push(place);
    }

    /// Sends the request, and gives each form its part of the response.
    async fn send(mut self, forms: &mut [&mut AnyForm]) -> Result<()> {
        if !self.timestamps.is_empty() {
            self.question.context.insert(CHECKED.to_owned(), std::mem::take(&mut self.timestamps).into());
        }
        let (creates, first) = (self.creates(), self.places.first().copied().unwrap_or_default());
        let answer = ask(forms[first].connection(), self.question).await;
        let mut outcome = Ok(());
        for (number, place) in self.places.iter().enumerate() {
            let part = match &answer {
                Ok(ids) if creates => Ok(ids.get(number).map_or_else(|| json!([]), |id| json!([id]))),
                Ok(answer) => Ok(answer.clone()),
                Err(error) => Err(error.clone()),
            };
            match forms[*place].answer(vec![part]) {
                Step::Done(done) => outcome = outcome.and(done.map(drop)),
                Step::Ask(_) => {
                    outcome = Err(Error::invalid_request("the form has further questions after it was saved"))
                }
            }
        }
        outcome
    }
}
