// Follows the log while a page looks at the present, and fetches the page anew when something happened.
"use strict";
(() => {
  const follows = document.body.dataset.follows;
  if (!follows || !window.EventSource) return;
  const news = document.getElementById("news");
  const main = document.getElementById("main");
  let count = 0;
  let waiting = null;
  const renew = async () => {
    waiting = null;
    const answer = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
    if (!answer || !answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
    // Whoever is typing or reading by keyboard keeps the place; the words above still tell.
    if (!fresh || (main.contains(document.activeElement) && document.activeElement !== main)) return;
    fresh.querySelector("#news").replaceWith(news);
    main.replaceChildren(...fresh.childNodes);
  };
  const told = () => {
    count += 1;
    news.textContent = count === 1 ? "1 new change" : `${count} new changes`;
    if (waiting === null) waiting = setTimeout(renew, 500);
  };
  const stream = new EventSource(follows);
  for (const name of ["stance-changed", "stance", "claim", "verdict", "entity", "merge", "action", "vocabulary", "source", "retract", "erase", "erased"]) stream.addEventListener(name, told);
})();
