//! `define entity`: registers somebody or something, or adds to what is known of it.

use clap::Args;

use super::{pair, told};
use crate::Ledger;
use crate::cli::call::Call;
use crate::cli::date;
use crate::cli::failure::{Exit, Failure};
use crate::cli::one_event::{self, Recording};
use crate::cli::out::Out;
use crate::cli::plain::quoted;
use crate::cli::word::word;
use crate::event::{self, Alias, Body, Kind, MotionSide, Refusal, Role, StandsFor, fold_name, slug_of};
use crate::ledger::{Asked, EntityItem};

/// An entity: new, or more about one that is registered
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  stancelog define entity \"Boris Johnson\" --kind person --alias Johnson
  stancelog define entity Johnson --role \"Prime Minister\" \\
      --of united-kingdom --from 2019-07-24 --to 2022-09-06
  stancelog define entity \"Motion 12\" --kind motion --stands-for Ukraine=favor

A registered entity may be given by slug, name or alias; what is not given
stays as it is.")]
pub(super) struct Entity {
    /// Its name; or slug, name or alias of one that is registered
    name: String,
    /// What kind of thing it is [default: unknown, or what it is]
    #[arg(long, value_name = "KIND", value_parser = word(Kind::ALL, Kind::word, Kind::from_word))]
    kind: Option<Kind>,
    /// Its slug [default: made of the name]
    #[arg(long, value_name = "SLUG")]
    slug: Option<String>,
    /// Another name from now on; the former one becomes an alias
    #[arg(long, value_name = "NAME")]
    rename: Option<String>,
    /// Another name for it; may be given several times
    #[arg(long = "alias", value_name = "NAME")]
    aliases: Vec<String>,
    /// An office or function that it holds or held
    #[arg(long, value_name = "TITLE")]
    role: Option<String>,
    /// Of what: the role's country, party, company
    #[arg(long, value_name = "ENTITY", requires = "role")]
    of: Option<String>,
    /// The role's beginning
    #[arg(long, value_name = "EDTF", requires = "role", allow_hyphen_values = true)]
    from: Option<String>,
    /// The role's end
    #[arg(long, value_name = "EDTF", requires = "role", allow_hyphen_values = true)]
    to: Option<String>,
    /// Its id elsewhere, as in wikidata=Q180589; may be given several times
    #[arg(long = "identifier", value_name = "SCHEME=ID", value_parser = pair)]
    identifiers: Vec<(String, String)>,
    /// For a motion: what a vote for it is a vote for or against, as in Ukraine=favor
    #[arg(long, value_name = "TARGET=SIDE", value_parser = stands_for)]
    stands_for: Vec<StandsFor>,
    #[command(flatten)]
    recording: Recording,
}

impl Entity {
    pub(super) fn run(&self, call: &Call, out: &mut Out) -> Result<Exit, Failure> {
        let next = format!("entities {}", quoted(self.rename.as_ref().unwrap_or(&self.name)));
        one_event::record(call, out, &self.recording, |ledger| self.body(ledger), |row| told(row, next))
    }

    fn body(&self, ledger: &Ledger) -> Result<Body, Failure> {
        let known = self.known(ledger)?;
        let entity = match (&self.slug, &known) {
            (Some(slug), _) => slug.clone(),
            (None, Some(known)) => known.entity.clone(),
            (None, None) => self.free_slug(ledger)?,
        };
        let name = self.rename.clone().or_else(|| known.as_ref().map(|known| known.name.clone())).unwrap_or_else(|| self.name.clone());
        let at = |flag: &str, text: &Option<String>| text.as_deref().map(|text| date::occurred(flag, text, ledger)).transpose();
        let role = match &self.role {
            Some(title) => {
                Some(Role { title: title.clone(), of: self.of.clone(), from: at("--from", &self.from)?, to: at("--to", &self.to)? })
            }
            None => None,
        };
        Ok(Body::Entity(event::Entity {
            entity,
            kind: self.kind.or(known.map(|known| known.kind)).unwrap_or(Kind::Unknown),
            name,
            aliases: self.aliases.iter().cloned().map(Alias::Always).collect(),
            roles: role.into_iter().collect(),
            identifiers: self.identifiers.iter().cloned().collect(),
            stands_for: self.stands_for.clone(),
        }))
    }

    /// The registered entity that is meant, if one is.
    fn known(&self, ledger: &Ledger) -> Result<Option<EntityItem>, Failure> {
        let given = fold_name(self.slug.as_ref().unwrap_or(&self.name));
        let mut fits = fitting(ledger, &given)?;
        if fits.len() > 1 {
            let slugs: Vec<&str> = fits.iter().map(|item| item.entity.as_str()).collect();
            return Err(Refusal::field("name", format!("`{given}` may be any of {}; give the slug", slugs.join(", "))).into());
        }
        Ok(fits.pop())
    }

    /// The slug that the name makes, unless it is somebody else's.
    fn free_slug(&self, ledger: &Ledger) -> Result<String, Failure> {
        let slug = slug_of(&fold_name(&self.name));
        match fitting(ledger, &slug)?.first() {
            Some(other) => {
                let said = format!("the slug `{slug}` is that of {}; name it by its slug to add to it, or give another --slug", other.name);
                Err(Refusal::field("name", said).into())
            }
            None => Ok(slug),
        }
    }
}

/// The entities that have exactly this slug, name or alias.
fn fitting(ledger: &Ledger, given: &str) -> Result<Vec<EntityItem>, Failure> {
    let mut items = ledger.entities(Some(given), usize::MAX >> 1, &Asked::default())?;
    items.retain(|item| {
        let names = item.aliases.iter().chain([&item.name]);
        item.entity == given || item.merged.iter().any(|slug| slug == given) || names.into_iter().any(|name| fold_name(name) == given)
    });
    Ok(items)
}

fn stands_for(text: &str) -> Result<StandsFor, String> {
    let expected = || "expected a target and a side with = between, as in Ukraine=favor or Ukraine=against".to_owned();
    let (target, side) = text.rsplit_once('=').ok_or_else(expected)?;
    Ok(StandsFor { target: target.to_owned(), side: MotionSide::from_word(side).ok_or_else(expected)? })
}
