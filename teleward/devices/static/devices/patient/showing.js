// What flows, as the patient sees it: the bar above the call while anything does, whatever else is open, with what, to whom
// and stop, and the question whether a reading is the patient's own; then all that went out, and what is kept of it.

import { button, land, make } from "./drawer.js";

/** @typedef {import('./drawer.js').Drawer} Drawer */
/** @typedef {import('./flow.js').Flow} Flow */
/** @typedef {import('./types.js').Person} Person */
/** @typedef {import('./types.js').Post} Post */
/** @typedef {import('./types.js').Reading} Reading */
/** @typedef {import('./types.js').Sent} Sent */
/** @typedef {import('./taking.js').Doubt} Doubt */

const MOST_NAMED = 2; // kinds in the bar's line; of more it has the count, and the names one press away

export class Bar {
  #bar = make("section", "tw-flow");
  #line = make("p", "tw-flow-line", "", { role: "status" });
  #names = make("details", "tw-flow-names");
  #all = make("p", "");
  #news = make("p", "tw-flow-news", "", { role: "status", tabindex: "-1" });
  #lost = make("p", "tw-flow-lost", "", { role: "status" });
  #late = make("div", "tw-flow-late", "", { "aria-live": "polite" });
  #wasOpen = false;
  #sent = 0; // readings that had gone out when the news was told
  #questions = make("div", "tw-flow-questions");
  #stop;
  /** @type {Set<(isMine: boolean) => void>} questions that stand */ #open = new Set();

  /** @param {Drawer} drawer @param {Flow} flow @param {() => void} stop */
  constructor(drawer, flow, stop) {
    this.drawer = drawer;
    this.flow = flow;
    this.#bar.setAttribute("aria-label", drawer.word("bar-name"));
    const row = make("div", "tw-flow-row");
    this.#stop = button("tw-button tw-button-stop tw-button-small", drawer.word("bar-stop"), stop);
    this.#names.append(make("summary", "", drawer.word("bar-names")), this.#all);
    row.append(this.#line, this.#stop, this.#names);
    this.#bar.append(row, this.#lost, this.#news, this.#late, this.#questions);
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
    if (isOpen && (!this.#wasOpen || flow.sent.length > this.#sent)) this.#news.textContent = "";
    this.#wasOpen = isOpen;
    this.#line.parentElement?.toggleAttribute("hidden", !isOpen);
    const who = flow.audience.size ? drawer.list(flow.audience.values()) : drawer.word("bar-nobody");
    const names = drawer.list(what);
    const isMany = what.length > MOST_NAMED;
    const told = isMany
      ? drawer.word("bar-line-many", { count: what.length, who })
      : drawer.word("bar-line", { what: names, who });
    const line = isOpen ? told : "";
    if (this.#line.textContent !== line) this.#line.textContent = line;
    this.#all.textContent = names;
    this.#names.hidden = !isMany;
    const count = isOpen ? flow.sent.filter(({ lost }) => lost.length).length : 0;
    const missing = count ? drawer.word("bar-lost", { count }) : "";
    if (this.#lost.textContent !== missing) this.#lost.textContent = missing;
    this.#bar.hidden = !isOpen && !this.#news.textContent && !this.#questions.hasChildNodes();
  };

  /** One sentence about what has just happened; it stays until the next one, or until a reading goes out. @param {string} text
   * @param {boolean} [focused] where the button that was pressed is gone */
  tell(text, focused = false) {
    this.#news.setAttribute("aria-live", focused ? "off" : "polite"); // the focus reads it, and once is enough
    this.#news.textContent = text;
    this.#sent = this.flow.sent.length;
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
    const isLeft = this.#late.contains(document.activeElement);
    this.#late.replaceChildren(...rows);
    if (isLeft) land(this.#late.querySelector("button"), this.#stop);
  }

  /** Is this you? Nothing is sent before the answer. @param {Doubt[]} doubts @param {Reading} reading
   * @returns {Promise<boolean>} */
  ask(doubts, reading) {
    const { drawer } = this;
    const before = document.activeElement;
    const card = make("div", "tw-flow-question", "", { role: "group" });
    const title = make("h2", "", drawer.word("question-title"), { tabindex: "-1" });
    const said = make("p", "", `${drawer.kind(reading.kind).word}: ${drawer.reading(reading)}`);
    const why = make("ul", "");
    why.append(...doubts.map((doubt) => make("li", "", drawer.reason(doubt, reading))));
    const actions = make("p", "tw-actions");
    return new Promise((answer) => {
      const decide = (/** @type {boolean} */ isMine) => {
        const isLeft = card.contains(document.activeElement);
        card.remove();
        this.#open.delete(decide);
        this.draw();
        if (isLeft) land(before, drawer.heading, this.#stop);
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

const MOST = 30; // rows; of continuous kinds only the newest reading has one

export class Shown {
  /** @type {Set<Sent>} */ #keeping = new Set();
  /** @type {Set<Sent>} */ #unkept = new Set();
  /** @type {Record<string, string>} */ #flags = {};
  /** @type {Promise<void>|null} */ #asked = null;

  /** @param {Drawer} drawer @param {Flow} flow @param {Post} post */
  constructor(drawer, flow, post) {
    this.drawer = drawer;
    this.flow = flow;
    this.post = post;
    flow.addEventListener("change", this.draw);
  }

  draw = () => {
    const rows = this.#newest();
    this.drawer.piece("shown").hidden = rows.length === 0;
    const list = this.drawer.piece("shown-list");
    const focused = /** @type {HTMLElement|null|undefined} */ (document.activeElement?.closest("[data-row]"));
    list.replaceChildren(...rows.map(([sent, count]) => this.#row(sent, count)));
    if (focused)
      land(list.querySelector(`[data-row="${focused.dataset.row}"] :is(button, [tabindex])`), this.drawer.heading);
  };

  /** Readings from a device's memory, which nobody has seen. @param {Reading} reading @param {() => void} send */
  store(reading, send) {
    const { drawer } = this;
    const row = make("li", "tw-measure-row");
    const when = drawer.clock(reading.measured_at ?? reading.received_at);
    const press = button("tw-button tw-button-second tw-button-small", drawer.word("stored-show"), () => {
      row.remove();
      land(drawer.piece("stored-list").querySelector("button"), drawer.heading);
      drawer.piece("stored").hidden = !drawer.piece("stored-list").hasChildNodes();
      send();
    });
    row.append(make("p", "", `${drawer.word("stored-when", { when })} ${drawer.reading(reading)}`), press);
    drawer.piece("stored-list").prepend(row);
    drawer.piece("stored").hidden = false;
  }

  /** Rows with how many readings each stands for. @returns {[Sent, number][]} */
  #newest() {
    /** @type {Map<string, [Sent, number]>} */ const rows = new Map();
    for (const sent of this.flow.sent) {
      const key = this.#key(sent);
      const row = rows.get(key);
      if (row) row[1] += 1;
      else rows.set(key, [sent, 1]);
    }
    return [...rows.values()].slice(0, MOST);
  }

  /** @param {Sent} sent */
  #key({ reading: { id, kind }, pairing }) {
    return this.drawer.kind(kind).continuous ? pairing : id;
  }

  /** @param {Sent} sent @param {number} count */
  #row(sent, count) {
    const { drawer } = this;
    const { reading } = sent;
    const row = make("li", "tw-measure-row", "", { "data-row": this.#key(sent) });
    const head = make(
      "p",
      "tw-measure-head",
      `${drawer.kind(reading.kind).word} · ${drawer.clock(reading.received_at)}`,
    );
    if (reading.source === "typed") head.append(" ", make("span", "tw-tag tw-tag-look", drawer.word("tag-typed")));
    const besides = this.#besides(reading);
    const said = sent.curve ? drawer.word("shown-curve") : drawer.reading(reading);
    row.append(head, make("p", "tw-measure-values", said));
    if (besides) row.append(make("p", "tw-hint", besides));
    row.append(make("p", "tw-hint", this.#fate(sent, count)));
    if (sent.photo) row.append(make("p", "tw-hint", drawer.word(`photo-${sent.photo}`)));
    row.append(this.#keep(sent));
    return row;
  }

  /** What the device says besides; the words for it come when it says something. @param {Reading} reading */
  #besides({ flags }) {
    if (flags.length) this.#asked ??= this.#fetch();
    return flags.flatMap((flag) => this.#flags[flag] ?? []).join(" · ");
  }

  async #fetch() {
    const answer = await fetch(this.drawer.page.urls.flags).catch(() => null);
    this.#flags = answer?.ok ? await answer.json().catch(() => ({})) : {};
    if (answer?.ok) this.draw();
    else this.#asked = null; // with the next reading again
  }

  /** @param {Sent} sent @param {number} count */
  #fate({ to, has, lost }, count) {
    const { drawer } = this;
    const all = [...new Set([...to, ...has, ...lost])]; // who came later got what stood
    const waiting = all.filter((who) => !has.includes(who) && !lost.includes(who));
    const fates = /** @type {[string, string[]][]} */ ([
      ["shown-arrived", all.filter((who) => has.includes(who))],
      ["shown-to", all.length ? waiting : [drawer.word("bar-nobody")]],
      ["shown-lost", all.filter((who) => lost.includes(who) && !has.includes(who))],
    ]);
    const told = fates.flatMap(([word, who]) => (who.length ? [drawer.word(word, { who: drawer.list(who) })] : []));
    return [...told, ...(count > 1 ? [drawer.word("shown-count", { count })] : [])].join(" ");
  }

  /** @param {Sent} sent @returns {HTMLElement} */
  #keep(sent) {
    const { drawer } = this;
    if (sent.kept === "kept" || sent.kept === "already") {
      return make("p", "tw-measure-kept", drawer.word("kept"), { tabindex: "-1" });
    }
    const holder = make("div", "");
    if (sent.refused) holder.append(make("p", "tw-trouble", sent.refused));
    if (this.#unkept.has(sent)) holder.append(make("p", "tw-trouble", drawer.word("keep-failed")));
    const word = drawer.word(sent.curve ? "keep-curve" : "keep");
    const press = button("tw-button tw-button-second tw-button-small", word, () => this.#save(sent));
    press.setAttribute("aria-disabled", String(this.#keeping.has(sent))); // a button that is off loses the focus
    holder.append(press);
    return holder;
  }

  /** @param {Sent} sent */
  async #save(sent) {
    if (this.#keeping.has(sent)) return;
    const { sharing, pairing, curve } = sent;
    const reading = curve ? { ...sent.reading, waveform: curve.newest } : sent.reading;
    this.#keeping.add(sent);
    this.#unkept.delete(sent);
    this.drawer.write("shown-said", "");
    this.draw();
    try {
      const { answers } = await this.post(this.drawer.page.urls.keep, { sharing, pairing, readings: [reading] });
      this.flow.kept(sent, answers[0]);
    } catch {
      this.#unkept.add(sent);
      this.drawer.write("shown-said", this.drawer.word("keep-failed"));
    } finally {
      this.#keeping.delete(sent);
      this.draw();
    }
  }

  close() {
    this.flow.removeEventListener("change", this.draw);
  }
}
