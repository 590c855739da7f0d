//! Of one claim: who stands by it, who denies it, whose voices these are, and where that leaves it.

use super::*;

impl Log {
    /// The claim ledger: status, and who stands where; None without a definition in force at K.
    pub fn claim(&self, claim: &str, when: &When) -> Option<Ledgered> {
        let about = self.about(claim, when.known_at)?;
        let speeches = self.speeches(claim, when);
        let voices = voices(&speeches);
        let (stands_by, denies) = camps(&voices, &speeches);
        let conceded = voices.iter().any(|voice| concedes(voice, &speeches, &about));
        let questioned_by = actors_who(&speeches, |actor| said(&speeches, actor, &["question"]));
        let suggested_by = actors_who(&speeches, |actor| says(&speeches, actor, &["suggest"]));
        Some(Ledgered {
            status: status(conceded, &stands_by, &denies, &speeches).to_owned(),
            stands_by: sorted(stands_by),
            denies: sorted(denies),
            questioned_by,
            suggested_by,
        })
    }

    /// The actor that a claim's latest definition in force alleges something of; "" is nobody.
    fn about(&self, claim: &str, k: u64) -> Option<String> {
        let defined = self.in_force("claim", k).filter(|e| text(&e.body, "claim") == claim);
        let about = defined.last()?.body.get("about");
        Some(about.map_or_else(String::new, |about| self.canonical(text(about, "actor"), k)))
    }

    /// The speeches on one claim, in valid order, for the speaker and each principal.
    fn speeches(&self, claim: &str, when: &When) -> Vec<Speech> {
        let mut speeches = Vec::new();
        for (e, word, actors) in self.counting(when) {
            let here = text(&e.body, "target").strip_prefix("claim:") == Some(claim);
            if !here || text(word, "toward") != "claim" {
                continue;
            }
            for actor in &actors {
                let (actor, speaker) = (actor.clone(), actors[0].clone());
                let (word, order) = (text(word, "speech").to_owned(), order(e));
                speeches.push(Speech { actor, speaker, word, order });
            }
        }
        speeches.sort_by_key(|speech| speech.order);
        speeches
    }
}

/// Where an actor stands on a claim: the last speech but `comment` and `question`; `withdraw` clears it.
fn current<'a>(speeches: &'a [Speech], actor: &str) -> Option<&'a Speech> {
    let takes_place = |word: &str| word != "comment" && word != "question";
    let own = |speech: &&Speech| speech.actor == actor && takes_place(&speech.word);
    speeches.iter().rfind(own).filter(|speech| speech.word != "withdraw")
}

/// Whether an actor stands where one of these words puts it.
fn says(speeches: &[Speech], actor: &str, words: &[&str]) -> bool {
    current(speeches, actor).is_some_and(|speech| words.contains(&speech.word.as_str()))
}

/// Whether an actor ever said one of these words on the claim.
fn said(speeches: &[Speech], actor: &str, words: &[&str]) -> bool {
    let own = |speech: &Speech| speech.actor == actor && words.contains(&speech.word.as_str());
    speeches.iter().any(own)
}

/// The actors on a claim of whom something holds, sorted.
fn actors_who(speeches: &[Speech], holds: impl Fn(&str) -> bool) -> Vec<String> {
    let actors: BTreeSet<&String> = speeches.iter().map(|speech| &speech.actor).collect();
    actors.into_iter().filter(|actor| holds(actor)).cloned().collect()
}

/// Voices: the actors on a claim, those joined by `on_behalf_of` (directly or through others) together.
fn voices(speeches: &[Speech]) -> Vec<Voice> {
    let mut voices: Vec<Voice> = Vec::new();
    for speech in speeches {
        let ends = Voice::from([speech.actor.clone(), speech.speaker.clone()]);
        let touched = pick(&voices, |voice| !voice.is_disjoint(&ends));
        voices.retain(|voice| voice.is_disjoint(&ends));
        voices.push(touched.into_iter().flatten().chain(ends).collect());
    }
    voices
}

/// The voices that stand by a claim and those that deny it; one that does both, alone, does what it said last.
fn camps(voices: &[Voice], speeches: &[Speech]) -> (Vec<Voice>, Vec<Voice>) {
    let does = |voice: &Voice, words: &[&str]| voice.iter().any(|actor| says(speeches, actor, words));
    let stands_by = pick(voices, |voice| does(voice, &STANDS));
    let denies = pick(voices, |voice| does(voice, &["deny"]));
    if stands_by.len() != 1 || stands_by != denies {
        return (stands_by, denies);
    }
    let now = stands_by[0].iter().filter_map(|actor| current(speeches, actor));
    let last = now.filter(|speech| speech.word != "suggest").max_by_key(|speech| speech.order);
    match last.is_some_and(|speech| speech.word == "deny") {
        true => (Vec::new(), denies),
        false => (stands_by, Vec::new()),
    }
}

/// A voice concedes when it denied the claim, or is the one that the claim is about, and stands at `concede`.
fn concedes(voice: &Voice, speeches: &[Speech], about: &str) -> bool {
    let denied = voice.iter().any(|actor| said(speeches, actor, &["deny"]));
    (denied || voice.contains(about)) && voice.iter().any(|actor| says(speeches, actor, &["concede"]))
}

/// The status of a claim: the first that fits, in the order of DOMAIN.md.
fn status(conceded: bool, stands_by: &[Voice], denies: &[Voice], speeches: &[Speech]) -> &'static str {
    let two_voices = stands_by.iter().any(|a| denies.iter().any(|b| a != b));
    let withdrew = |actor: &str| said(speeches, actor, &STANDS) && current(speeches, actor).is_none();
    match (stands_by.len(), denies.len()) {
        _ if conceded => "conceded",
        _ if two_voices => "disputed",
        (_, 1..) => "denied",
        (2.., 0) => "corroborated",
        (1, 0) => "asserted",
        _ if !actors_who(speeches, |actor| says(speeches, actor, &["suggest"])).is_empty() => "suggested",
        _ if !actors_who(speeches, withdrew).is_empty() => "withdrawn",
        _ => "open",
    }
}
