// Posts as the page's forms do: same origin, with the token against forged requests.

/** What went wrong: the answer's status, 0 where there was none, and the server's sentence where it had one. */
export class PostFailed extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const PATIENCE = 10_000; // milliseconds
const ALIVE = 10_000; // letters; browsers allow 64 KiB for all that outlives a page

/** @param {HTMLElement} root holds the token @returns {import('./types.js').Post} */
export function poster(root) {
  const token = /** @type {HTMLInputElement|null} */ (root.querySelector("[name=csrfmiddlewaretoken]"))?.value ?? "";
  return async (address, what) => {
    const body = JSON.stringify(what);
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body,
      keepalive: body.length < ALIVE, // a stop goes out although the page is left
      signal: AbortSignal.timeout(PATIENCE),
    }).catch(() => null);
    if (!answer) throw new PostFailed(0, "");
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new PostFailed(answer.status, typeof said.message === "string" ? said.message : "");
    return said;
  };
}
