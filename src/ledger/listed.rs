//! Entities of a list, told by name: the log knows whom a row amends, or gives it a slug that is free.

use super::batch::Batch;
use super::error::Error;
use crate::event::{Body, Entity, EventId, Kind, Refusal, fold_name, slug_of};

impl Batch<'_> {
    /// Gives an entity without a slug that of the one who bears its name, else a free one made of the name. Another name of
    /// somebody is not his own: the entity is somebody else, and the name is ambiguous from then on. A kind that the list does
    /// not tell stays what it was.
    ///
    /// # Errors
    /// [`Error::Refused`] for a name that several bear; [`Error::Log`].
    pub(super) fn place(&mut self, id: EventId, entity: &mut Entity) -> Result<(), Error> {
        let recorded = self.append.reader().by_id(id)?.map(|row| row.event()).transpose()?;
        if let Some(recorded) = recorded {
            // The row was imported before: it meant then whom it means. What was erased is found by its id alone.
            let known = recorded.and_then(|event| if let Body::Entity(known) = event.body { Some(known) } else { None });
            entity.entity = known.as_ref().map_or_else(|| slug_of(&entity.name), |known| known.entity.clone());
            if let Some(known) = known {
                entity.kind = known.kind;
            }
            return Ok(());
        }
        let name = fold_name(&entity.name);
        let bearers = self.resolver().bearers(&name)?;
        match &bearers[..] {
            [] => entity.entity = self.resolver().unregistered(&name)?.entity,
            [one] => {
                entity.entity.clone_from(one);
                if entity.kind == Kind::Unknown {
                    entity.kind = self.resolver().kind(one)?;
                }
            }
            several => {
                let said = format!("`{name}` is the name of each of {}; give the slug", several.join(", "));
                return Err(Refusal::field("name", said).into());
            }
        }
        Ok(())
    }
}
