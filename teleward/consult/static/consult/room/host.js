// The clinician's side: who waits, one press per person, and the sheets of the chart beside the call.

import { button, clock, make, page, part, root, word } from "./page.js";
import { roleName } from "./stage.js";

/** @typedef {import('../call/call.js').Call} Call */
/** @typedef {{peer: string, role: string, name: string, since: string, mode: string,
 *   check?: {path: string, camera: boolean, microphone: boolean, speaker: boolean}|null, company?: string[]}} Waiting */

const SIGN_OF_LIFE = 60_000; // milliseconds
const SETTLED = 1_000; // sheets are looked at again once nothing happened for so long: the call goes first

/** A call that goes on is a sign of life: the idle lock must not fall in the middle of it. @param {Call} call */
function stayAwake(call) {
  setInterval(() => {
    const talks = [...call.state.peers.values()].some((peer) => peer.link === "connected");
    if (talks) document.dispatchEvent(new Event("tw-active"));
  }, SIGN_OF_LIFE);
}

/** @param {Call} call */
export async function bindHost(call) {
  stayAwake(call);
  call.addEventListener("lobby", (event) => draw(call, /** @type {CustomEvent} */ (event).detail.waiting));
  if (!root.querySelector("[data-fragment]")) return;
  const [{ bindFolds, lookAgain }, { bindBrought }] = await Promise.all([
    import("./folds.js"),
    import("./bringing.js"),
  ]);
  import("../desk/autosave.js").catch(() => undefined);
  bindBrought(call);
  bindFolds();
  let people = "";
  /** @type {ReturnType<typeof setTimeout>|undefined} */ let soon;
  const refresh = () => {
    clearTimeout(soon);
    soon = setTimeout(lookAgain, SETTLED);
  };
  call.addEventListener("notice", refresh);
  call.addEventListener("state", () => {
    const now = [...call.state.peers.keys()].join();
    if (now !== people) refresh();
    people = now;
  });
}

/** @param {Call} call @param {Waiting[]} waiting */
function draw(call, waiting) {
  const list = part("waiting-list");
  const rows = new Map(Array.from(list.children, (row) => [/** @type {HTMLElement} */ (row).dataset.peer, row]));
  part("waiting-empty").hidden = waiting.length > 0;
  part("waiting").classList.toggle("tw-waiting-some", waiting.length > 0);
  list.replaceChildren(...waiting.map((person) => rows.get(person.peer) ?? row(call, person)));
}

/** @param {Call} call @param {Waiting} person */
function row(call, person) {
  const made = make("li", "", "", { "data-peer": person.peer });
  const who = make("p", "tw-waiting-who");
  who.append(make("strong", "", person.name), ` ${roleName(person.role)}`);
  const since = word("waiting-since", {
    time: clock(person.since, page.language),
    mode: word(`short-${person.mode}`),
  });
  const actions = make("p", "tw-actions");
  actions.append(
    button("tw-button", word("waiting-admit", { name: person.name }), () => call.admit(person.peer)),
    button("tw-button tw-button-quiet", word("waiting-refuse"), () => call.turnAway(person.peer)),
  );
  made.append(who, make("p", "tw-hint", [since, ...remarks(person)].join(" ")), actions);
  return made;
}

/** What the check and the person said that the clinician should know before the call. @param {Waiting} person */
function remarks({ check, company }) {
  const lines = company?.length ? [word("waiting-company", { company: company.join(", ") })] : [];
  if (check?.path === "relayed") lines.push(word("waiting-relayed"));
  if (check?.path === "none") lines.push(word("waiting-no-path"));
  if (check && !check.microphone) lines.push(word("waiting-no-microphone"));
  return lines;
}
