//! Pictures on a page: each is drawn twice, for a wide window and for a narrow one, and the style sheet shows one of them.

use maud::{Markup, html};

use crate::Ledger;
use crate::chart::{Chart, Options, Seen};
use crate::ledger::{Asked, Error};

/// In which windows a picture is shown, and how wide it is drawn, in pixels.
const WINDOWS: [(&str, u32); 2] = [("wide", 960), ("narrow", 360)];

/// What is asked with its dates written out, and what the pictures of the answer look at.
pub(super) fn looked_at(ledger: &Ledger, asked: &Asked) -> Result<(Asked, Seen), Error> {
    let asked = asked.pinned(ledger.now());
    let seen = Seen::of(&asked, ledger.head()?);
    Ok((asked, seen))
}

/// A picture in both its forms. What is not shown is not read out either.
pub(super) fn picture(draw: impl Fn(&Options) -> Chart) -> Markup {
    html! {
        figure class="picture" {
            @for (window, width) in WINDOWS { div class=(window) { (draw(&Options { width, prefix: window.to_owned() })) } }
        }
    }
}
