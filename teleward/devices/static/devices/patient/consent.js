// One screen before anything flows: what, to whom, until when. Nothing begins without a yes, nor before the server has it.

/** @typedef {import('./drawer.js').Drawer} Drawer */
/** @typedef {import('./flow.js').Flow} Flow */
/** @typedef {import('./types.js').Kind} Kind */
/** @typedef {import('./types.js').Person} Person */

export class Consent {
  /** @type {Kind|null} */ #kind = null;
  /** @type {(given: boolean) => void} */ #answer = () => undefined;
  /** @type {Person[]} those who stood on the screen */ #named = [];
  #busy = false;

  /** @param {Drawer} drawer @param {Flow} flow @param {() => Person[]} present */
  constructor(drawer, flow, present) {
    this.drawer = drawer;
    this.flow = flow;
    this.present = present;
    drawer.on("agree", () => this.#agree());
    drawer.on("back", () => this.#decide(false));
  }

  /** Whether this kind may be shown; asks unless it flows already. @param {Kind} kind @returns {Promise<boolean>} */
  given(kind) {
    if (this.flow.sharingOf(kind.name)) return Promise.resolve(true);
    this.#kind = kind;
    this.draw();
    this.drawer.write("consent-trouble", "");
    this.drawer.step("consent");
    return new Promise((answer) => {
      this.#answer = answer;
    });
  }

  /** Whoever comes or goes while the question stands is on the screen before the yes. */
  draw() {
    if (!this.#kind) return;
    const { drawer } = this;
    this.#named = this.present();
    const { word } = this.#kind;
    const who = drawer.list(this.#named.map(({ name }) => name));
    drawer.write("consent-what", drawer.word(this.#kind.waves ? "consent-curve" : "consent-values", { what: word }));
    drawer.write("consent-whom", who || drawer.word("consent-nobody"));
    for (const press of drawer.buttons("agree")) press.disabled = this.#named.length === 0 || this.#busy;
  }

  async #agree() {
    const { drawer } = this;
    if (!this.#kind || this.#busy) return;
    const chosen = /** @type {HTMLInputElement|null} */ (drawer.root.querySelector("[name=measure-until]:checked"));
    this.#busy = true;
    this.draw();
    try {
      await this.flow.begin(this.#kind.name, chosen?.value === "end" ? "end" : "stop", this.#named);
      this.#busy = false;
      this.#decide(true);
    } catch (error) {
      const said = /** @type {{message?: string}} */ (error).message;
      drawer.write("consent-trouble", said || drawer.word("consent-failed"));
      this.#busy = false;
      this.draw();
    }
  }

  /** @param {boolean} given */
  #decide(given) {
    this.#kind = null;
    this.#answer(given);
  }
}
