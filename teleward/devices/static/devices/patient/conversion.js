// Units that people's devices show, in the units that are sent. Decimal, without the errors of binary fractions.

const PLACES = 12;
const ONE = 10n ** BigInt(PLACES);

/** @type {Record<string, {times: string, plus?: string}>} "from>to" */
const RULES = {
  "kPa>mm[Hg]": { times: "7.50061682704" },
  "mmol/L>mg/dL": { times: "18.0156" },
  "[lb_av]>kg": { times: "0.45359237" },
  "[degF]>Cel": { times: "0.555555555556", plus: "-17.777777777778" },
  "mm[Hg]>kPa": { times: "0.133322387415" },
  "mg/dL>mmol/L": { times: "0.055507449100" },
  "kg>[lb_av]": { times: "2.204622621849" },
  "Cel>[degF]": { times: "1.8", plus: "32" },
};

/**
 * @param {string} value decimal @param {string} from UCUM @param {string} to UCUM @param {number} digits after the point
 * @returns {string} rounded, a half away from zero
 */
export function converted(value, from, to, digits) {
  const rule = RULES[`${from}>${to}`];
  if (!rule) throw new RangeError(`${from} is not converted to ${to}`);
  const exact = (scaled(value) * scaled(rule.times)) / ONE + scaled(rule.plus ?? "0");
  return written(exact, digits);
}

/** @param {string} decimal */
function scaled(decimal) {
  const [whole = "0", part = ""] = decimal.replace("-", "").split(".");
  const size = BigInt(whole + part.slice(0, PLACES).padEnd(PLACES, "0"));
  return decimal.startsWith("-") ? -size : size;
}

/** @param {bigint} exact @param {number} digits */
function written(exact, digits) {
  const step = 10n ** BigInt(PLACES - digits);
  const size = ((exact < 0n ? -exact : exact) + step / 2n) / step;
  const text = String(size).padStart(digits + 1, "0");
  const number = digits ? `${text.slice(0, -digits)}.${text.slice(-digits)}` : text;
  return exact < 0n && size > 0n ? `-${number}` : number;
}
