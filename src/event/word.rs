//! What an action says: tier and side toward an entity, speech toward a claim.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A closed list of lower-case words with a number each, as stored in tables.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        $(#[$meta])*
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// All of them, in their order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word, as in DOMAIN terms.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Its number in [`Self::ALL`].
            pub const fn index(self) -> usize { self as usize }

            /// The same number as tables store it.
            pub const fn number(self) -> i64 { self as i64 }

            /// The one that tables store as that number.
            pub fn from_number(number: i64) -> Option<Self> { Self::from_index(usize::try_from(number).ok()?) }

            /// The one with that number.
            pub fn from_index(index: usize) -> Option<Self> { Self::ALL.get(index).copied() }

            /// The one with that word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> { $crate::event::schema_of::<Self>() }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> { <Self as JsonSchema>::schema_name() }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.word()) }
        }
    };
}
pub(crate) use words;

words! {
    /// How strongly an act tells where its actor stands, strongest first.
    Tier {
        /// Own words of approval or opposition, a vote.
        Declared = "declared",
        /// Aid, sanctions, force.
        Enacted = "enacted",
        /// Promises and offers.
        Intended = "intended",
        /// Visits, calls, gestures.
        Implied = "implied",
        /// Said something about it and took no side.
        Spoken = "spoken",
        /// Dealt with it; says nothing.
        Contact = "contact",
    }
}

impl Tier {
    /// The tiers that can decide a stance, strongest first.
    pub const DECIDING: [Tier; 4] = [Tier::Declared, Tier::Enacted, Tier::Intended, Tier::Implied];

    /// Whether acts of this tier take a side.
    pub const fn takes_side(self) -> bool {
        match self {
            Tier::Declared | Tier::Enacted | Tier::Intended | Tier::Implied => true,
            Tier::Spoken | Tier::Contact => false,
        }
    }
}

words! {
    /// The side that an act takes.
    Side {
        /// For it.
        Favor = "favor",
        /// Against it.
        Against = "against",
        /// Expressly without a side.
        Neutral = "neutral",
        /// Expressly not voting either way.
        Abstain = "abstain",
    }
}

words! {
    /// What an utterance does with a claim.
    Speech {
        /// States it.
        Assert = "assert",
        /// States it after another did.
        Confirm = "confirm",
        /// Admits it.
        Concede = "concede",
        /// Puts it forward as possible.
        Suggest = "suggest",
        /// States that it is not so.
        Deny = "deny",
        /// Asks for grounds.
        Question = "question",
        /// Speaks about it.
        Comment = "comment",
        /// Takes back what was said of it.
        Withdraw = "withdraw",
    }
}

words! {
    /// What an action points at.
    Toward {
        /// A person, organization, country, topic, motion …
        Entity = "entity",
        /// A proposition.
        Claim = "claim",
    }
}

impl Speech {
    /// What somebody does with a claim, as a verb that the claim follows.
    pub fn verb(self) -> &'static str {
        match self {
            Speech::Assert => "asserts",
            Speech::Confirm => "confirms",
            Speech::Concede => "concedes",
            Speech::Suggest => "suggests",
            Speech::Deny => "denies",
            Speech::Question => "questions",
            Speech::Comment => "comments on",
            Speech::Withdraw => "withdraws",
        }
    }
}

/// What an action says, as one definition of it has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// Toward an entity: how strong, which side, and whether it is a formal act (a vote, a signature, a law).
    Entity {
        /// How strongly it tells.
        tier: Tier,
        /// The side it takes; nothing for `spoken` and `contact`.
        side: Option<Side>,
        /// A vote, a signature, a law.
        formal: bool,
    },
    /// Toward a claim.
    Claim {
        /// What is done with the claim.
        speech: Speech,
    },
}

impl Meaning {
    /// A small number that stands for this meaning in tables; [`Meaning::from_code`] reads it back.
    pub fn code(self) -> i64 {
        match self {
            Meaning::Entity { tier, side, formal } => {
                let side = side.map_or(0, |s| s.index() + 1);
                (tier.index() * 16 + side * 2 + usize::from(formal)) as i64
            }
            Meaning::Claim { speech } => 256 + speech.index() as i64,
        }
    }

    /// The meaning behind a number made by [`Meaning::code`].
    pub fn from_code(code: i64) -> Option<Self> {
        let code = usize::try_from(code).ok()?;
        if code >= 256 {
            return Some(Meaning::Claim { speech: Speech::from_index(code - 256)? });
        }
        let side = match (code % 16) / 2 {
            0 => None,
            n => Some(Side::from_index(n - 1)?),
        };
        Some(Meaning::Entity { tier: Tier::from_index(code / 16)?, side, formal: code % 2 == 1 })
    }

    /// What it points at.
    pub fn toward(self) -> Toward {
        match self {
            Meaning::Entity { .. } => Toward::Entity,
            Meaning::Claim { .. } => Toward::Claim,
        }
    }
}
