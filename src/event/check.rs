//! What an event must satisfy by itself, before anything is looked up.

use super::action::Action;
use super::body::{Body, Claim, Common, Source, Stance};
use super::entity::{Entity, Kind};
use super::evidence::{Evidence, Selector};
use super::refusal::Refusal;
use super::slug::{CLAIM_PREFIX, NAME_MAX, TargetRef, check_slug, is_slug};
use super::word::Toward;

/// Longest free text (a note, a claim's text, a reason, a quote), in bytes.
pub const TEXT_MAX: usize = 65_536;

/// Checks everything about an event that can be checked without a log.
///
/// # Errors
/// The first thing that is wrong, with its field.
pub fn check(body: &Body, common: &Common) -> Result<(), Refusal> {
    match body {
        Body::Stance(stance) => check_stance(stance)?,
        Body::Claim(claim) => check_claim(claim)?,
        Body::Verdict(verdict) => {
            slug("claim", &verdict.claim)?;
            name("reviewer", &verdict.reviewer)?;
            text("label", &verdict.label)?;
        }
        Body::Entity(entity) => check_entity(entity)?,
        Body::Merge(merge) => {
            name("from", &merge.from)?;
            name("into", &merge.into)?;
            optional("reason", merge.reason.as_deref(), text)?;
        }
        Body::Action(action) => check_action("", action)?,
        Body::Vocabulary(vocabulary) => {
            slug("name", &vocabulary.name)?;
            text("version", &vocabulary.version)?;
            let mut seen = std::collections::BTreeSet::new();
            for (index, action) in vocabulary.actions.iter().enumerate() {
                check_action(&format!("actions[{index}]."), action)?;
                if !seen.insert(action.action.as_str()) {
                    return Err(Refusal::field(format!("actions[{index}].action"), format!("`{}` is defined twice", action.action)));
                }
            }
        }
        Body::Source(source) => check_source(source)?,
        Body::Retract(retract) => text("reason", &retract.reason)?,
        Body::Erase(erase) => {
            text("reason", &erase.reason)?;
            text("authority", &erase.authority)?;
            if erase.events.is_empty() {
                return Err(Refusal::field("events", "names no event"));
            }
        }
    }
    check_common(common)
}

fn check_stance(stance: &Stance) -> Result<(), Refusal> {
    name("actor", &stance.actor)?;
    name("action", &stance.action)?;
    match TargetRef::of(&stance.target) {
        TargetRef::Entity(target) => name("target", target)?,
        TargetRef::Claim(claim) => slug("target", claim)?,
    }
    for (index, principal) in stance.on_behalf_of.iter().enumerate() {
        name(&format!("on_behalf_of[{index}]"), principal)?;
    }
    optional("place", stance.place.as_deref(), name)?;
    optional("actor_as", stance.actor_as.as_deref(), name)?;
    optional("target_as", stance.target_as.as_deref(), name)?;
    if stance.times == Some(0) {
        return Err(Refusal::field("times", "expected at least 1"));
    }
    if stance.confidence.is_some_and(|c| !(0.0..=1.0).contains(&c)) {
        return Err(Refusal::field("confidence", "expected a number from 0 to 1"));
    }
    Ok(())
}

fn check_claim(claim: &Claim) -> Result<(), Refusal> {
    slug("claim", &claim.claim)?;
    text("text", &claim.text)?;
    for (index, relation) in claim.relations.iter().enumerate() {
        slug(&format!("relations[{index}].claim"), &relation.claim)?;
    }
    let Some(about) = &claim.about else { return Ok(()) };
    name("about.actor", &about.actor)?;
    name("about.action", &about.action)?;
    match TargetRef::of(&about.target) {
        TargetRef::Entity(target) => name("about.target", target),
        TargetRef::Claim(slug_text) => slug("about.target", slug_text),
    }
}

fn check_entity(entity: &Entity) -> Result<(), Refusal> {
    slug("entity", &entity.entity)?;
    name("name", &entity.name)?;
    for (index, alias) in entity.aliases.iter().enumerate() {
        name(&format!("aliases[{index}]"), alias.name())?;
    }
    for (index, role) in entity.roles.iter().enumerate() {
        name(&format!("roles[{index}].title"), &role.title)?;
        if let (Some(from), Some(to)) = (&role.from, &role.to)
            && to.latest() < from.earliest()
        {
            return Err(Refusal::field(format!("roles[{index}].to"), format!("`{to}` is before `{from}`, where the role begins")));
        }
    }
    for (scheme, value) in &entity.identifiers {
        name(&format!("identifiers.{scheme}"), value)?;
    }
    for (index, stands_for) in entity.stands_for.iter().enumerate() {
        name(&format!("stands_for[{index}].target"), &stands_for.target)?;
    }
    if !entity.stands_for.is_empty() && entity.kind != Kind::Motion {
        return Err(Refusal::field(
            "stands_for",
            format!("only a motion stands for something; `{}` is of kind {}", entity.entity, entity.kind),
        ));
    }
    Ok(())
}

/// Checks a word of the vocabulary; `at` stands before the field's name.
fn check_action(at: &str, action: &Action) -> Result<(), Refusal> {
    slug(&format!("{at}action"), &action.action)?;
    text(&format!("{at}label"), &action.label)?;
    if action.meaning().is_some() {
        return Ok(());
    }
    let (field, message) = match action.toward {
        Toward::Claim if action.speech.is_none() => ("speech", "an action toward a claim needs `speech`"),
        Toward::Claim => ("tier", "an action toward a claim has neither `tier` nor `side`"),
        Toward::Entity if action.speech.is_some() => ("speech", "an action toward an entity has no `speech`"),
        Toward::Entity if action.tier.is_none() => ("tier", "an action toward an entity needs `tier`"),
        Toward::Entity if action.side.is_some() => ("side", "the tiers `spoken` and `contact` take no side"),
        Toward::Entity => ("side", "the tiers declared, enacted, intended and implied need a `side`"),
    };
    Err(Refusal::field(format!("{at}{field}"), message))
}

fn check_source(source: &Source) -> Result<(), Refusal> {
    slug("source", &source.source)?;
    text("title", &source.title)?;
    match &source.sha256 {
        Some(hash) if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) => {
            Err(Refusal::field("sha256", "expected 64 hexadecimal digits"))
        }
        Some(_) | None => Ok(()),
    }
}

fn check_common(common: &Common) -> Result<(), Refusal> {
    optional("note", common.note.as_deref(), text)?;
    optional("recorded_by", common.recorded_by.as_deref(), name)?;
    let by_source_alone =
        |one: &Evidence| one.source.as_deref().is_some_and(is_slug) && (one.url.is_none() && one.selector.is_none() && one.note.is_none());
    common
        .evidence
        .iter()
        .enumerate()
        .filter(|(_, one)| !by_source_alone(one))
        .try_for_each(|(index, one)| check_evidence(&format!("evidence[{index}]"), one))
}

fn check_evidence(at: &str, evidence: &Evidence) -> Result<(), Refusal> {
    if evidence.source.is_none() && evidence.url.is_none() {
        return Err(Refusal::field(at, "expected `source` (a slug) or `url`"));
    }
    optional(&format!("{at}.source"), evidence.source.as_deref(), slug)?;
    optional(&format!("{at}.url"), evidence.url.as_deref(), text)?;
    optional(&format!("{at}.note"), evidence.note.as_deref(), text)?;
    match &evidence.selector {
        Some(Selector::TextQuoteSelector { exact, .. }) => text(&format!("{at}.selector.exact"), exact),
        Some(Selector::TextPositionSelector { start, end }) if start >= end => {
            Err(Refusal::field(format!("{at}.selector.end"), format!("the selection ends at {end}, not after its start {start}")))
        }
        Some(Selector::TextPositionSelector { .. }) | None => Ok(()),
    }
}

fn optional(field: &str, value: Option<&str>, rule: impl Fn(&str, &str) -> Result<(), Refusal>) -> Result<(), Refusal> {
    value.map_or(Ok(()), |value| rule(field, value))
}

fn slug(field: &str, value: &str) -> Result<(), Refusal> {
    check_slug(value).map_err(|e| Refusal::field(field, e.to_string()))
}

/// A name: something to read, one line, at most [`NAME_MAX`] bytes.
fn name(field: &str, value: &str) -> Result<(), Refusal> {
    if value.len() > NAME_MAX {
        return Err(Refusal::field(field, format!("{} bytes long; a name has at most {NAME_MAX}", value.len())));
    }
    if value.trim().is_empty() {
        return Err(Refusal::field(field, "is empty"));
    }
    if value.strip_prefix(CLAIM_PREFIX).is_some_and(is_slug) {
        return Err(Refusal::field(field, format!("`{value}` is a claim, where an entity is meant")));
    }
    if value.bytes().all(|b| (b' '..0x7f).contains(&b)) {
        return Ok(());
    }
    if let Some(control) = value.chars().find(|c| c.is_control() && !c.is_whitespace()) {
        return Err(Refusal::field(field, format!("holds a control character (U+{:04X})", u32::from(control))));
    }
    Ok(())
}

/// Free text: something to read, at most [`TEXT_MAX`] bytes.
fn text(field: &str, value: &str) -> Result<(), Refusal> {
    if value.len() > TEXT_MAX {
        return Err(Refusal::field(field, format!("{} bytes long; a text has at most {TEXT_MAX}", value.len())));
    }
    if value.trim().is_empty() {
        return Err(Refusal::field(field, "is empty"));
    }
    Ok(())
}
