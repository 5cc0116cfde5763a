// Chooses and orders the claims; the choice is in the address, so that it can be shared.
"use strict";

const form = document.querySelector("form.facets");
const list = document.querySelector(".claim-list");
const status = form.querySelector("[role=status]");
const claims = [...list.querySelectorAll("details.claim")];
const verdicts = [...form.elements.verdict.options].map((option) => option.value);

const ORDERS = {
  "": (claim) => claims.indexOf(claim),
  verdict: (claim) => verdicts.indexOf(claim.dataset.verdict),
  away: (claim) => -(claim.dataset.away ?? -1),
};

const chosen = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value));

function holds(claim, words, facets) {
  const text = claim.textContent.toLowerCase();
  return (
    words.every((word) => text.includes(word)) &&
    Object.entries(facets).every(([name, value]) => claim.dataset[name] === value)
  );
}

function show() {
  const { q = "", sort = "", ...facets } = chosen();
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  for (const claim of claims) claim.hidden = !holds(claim, words, facets);
  const key = ORDERS[sort];
  list.append(...[...claims].sort((one, other) => key(one) - key(other)));
  const shown = claims.filter((claim) => !claim.hidden).length;
  status.textContent = `${shown} of ${claims.length} claims shown`;
}

function remember() {
  const query = new URLSearchParams(chosen()).toString();
  history.replaceState(null, "", location.pathname + (query && `?${query}`) + location.hash);
}

// An address that asks for what no control offers leaves that control as it is.
function recall() {
  for (const [name, value] of new URLSearchParams(location.search)) {
    const control = form.elements[name];
    if (!control) continue;
    const offered = control.options ? [...control.options].some((option) => option.value === value) : true;
    if (offered) control.value = value;
  }
}

// The claim that the address names is shown whatever is chosen.
function openNamed() {
  const named = claims.find((claim) => claim.id === location.hash.slice(1));
  if (!named) return;
  named.hidden = false;
  named.open = true;
  named.scrollIntoView();
}

const addressOf = (claim) => `${location.href.split(/[?#]/)[0]}#${claim.id}`;

function bibtexOf(claim) {
  const { version, edition } = list.dataset;
  const statement = claim.querySelector(".why .statement").textContent.trim().replace(/[\\{}%&$#_~^]/g, "\\$&");
  return [
    `@misc{pnn-reproduction-${claim.id},`,
    `  title = {${claim.id}: ${statement} Verdict: ${claim.dataset.verdict}},`,
    `  howpublished = {pnn-reproduction ${version}, ${edition}},`,
    `  url = {${addressOf(claim)}},`,
    "}",
  ].join("\n");
}

function copying(label, textOf) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: label });
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(textOf());
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = label), 1500);
  });
  return button;
}

for (const claim of claims) {
  const command = claim.querySelector(".command");
  claim.querySelector(".tools").append(
    copying("Copy link", () => addressOf(claim)),
    copying("Copy BibTeX", () => bibtexOf(claim)),
    ...(command ? [copying("Copy command", () => command.textContent)] : []),
  );
}
form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", () => (show(), remember()));
// The controls are reset after the event.
form.addEventListener("reset", () => setTimeout(() => (show(), remember())));
addEventListener("hashchange", openNamed);
recall();
show();
openNamed();
