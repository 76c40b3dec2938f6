//! Sets many fields at once, including the records of lists.

use std::collections::VecDeque;
use std::pin::Pin;

use super::plan::{Phase, Set, plan};
use crate::any_draft::{AnyDraft, ListStep, Said};
use crate::error::{Error, Result};
use crate::form::change::Named;
use crate::form::records::NodeId;
use crate::form::settle::changes;
use crate::form::tree::Work;

impl Work {
    /// Fills in records in lockstep, so that their questions are asked at once. It calls itself for the records of
    /// their lists.
    pub(super) fn fill(
        &mut self,
        jobs: Vec<(NodeId, AnyDraft)>,
    ) -> Pin<Box<dyn Future<Output = Result<()>> + Send + '_>> {
        Box::pin(async move {
            for (node, _) in &jobs {
                self.know(*node).await?;
            }
            let mut jobs: Vec<_> = jobs.into_iter().map(|(node, draft)| (node, segments(draft))).collect();
            while jobs.iter().any(|(_, segments)| !segments.is_empty()) {
                let mut sets = Vec::new();
                for (node, segments) in &mut jobs {
                    match segments.pop_front() {
                        Some(Segment::Sets(these)) => sets.push((*node, these)),
                        Some(Segment::List(list, steps)) => self.fill_list_by(*node, &list, steps).await?,
                        None => {}
                    }
                }
                self.set_many(sets).await?;
            }
            Ok(())
        })
    }

    async fn set_many(&mut self, sets: Vec<(NodeId, Vec<Set>)>) -> Result<()> {
        let mut queues = Vec::with_capacity(sets.len());
        for (node, sets) in sets {
            self.settle(node).await?;
            let model = self.model(node)?;
            sets.iter().try_for_each(|(field, _)| model.field(field).map(drop))?;
            queues.push((node, plan(&model, sets, self.options.batch)));
        }
        while queues.iter().any(|(_, queue)| !queue.is_empty()) {
            self.set_phases(&mut queues).await?;
        }
        Ok(())
    }

    /// Carries out the next phase of each record.
    async fn set_phases(&mut self, queues: &mut [(NodeId, VecDeque<Phase>)]) -> Result<()> {
        let mut phases = Vec::new();
        let mut asked = Vec::new();
        for (place, (node, queue)) in queues.iter_mut().enumerate() {
            let Some(phase) = queue.pop_front() else { continue };
            let before = self.node(*node).clone();
            let mut names = Vec::new();
            for (field, value) in phase.first.iter().chain(&phase.asked) {
                if self.store(*node, field, value.clone()).await? {
                    names.push(field.clone());
                }
            }
            asked.push((*node, names));
            phases.push((place, phase, before));
        }
        let mut answers = self.ask_on_change(&asked).await?;
        let mut set: Vec<Named> = Vec::new();
        for ((place, phase, before), (node, mut names)) in phases.into_iter().zip(asked) {
            let answer = answers.iter().position(|(about, _)| *about == node).map(|at| answers.swap_remove(at).1);
            if answer.iter().flat_map(changes).any(|change| phase.is_contradicted_by(change)) {
                *self.node_mut(node) = before;
                let model = self.model(node)?;
                phase.apart(&model).rev().for_each(|phase| queues[place].1.push_front(phase));
                continue;
            }
            if let Some(answer) = answer {
                self.take_answer(node, answer).await?;
            }
            for (field, value) in phase.last {
                if self.store(node, &field, value).await? {
                    names.push(field);
                }
            }
            set.push((node, names));
        }
        set.retain(|(_, names)| !names.is_empty());
        self.on_change_with(&set).await?;
        for (node, _) in set {
            self.tell(node).await?;
        }
        Ok(())
    }

    /// Changes a list step by step.
    async fn fill_list_by(&mut self, node: NodeId, list: &str, steps: Vec<ListStep>) -> Result<()> {
        self.open_list(node, list).await?;
        self.settle(node).await?;
        for step in steps {
            match step {
                ListStep::Create(drafts) => self.fill_rows(node, list, drafts).await?,
                ListStep::Add(ids) => drop(self.link(node, list, &ids).await?),
                ListStep::Remove(ids) => self.unlink(node, list, &ids, false).await?,
                ListStep::Delete(ids) => self.unlink(node, list, &ids, true).await?,
                ListStep::Write(ids, draft) => {
                    let rows = ids.iter().map(|id| self.row_of_id(node, list, *id).ok_or_else(|| not_there(list, *id)));
                    let jobs = rows.map(|row| Ok((row?, draft.clone()))).collect::<Result<Vec<_>>>()?;
                    for job in jobs {
                        self.fill(vec![job]).await?;
                    }
                }
                ListStep::Copy(..) | ListStep::Raw(_) => {
                    let why = format!(
                        "a form cannot copy records into its list `{list}`, nor carry out raw steps: \
                         add, link, unlink, delete or update records instead"
                    );
                    return Err(Error::invalid_request(why));
                }
            }
        }
        Ok(())
    }

    /// Adds new records to a list. They are created and filled in at once, unless they read each other.
    async fn fill_rows(&mut self, node: NodeId, list: &str, drafts: Vec<AnyDraft>) -> Result<()> {
        let at_once = self.options.at_once && self.options.defer;
        let mut drafts = VecDeque::from(drafts);
        while let Some(draft) = drafts.pop_front() {
            let row = self.add_row(node, list).await?;
            let mut jobs = vec![(row, draft)];
            if at_once && !self.reads_its_list(row)? {
                let rows = self.add_rows(node, list, drafts.len()).await?;
                jobs.extend(rows.into_iter().zip(drafts.drain(..)));
            }
            self.fill(jobs).await?;
        }
        Ok(())
    }

    async fn unlink(&mut self, node: NodeId, list: &str, ids: &[i64], delete: bool) -> Result<()> {
        self.drop_ids(node, list, ids, delete).await?;
        self.list_changed(node, list).await
    }
}

fn not_there(list: &str, id: i64) -> Error {
    Error::invalid_request(format!("no record {id} to change in the list `{list}`"))
}

/// A part of a draft whose fields may be planned together.
enum Segment {
    Sets(Vec<Set>),
    List(String, Vec<ListStep>),
}

/// Returns the parts of a draft, in order.
fn segments(draft: AnyDraft) -> VecDeque<Segment> {
    let mut segments = VecDeque::new();
    for (field, said) in draft.into_fields() {
        match (said, segments.back_mut()) {
            (Said::Steps(steps), _) => segments.push_back(Segment::List(field, steps)),
            (Said::Value(value), Some(Segment::Sets(sets))) => sets.push((field, value)),
            (Said::Value(value), _) => segments.push_back(Segment::Sets(vec![(field, value)])),
        }
    }
    segments
}
