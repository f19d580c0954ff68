// A part of a page, fetched as a document of its own, so that no text in it ever becomes a program.

/** @typedef {{status: number, part: Document}} Fetched */

/** @param {string} address @param {FormData} [body] sent, where there is one @returns {Promise<Fetched>} */
export function fetched(address, body) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(body ? "POST" : "GET", address);
    request.responseType = "document";
    request.setRequestHeader("HX-Request", "true");
    request.onload = () => {
      if (request.status >= 500 || !request.response) reject(new Error(String(request.status)));
      else resolve({ status: request.status, part: request.response });
    };
    request.onerror = () => reject(new Error("offline"));
    request.send(body ?? null);
  });
}
