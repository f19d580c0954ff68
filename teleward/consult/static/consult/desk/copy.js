// Copies the link on the page; without it the link is still there to be marked and copied by hand.

const field = /** @type {HTMLInputElement|null} */ (document.querySelector("[data-copy-from]"));
const button = /** @type {HTMLButtonElement|null} */ (document.querySelector("[data-copy]"));
const done = /** @type {HTMLElement|null} */ (document.querySelector("[data-copied]"));

if (field && button && done) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    done.hidden = false;
  });
}
