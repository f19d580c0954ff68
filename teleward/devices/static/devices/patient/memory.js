// The record access control point (2A52) of glucose meters: asks for stored readings and hears how that went.

export const CONTROL_POINT = "2A52";
const [REPORT, RESPONSE] = [0x01, 0x06];
const LAST = 0x06;
const OUTCOMES = /** @type {Record<number, string>} */ ({ 1: "done", 6: "none", 7: "aborted", 8: "busy" });

/** The newest stored reading and no other: what nobody asked for stays in the device. */
export const lastRecord = () => Uint8Array.of(REPORT, LAST);

/**
 * How the request went: done, none (nothing is stored), busy, aborted, not-supported; empty for what is no answer to it.
 * @param {DataView} frame
 */
export function outcome(frame) {
  if (frame.byteLength < 4 || frame.getUint8(0) !== RESPONSE || frame.getUint8(2) !== REPORT) return "";
  return OUTCOMES[frame.getUint8(3)] ?? "not-supported";
}
