// Fills the quote's fields from the words that are selected in the pasted text, by mouse or keyboard.
"use strict";
(() => {
  const text = document.getElementById("text");
  if (!text) return;
  const around = 32;
  // Offsets count characters, not the halves of which scripts make some of them.
  const length = (words) => Array.from(words).length;
  const fill = (form, name, value) => {
    form.elements.namedItem(name).value = value;
  };
  const take = () => {
    const { value, selectionStart, selectionEnd, form } = text;
    const selected = value.slice(selectionStart, selectionEnd);
    const exact = selected.trim();
    if (exact === "") return;
    const start = selectionStart + selected.indexOf(exact);
    const end = start + exact.length;
    fill(form, "exact", exact);
    fill(form, "prefix", Array.from(value.slice(0, start)).slice(-around).join(""));
    fill(form, "suffix", Array.from(value.slice(end)).slice(0, around).join(""));
    fill(form, "start", length(value.slice(0, start)));
    fill(form, "end", length(value.slice(0, end)));
  };
  for (const name of ["select", "mouseup", "keyup"]) text.addEventListener(name, take);
})();
