/** Passkeys: from the server's question to the browser and back. No words here: they come from the page. */

/** @typedef {{ code?: string, message?: string, next?: string }} Answer */
/** @typedef {{ id: string, type: "public-key", transports?: AuthenticatorTransport[] }} Named */

/** A refusal from the server, with its sentence for the person. */
export class Refusal extends Error {
  /** @param {number} status @param {Answer} answer */
  constructor(status, answer) {
    super(answer.message ?? "");
    this.status = status;
    this.code = answer.code ?? "";
  }
}

/** @returns {boolean} whether this browser knows passkeys */
export function knowsPasskeys() {
  return typeof window.PublicKeyCredential === "function";
}

/**
 * Posts JSON to our own server.
 * @param {string} url
 * @param {object} body
 * @returns {Promise<any>} the answer; throws Refusal
 */
export async function send(url, body) {
  const token = /** @type {HTMLInputElement | null} */ (document.querySelector("[name=csrfmiddlewaretoken]"));
  const response = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      "X-CSRFToken": token?.value ?? "",
    },
    body: JSON.stringify(body),
  });
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, answer);
  return answer;
}

/**
 * Makes a passkey as the server asks.
 * @param {any} question WebAuthn creation options as JSON
 */
export async function makePasskey(question) {
  const publicKey = {
    ...question,
    challenge: bytes(question.challenge),
    user: { ...question.user, id: bytes(question.user.id) },
    excludeCredentials: (question.excludeCredentials ?? []).map(named),
  };
  const made = /** @type {PublicKeyCredential} */ (await navigator.credentials.create({ publicKey }));
  const response = /** @type {AuthenticatorAttestationResponse} */ (made.response);
  return {
    ...outline(made),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

/**
 * Uses a passkey as the server asks.
 * @param {any} question WebAuthn request options as JSON
 */
export async function touchPasskey(question) {
  const publicKey = {
    ...question,
    challenge: bytes(question.challenge),
    allowCredentials: (question.allowCredentials ?? []).map(named),
  };
  const used = /** @type {PublicKeyCredential} */ (await navigator.credentials.get({ publicKey }));
  const response = /** @type {AuthenticatorAssertionResponse} */ (used.response);
  return {
    ...outline(used),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : undefined,
    },
  };
}

/** @param {PublicKeyCredential} credential */
function outline(credential) {
  const id = text(credential.rawId);
  return { id, rawId: id, type: credential.type, clientExtensionResults: {} };
}

/** @param {Named} credential */
function named(credential) {
  return { ...credential, id: bytes(credential.id) };
}

/** @param {string} base64url */
function bytes(base64url) {
  const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer */
function text(buffer) {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
