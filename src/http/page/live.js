// Follows the log while a page looks at the present, and fetches the page anew when something happened.
"use strict";
(() => {
  const { follows } = document.body.dataset;
  if (!follows || !window.EventSource) return;
  const news = document.getElementById("news");
  const main = document.getElementById("main");
  const kinds = ["stance", "claim", "verdict", "entity", "merge", "action", "vocabulary", "source", "retract", "erase", "erased", "stance-changed"];
  // Several streams may tell of one event: it counts once.
  const untold = new Set();
  let streams = [];
  let last = 0;
  let waiting = null;

  const counted = () => (untold.size === 1 ? "1 new event" : `${untold.size} new events`);
  const tell = (words, ...more) => news.replaceChildren(words, ...more);

  // Whoever reads by keyboard, or has words selected, keeps the place, and decides when the page moves on.
  const isBusy = () => (main.contains(document.activeElement) && document.activeElement !== main) || (getSelection()?.type === "Range" && main.contains(getSelection().anchorNode));
  const offer = () => {
    if (news.querySelector("button")) {
      news.firstChild.data = `${counted()}. `;
      return;
    }
    const button = document.createElement("button");
    button.textContent = "Show";
    button.addEventListener("click", () => {
      main.focus();
      renew();
    });
    tell(`${counted()}. `, button);
  };

  const renew = async () => {
    clearTimeout(waiting);
    waiting = null;
    if (isBusy()) {
      offer();
      return;
    }
    const [words, shown] = [counted(), [...untold]];
    const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (isBusy()) {
      offer();
      return;
    }
    fresh.getElementById("news").replaceWith(news);
    main.replaceChildren(...fresh.getElementById("main").childNodes);
    document.getElementById("head").replaceWith(fresh.getElementById("head"));
    shown.forEach((seq) => untold.delete(seq));
    tell(`${words}: shown below.`);
  };

  const told = (event) => {
    const seq = Number(event.lastEventId);
    last = Math.max(last, seq);
    untold.add(seq);
    waiting ??= setTimeout(renew, 300);
  };

  // A browser keeps few connections to one server: a page that nobody sees gives its own back, and takes up the thread
  // where it was when it is seen again.
  const open = () => {
    streams = follows.split(" ").map((address) => {
      const from = new URL(address, location.href);
      from.searchParams.set("after", Math.max(last, Number(from.searchParams.get("after"))));
      const stream = new EventSource(from);
      for (const kind of kinds) stream.addEventListener(kind, told);
      // A stream that breaks off comes back by itself; one that was refused is asked for again later.
      stream.addEventListener("error", () => {
        if (stream.readyState !== EventSource.CLOSED) return;
        close();
        setTimeout(turn, 30_000);
      });
      return stream;
    });
  };
  const close = () => {
    streams.forEach((stream) => stream.close());
    streams = [];
  };
  const turn = () => {
    if (document.visibilityState === "hidden") close();
    else if (streams.length === 0) open();
  };
  document.addEventListener("visibilitychange", turn);
  addEventListener("pagehide", close);
  addEventListener("pageshow", turn);
  turn();
})();
