// The plots of a trend page. The sentence and the table beside each are there without this module.

import { plot } from "./plot.js";
import { clocks, lastWithValue, nextWithValue } from "./scale.js";

/** @typedef {import("./scale.js").Drawn} Drawn */

const DAY = 86_400;

for (const place of document.querySelectorAll("[data-plot]")) {
  const found = document.getElementById(/** @type {HTMLElement} */ (place).dataset.plot ?? "");
  if (found?.textContent) begin(/** @type {HTMLElement} */ (place), JSON.parse(found.textContent));
}

/** @param {HTMLElement} place @param {Drawn} drawn */
function begin(place, drawn) {
  place.hidden = false;
  const zone = place.dataset.zone ?? "UTC";
  const said = document.createElement("p");
  said.className = "tw-trend-said tw-no-print";
  const holder = document.createElement("div");
  place.append(holder, said);
  const words = wording(place, drawn, zone);
  const made = plot(holder, drawn, zone, (at) => {
    said.textContent = at === null || drawn.mean[at] === null ? "" : words(at);
  });
  steer(holder, place, drawn, words, (at) => {
    made.setCursor({ left: made.valToPos(drawn.x[at] ?? 0, "x"), top: 10 });
    said.textContent = words(at);
  });
}

/** One place in words: when, and the value or the three of an hour or day.
 * @param {HTMLElement} place @param {Drawn} drawn @param {string} zone @returns {(at: number) => string} */
function wording(place, drawn, zone) {
  const numbers = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: drawn.digits });
  const when = clocks(document.documentElement.lang, zone, (drawn.until - drawn.from) / DAY);
  const { unit = "", lowest = "", highest = "", mean = "" } = place.dataset;
  return (at) => {
    const [low, middle, high] = [drawn.low[at], drawn.mean[at], drawn.high[at]].map((each) =>
      numbers.format(each ?? 0),
    );
    const time = when.said(drawn.x[at] ?? 0);
    if (drawn.low[at] === drawn.high[at]) return `${time}: ${high} ${unit}`;
    return `${time}: ${lowest} ${low}, ${mean} ${middle}, ${highest} ${high} ${unit}`;
  };
}

/** By keyboard the plot is a slider over the places that have a value.
 * @param {HTMLElement} holder @param {HTMLElement} place @param {Drawn} drawn
 * @param {(at: number) => string} words @param {(at: number) => void} show */
function steer(holder, place, drawn, words, show) {
  let at = lastWithValue(drawn.mean);
  const tell = () => {
    holder.setAttribute("aria-valuenow", String(at));
    holder.setAttribute("aria-valuetext", words(at));
  };
  for (const [name, value] of Object.entries({
    role: "slider",
    tabindex: "0",
    "aria-label": place.dataset.label ?? "",
    "aria-describedby": place.dataset.summary ?? "",
    "aria-valuemin": "0",
    "aria-valuemax": String(drawn.x.length - 1),
  })) {
    holder.setAttribute(name, value);
  }
  tell();
  holder.addEventListener("keydown", (event) => {
    const to = target(event.key, at, drawn.mean);
    if (to === null) return;
    event.preventDefault();
    at = to;
    tell();
    show(at);
  });
}

/** @param {string} key @param {number} at @param {(number|null)[]} values */
function target(key, at, values) {
  if (key === "ArrowLeft" || key === "ArrowDown") return nextWithValue(values, at, -1);
  if (key === "ArrowRight" || key === "ArrowUp") return nextWithValue(values, at, 1);
  if (key === "Home") return nextWithValue(values, -1, 1);
  return key === "End" ? lastWithValue(values) : null;
}
