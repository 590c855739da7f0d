// Says beside an action's field what the word that stands in it means, before anything is sent.
"use strict";
(() => {
  for (const field of document.querySelectorAll("input[list]")) {
    const said = document.createElement("output");
    said.className = "faint";
    field.after(said);
    const look = () => {
      const word = Array.from(field.list?.options ?? []).find((option) => option.value === field.value.trim());
      said.textContent = word ? `means: ${word.label}` : "";
    };
    field.addEventListener("input", look);
    field.addEventListener("change", look);
    look();
  }
})();
