//! The stances as a graph.

use std::io::Write;

use super::Ledger;
use super::error::Error;
use super::when::Asked;
use crate::exchange::GraphMl;
use crate::query::Detail;

impl Ledger {
    /// Writes GraphML: everybody who has a stance and everything that one is held toward as nodes, the stances of every pair
    /// that has a counting event as edges with a sign. What is held in memory is the slugs of the nodes.
    ///
    /// # Errors
    /// [`Error::Log`], [`Error::Projection`], [`Error::File`] where the output fails.
    ///
    /// ```
    /// # let dir = tempfile::tempdir().unwrap(); let path = dir.path().join("stances.db");
    /// use stancelog::{event::parse, ledger::Asked, Ledger};
    /// let ledger = Ledger::open(&path)?;
    /// ledger.append([parse(r#"{"actor":"Ann","action":"backs","target":"Tax","occurred":"2024"}"#).unwrap()])?;
    /// let mut graph = Vec::new();
    /// ledger.graph(&Asked::default(), &mut graph)?;
    /// let graph = String::from_utf8(graph).unwrap();
    /// assert!(graph.contains(r#"<edge source="ann" target="tax">"#) && graph.contains(r#"<data key="edge-sign">1</data>"#));
    /// # Ok::<(), stancelog::ledger::Error>(())
    /// ```
    pub fn graph(&self, asked: &Asked, output: impl Write) -> Result<(), Error> {
        let stamp = self.stamp(asked)?;
        let mut graph = GraphMl::begin(output, &stamp.parts()).map_err(Error::answer)?;
        self.ask(&stamp.asked(asked), |snapshot| {
            snapshot.every_answer(Detail::Full, |answer| {
                for (slug, name) in [(&answer.actor, &answer.actor_name), (&answer.target, &answer.target_name)] {
                    if !graph.has(slug) {
                        let kind = snapshot.kind(slug)?.map(|kind| kind.to_string());
                        graph.node(slug, name, kind.as_deref()).map_err(Error::answer)?;
                    }
                }
                graph.edge(&answer).map_err(Error::answer)
            })
        })?;
        graph.end().map_err(Error::answer)
    }
}
