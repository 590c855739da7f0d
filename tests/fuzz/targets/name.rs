//! Names and slugs: what is derived from any name is a slug, and folding twice is folding once.
#![no_main]

use libfuzzer_sys::fuzz_target;
use stancelog::event::{SLUG_MAX, TargetRef, check_slug, fold_name, is_slug, slug_of, with_suffix};

fuzz_target!(|name: &str| {
    let slug = slug_of(name);
    assert!(is_slug(&slug) && slug.len() <= SLUG_MAX, "{slug}");
    assert_eq!(slug_of(&slug), slug);
    assert!(is_slug(&with_suffix(&slug, 17)) && with_suffix(&slug, 17).len() <= SLUG_MAX);
    let folded = fold_name(name);
    assert_eq!(fold_name(&folded), folded);
    assert_eq!(is_slug(name), check_slug(name).is_ok());
    assert_eq!(TargetRef::of(name).to_string(), name);
});
