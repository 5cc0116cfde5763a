// Draws every chart from the specification beside it, and lets the legends hide series.
"use strict";

const OPTIONS = { actions: false, defaultStyle: false, renderer: "svg", tooltip: { theme: "page" } };

async function draw(place) {
  const specification = JSON.parse(document.getElementById(place.dataset.spec).textContent);
  const { view } = await vegaEmbed(place, specification, OPTIONS);
  return view;
}

function hidden(buttons) {
  const off = buttons.filter((button) => button.getAttribute("aria-pressed") === "false");
  return off.map((button) => button.dataset.series);
}

async function enliven(figure) {
  const views = await Promise.all([...figure.querySelectorAll("[data-spec]")].map(draw));
  const buttons = [...figure.querySelectorAll("button[data-series]")];
  for (const button of buttons) {
    button.disabled = false;
    button.addEventListener("click", () => {
      const pressed = button.getAttribute("aria-pressed") === "true";
      button.setAttribute("aria-pressed", String(!pressed));
      for (const view of views) view.signal("hidden", hidden(buttons)).runAsync();
    });
  }
}

for (const figure of document.querySelectorAll("[data-figure]")) enliven(figure);
