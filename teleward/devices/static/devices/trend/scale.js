// What a plot needs beside its numbers: the range of its axis, words of a place, the next place with a value. Pure.

/**
 * @typedef {object} Drawn
 * @property {number[]} x seconds since 1970
 * @property {(number|null)[]} mean
 * @property {(number|null)[]} low
 * @property {(number|null)[]} high
 * @property {number} from
 * @property {number} until
 * @property {boolean} single
 * @property {boolean} joined
 * @property {[number|null, number|null]|null} band
 * @property {boolean} limits
 * @property {{at: number, name: string}[]} marks
 * @property {number} digits
 */

/** From where to where the axis goes: all values and the band, with a little room.
 * @param {Drawn} drawn @returns {[number, number]} */
export function rangeOf(drawn) {
  const known = [...drawn.low, ...drawn.high, ...(drawn.band ?? [])].filter((each) => each !== null);
  const low = Math.min(...known);
  const high = Math.max(...known);
  const room = (high - low) * 0.08 || Math.abs(high) * 0.05 || 1;
  return [low - room, high + room];
}

/** The next place in a direction that has a value; the same where there is none.
 * @param {(number|null)[]} values @param {number} place @param {1|-1} step */
export function nextWithValue(values, place, step) {
  for (let each = place + step; each >= 0 && each < values.length; each += step) {
    if (values[each] !== null) return each;
  }
  return place;
}

/** The last place with a value; -1 where there is none. @param {(number|null)[]} values */
export const lastWithValue = (values) => nextWithValue(values, values.length, -1) % values.length;

/** @param {string} language @param {string} zone @param {number} days */
export function clocks(language, zone, days) {
  const day = /** @type {const} */ ({ day: "numeric", month: "short" });
  const time = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const short = days <= 1 ? time : days > 90 ? /** @type {const} */ ({ month: "short", year: "2-digit" }) : day;
  const long = days > 90 ? { ...day, year: /** @type {const} */ ("numeric") } : { ...day, ...time };
  const spoken = language === "en" ? "en-GB" : language; // the day before the month, as on the pages
  const axis = new Intl.DateTimeFormat(spoken, { ...short, timeZone: zone });
  const said = new Intl.DateTimeFormat(spoken, { ...long, timeZone: zone });
  return {
    /** @param {number} at */ axis: (at) => axis.format(at * 1000),
    /** @param {number} at */ said: (at) => said.format(at * 1000),
  };
}
