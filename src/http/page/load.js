// Loads the text of a source from a file into the desk, and keeps it in this tab: one text gives many events. Nothing of it
// is sent anywhere but what is selected as a quote.
"use strict";
(() => {
  const text = document.getElementById("text");
  if (!text) return;
  const bytesMax = 4 << 20;
  const kept = "stancelog-text";

  const read = (bytes) => {
    const mark = (...of) => of.every((byte, index) => bytes[index] === byte);
    if (mark(0xff, 0xfe)) return new TextDecoder("utf-16le").decode(bytes);
    if (mark(0xfe, 0xff)) return new TextDecoder("utf-16be").decode(bytes);
    if (bytes.includes(0)) return null;
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      return new TextDecoder("windows-1252").decode(bytes);
    }
  };

  const file = document.createElement("input");
  file.type = "file";
  file.id = "file";
  file.accept = "text/*,.txt,.md,.html,.xml,.json,.csv";
  const label = document.createElement("label");
  label.append("Or load it from a file ", file);
  const said = document.createElement("p");
  said.className = "faint";
  said.setAttribute("role", "status");
  text.closest("label").after(label, said);

  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (!chosen) return;
    if (chosen.size > bytesMax) {
      said.textContent = `${chosen.name} is larger than 4 MiB: paste the part that is quoted.`;
      return;
    }
    const content = read(new Uint8Array(await chosen.arrayBuffer().catch(() => new ArrayBuffer(1))));
    if (content === null) {
      said.textContent = `${chosen.name} is no text.`;
      return;
    }
    text.value = content;
    said.textContent = `Loaded ${chosen.name}. Select the words in it.`;
    text.focus();
    text.setSelectionRange(0, 0);
    text.scrollTop = 0;
    keep();
  });

  // A tab without room for it, or that may keep nothing, forgets the text, as it would without this.
  const storing = (act) => {
    try {
      return act(sessionStorage) ?? "";
    } catch {
      return null;
    }
  };
  const keep = () => {
    if (storing((tab) => tab.setItem(kept, text.value)) === null) storing((tab) => tab.removeItem(kept));
  };
  text.addEventListener("change", keep);
  if (text.value === "") text.value = storing((tab) => tab.getItem(kept)) ?? "";
})();
