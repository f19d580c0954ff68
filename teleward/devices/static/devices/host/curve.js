// The curve on its paper: 25 mm a second, swept from left to right over what stood there before. Drawn when the browser
// draws, only what is new. What did not come stays empty.

import { make, write } from "./page.js";
import { Trace } from "./trace.js";

/** @typedef {import('./page.js').Sheet} Sheet */
/** @typedef {import('../checking.js').Wave} Wave */

const MM = 96 / 25.4; // CSS pixels
const SPEED = 25; // mm a second
const GAINS = [5, 10, 20]; // mm for a millivolt
const LANE = 24; // mm of height for a lead
const AHEAD = 6; // mm wiped before the newest
const OLD = 2000; // milliseconds without a frame
const COUNTED_EVERY = 500;

export class Curve {
  trace = new Trace();
  #canvas = make("canvas", "tw-live-curve", "", { role: "img" });
  #about = make("p", "tw-hint");
  #told = make("p", "tw-live-gaps");
  #hold = make("button", "tw-button tw-button-second tw-button-small", "", { type: "button", "aria-pressed": "false" });
  #gain = 10;
  #drawnTo = 0;
  #width = 0;
  #arrived = 0;
  #isHeld = false;
  #frame = 0;
  #clock = setInterval(() => this.#tell(), COUNTED_EVERY);

  /** @param {Sheet} sheet @param {HTMLElement} into */
  constructor(sheet, into) {
    this.sheet = sheet;
    write(this.#hold, sheet.word("freeze"));
    this.#hold.addEventListener("click", () => this.#toggle());
    const paper = make("div", "tw-live-paper");
    paper.append(this.#canvas);
    const tools = make("p", "tw-actions");
    tools.append(this.#hold, this.#gains());
    into.append(paper, this.#about, this.#told, tools);
    this.#frame = requestAnimationFrame(this.#draw);
  }

  /** @param {Wave} wave */
  put(wave) {
    const before = this.trace.leads;
    const from = this.trace.put(wave, performance.now());
    this.#arrived = performance.now();
    if (this.trace.leads !== before) this.#anew();
    else if (from >= 0 && from < this.#drawnTo) this.#drawnTo = from; // late: its gap is drawn over
  }

  /** What came is drawn now, and not with the next picture. */
  rest() {
    this.#paint();
  }

  end() {
    clearInterval(this.#clock);
    cancelAnimationFrame(this.#frame);
  }

  #gains() {
    const label = make("label", "tw-live-gain", `${this.sheet.word("gain")} `);
    const choice = make("select");
    choice.append(...GAINS.map((gain) => make("option", "", `${gain} mm/mV`, { value: String(gain) })));
    choice.value = String(this.#gain);
    choice.addEventListener("change", () => {
      this.#gain = Number(choice.value);
      this.#anew();
    });
    label.append(choice);
    return label;
  }

  #toggle() {
    this.#isHeld = !this.#isHeld;
    this.#hold.setAttribute("aria-pressed", String(this.#isHeld));
    write(this.#hold, this.sheet.word(this.#isHeld ? "unfreeze" : "freeze"));
    if (!this.#isHeld) this.#width = 0;
    this.#tell();
  }

  /** Everything once more, on paper of the right size. */
  #anew() {
    const { leads } = this.trace;
    const [scale, width] = [devicePixelRatio, this.#canvas.parentElement?.clientWidth ?? 0];
    const height = Math.round(leads * LANE * MM);
    if (!leads || !width) return;
    this.#canvas.style.height = `${height}px`;
    Object.assign(this.#canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
    this.#width = width;
    this.#drawnTo = Math.max(0, this.trace.head - Math.floor(this.#across()));
    this.#canvas.setAttribute("aria-label", this.sheet.word("wave-label", { leads }));
    const { hertz } = this.trace;
    write(this.#about, this.sheet.word("wave-about", { leads, hertz, speed: SPEED, gain: this.#gain }));
  }

  /** How many samples the paper is wide. */
  #across() {
    return (this.#width / MM / SPEED) * this.trace.hertz;
  }

  #draw = () => {
    this.#frame = requestAnimationFrame(this.#draw);
    this.#paint();
  };

  #paint() {
    if (this.#isHeld || !this.trace.leads) return;
    if (this.#width !== this.#canvas.parentElement?.clientWidth) this.#anew();
    const pen = this.#canvas.getContext("2d");
    if (pen && this.#width && this.#drawnTo < this.trace.head) this.#sweep(pen);
  }

  /** @param {CanvasRenderingContext2D} pen */
  #sweep(pen) {
    const { head, hertz, leads } = this.trace;
    const across = Math.floor(this.#across());
    const step = (MM * SPEED) / hertz;
    const from = Math.max(this.#drawnTo, head - across, 0);
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.strokeStyle = getComputedStyle(this.#canvas).color;
    pen.lineWidth = 1.25;
    pen.lineJoin = "round";
    const height = leads * LANE * MM;
    const wiped = (from % across) * step;
    pen.clearRect(wiped, 0, (head - from) * step + AHEAD * MM, height);
    pen.clearRect(0, 0, Math.max(0, wiped + (head - from) * step + AHEAD * MM - across * step), height);
    for (let lead = 0; lead < leads; lead += 1) this.#line(pen, lead, from, across, step);
    this.#drawnTo = head;
  }

  /** @param {CanvasRenderingContext2D} pen @param {number} lead @param {number} from @param {number} across @param {number} step */
  #line(pen, lead, from, across, step) {
    const middle = (lead + 0.5) * LANE * MM;
    let isDown = false;
    pen.beginPath();
    for (let index = Math.max(0, from - 1); index < this.trace.head; index += 1) {
      const value = this.trace.at(lead, index);
      const place = index % across;
      if (value === null || place === 0) isDown = false;
      if (value === null) continue;
      const y = middle - (value / 1000) * this.#gain * MM;
      if (isDown) pen.lineTo(place * step, y);
      else pen.moveTo(place * step, y);
      isDown = true;
    }
    pen.stroke();
  }

  /** What the curve cannot say. */
  #tell() {
    const now = performance.now();
    const silent = this.#arrived && now - this.#arrived;
    this.trace.settle(now);
    const { lost, loose } = this.trace;
    const isOld = silent > OLD;
    const lines = [
      isOld ? this.sheet.word("wave-old", { seconds: Math.floor(silent / 1000) }) : "",
      lost ? this.sheet.word("wave-lost", { count: lost }) : this.sheet.word(isOld ? "wave-whole-until" : "wave-whole"),
      loose ? this.sheet.word("wave-loose") : "",
      this.#isHeld ? this.sheet.word("frozen") : "",
    ];
    write(this.#told, lines.filter(Boolean).join(" "));
    this.#canvas.dataset.stale = String(isOld);
  }
}
