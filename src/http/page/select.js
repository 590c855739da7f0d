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
    const { value, selectionStart: start, selectionEnd: end, form } = text;
    if (start === end) return;
    fill(form, "exact", value.slice(start, end));
    fill(form, "prefix", Array.from(value.slice(0, start)).slice(-around).join(""));
    fill(form, "suffix", Array.from(value.slice(end)).slice(0, around).join(""));
    fill(form, "start", length(value.slice(0, start)));
    fill(form, "end", length(value.slice(0, end)));
  };
  for (const name of ["select", "mouseup", "keyup"]) text.addEventListener(name, take);
})();
