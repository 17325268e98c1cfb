// The API page: narrows it to what is searched for, and copies examples. Without it the page is whole.

const COPIED_MS = 2000;

const field = document.getElementById("find");
const found = document.getElementById("found");
const contents = document.getElementById("contents");
const hint = found.textContent;

/** Everything that a search shows or hides, with the text it is found by. */
const things = [
  ...[...document.querySelectorAll("[data-find]")].map((node) => ({ node, text: node.dataset.find })),
  ...[...document.querySelectorAll(".problem, .type")].map((node) => ({ node, text: node.textContent.toLowerCase() })),
];

/** What has nothing left to show goes too, together with its title. */
const groups = [
  ...[...contents.querySelectorAll("section")].map((group) => ({ group, of: "li:not([hidden])" })),
  ...[...document.querySelectorAll(".area")].map((group) => ({ group, of: ":is(.op, .problem, .type):not([hidden])" })),
];

function search() {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const { node, text } of things) {
    node.hidden = !words.every((word) => text.includes(word));
    if (!node.hidden && node.closest("main")) shown += 1;
  }
  for (const { group, of } of groups) group.hidden = words.length !== 0 && !group.querySelector(of);
  contents.classList.toggle("finding", words.length !== 0);
  found.textContent = words.length === 0 ? hint : shown === 0 ? "Nothing has all these words." : `${shown} found`;
}

field.addEventListener("input", search);

document.addEventListener("keydown", (event) => {
  const types = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !types && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.focus();
    field.select();
  }
  if (event.key === "Escape" && event.target === field && field.value !== "") {
    field.value = "";
    search();
  }
});

// A link may lead to what the search has hidden.
addEventListener("hashchange", () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || !target.closest("[hidden]")) return;
  field.value = "";
  search();
  target.scrollIntoView();
});

for (const block of document.querySelectorAll("[data-copy]")) {
  const text = block.textContent;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn s";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), COPIED_MS);
  });
  block.append(button);
}

field.closest("[hidden]").hidden = false;
