// The bar that stands above the call while anything flows, whatever else is open: what, to whom, stop; and the question
// whether a reading is the patient's own.

import { UNKNOWN_USER } from "./doubts.js";
import { button, make } from "./drawer.js";

/** @typedef {import('./drawer.js').Drawer} Drawer */
/** @typedef {import('./flow.js').Flow} Flow */
/** @typedef {import('./types.js').Person} Person */
/** @typedef {import('./types.js').Reading} Reading */
/** @typedef {import('./doubts.js').Doubt} Doubt */

export class Bar {
  #bar = make("section", "tw-flow");
  #line = make("p", "tw-flow-line", "", { role: "status" });
  #news = make("p", "tw-flow-news", "", { role: "status", tabindex: "-1" });
  #late = make("div", "tw-flow-late", "", { "aria-live": "polite" });
  #wasOpen = false;
  #questions = make("div", "tw-flow-questions");
  /** @type {Set<(isMine: boolean) => void>} questions that stand */ #open = new Set();

  /** @param {Drawer} drawer @param {Flow} flow @param {() => void} stop */
  constructor(drawer, flow, stop) {
    this.drawer = drawer;
    this.flow = flow;
    this.#bar.setAttribute("aria-label", drawer.word("bar-name"));
    const row = make("div", "tw-flow-row");
    row.append(this.#line, button("tw-button tw-button-stop tw-button-small", drawer.word("bar-stop"), stop));
    this.#bar.append(row, this.#news, this.#late, this.#questions);
    this.#bar.hidden = true;
    const call = drawer.root.closest('[data-section="call"]') ?? drawer.root;
    const head = call.querySelector(".tw-call-head");
    if (head) head.after(this.#bar);
    else call.prepend(this.#bar);
    flow.addEventListener("change", this.draw);
  }

  /** What flows and to whom. */
  draw = () => {
    const { drawer, flow } = this;
    const what = flow.open.flatMap(({ kinds }) => kinds).map((kind) => drawer.kind(kind).word);
    const isOpen = what.length > 0;
    if (isOpen && !this.#wasOpen) this.#news.textContent = "";
    this.#wasOpen = isOpen;
    this.#line.parentElement?.toggleAttribute("hidden", !isOpen);
    const who = flow.audience.size ? drawer.list(flow.audience.values()) : drawer.word("bar-nobody");
    const line = isOpen ? drawer.word("bar-line", { what: drawer.list(what), who }) : "";
    if (this.#line.textContent !== line) this.#line.textContent = line;
    this.#bar.hidden = !isOpen && !this.#news.textContent && !this.#questions.hasChildNodes();
  };

  /** One sentence about what has just happened; it stays until the next one. @param {string} text
   * @param {boolean} [focused] where the button that was pressed is gone */
  tell(text, focused = false) {
    this.#news.textContent = text;
    this.draw();
    if (focused) this.#news.focus({ preventScroll: true });
  }

  /** Somebody who came later sees nothing before the patient says so.
   * @param {Person[]} late @param {(person: Person) => void} include */
  offer(late, include) {
    const { drawer } = this;
    const seats = late.map(({ seat }) => seat).join();
    if (this.#late.dataset.seats === seats) return;
    this.#late.dataset.seats = seats;
    const rows = late.map((person) => {
      const row = make("p", "", `${drawer.word("bar-late", { name: person.name })} `);
      const press = button("tw-button tw-button-second tw-button-small", drawer.word("bar-include"), () =>
        include(person),
      );
      row.append(press);
      return row;
    });
    this.#late.replaceChildren(...rows);
  }

  /** Is this you? Nothing is sent before the answer. @param {Doubt[]} doubts @param {Reading} reading
   * @returns {Promise<boolean>} */
  ask(doubts, reading) {
    const { drawer } = this;
    const card = make("div", "tw-flow-question", "", { role: "group" });
    const title = make("h2", "", drawer.word("question-title"), { tabindex: "-1" });
    const said = make("p", "", `${drawer.kind(reading.kind).word}: ${drawer.reading(reading)}`);
    const why = make("ul", "");
    why.append(...doubts.map((doubt) => make("li", "", this.#reason(doubt, reading))));
    const actions = make("p", "tw-actions");
    return new Promise((answer) => {
      const decide = (/** @type {boolean} */ isMine) => {
        card.remove();
        this.#open.delete(decide);
        this.draw();
        answer(isMine);
      };
      this.#open.add(decide);
      actions.append(
        button("tw-button", drawer.word("question-yes"), () => decide(true)),
        button("tw-button tw-button-second", drawer.word("question-no"), () => decide(false)),
      );
      card.append(title, said, why, make("p", "tw-hint", drawer.word("question-held")), actions);
      this.#questions.append(card);
      this.draw();
      title.focus();
    });
  }

  /** @param {Doubt} doubt @param {Reading} reading */
  #reason(doubt, { kind }) {
    const { drawer } = this;
    if (doubt.why === "user" && doubt.user === UNKNOWN_USER) return drawer.word("doubt-no-user");
    if (doubt.why === "user") return drawer.word("doubt-user", { user: doubt.user });
    const { quantities } = drawer.kind(kind);
    const said = drawer.said(doubt.value, quantities);
    const quantity = quantities.find(({ code }) => code === doubt.value.code);
    const [lowest, highest] = [drawer.number(quantity?.lowest ?? ""), drawer.number(quantity?.highest ?? "")];
    if (doubt.why === "limits")
      return drawer.word("doubt-limits", { said, lowest, highest, unit: quantity?.sign ?? "" });
    return drawer.word("doubt-jump", { said, before: drawer.number(doubt.before), unit: quantity?.sign ?? "" });
  }

  /** Questions that nobody answered are answered: nothing of them is sent. */
  dismiss() {
    for (const decide of [...this.#open]) decide(false);
  }

  close() {
    this.dismiss();
    this.flow.removeEventListener("change", this.draw);
    this.#bar.remove();
  }
}
