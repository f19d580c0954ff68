// A kind and readings as the page has them, for the tests of this folder.

const upper = { code: "8480-6", word: "Upper value", lowest: "40", highest: "300", jump: "60", needed: true };
const lower = { code: "8462-4", word: "Lower value", lowest: "20", highest: "200", jump: "40", needed: true };
const pulse = { code: "8867-4", word: "Pulse", lowest: "20", highest: "300", jump: "50", needed: false };
const pressures = [upper, lower].map((quantity) => ({ ...quantity, unit: "mm[Hg]" }));
const beats = { ...pulse, unit: "/min" };

/** @type {any} */
export const PRESSURE = {
  name: "blood-pressure",
  word: "Blood pressure monitor",
  service: "1810",
  characteristics: ["2A35"],
  quantities: [...pressures, beats].map((quantity) => ({ digits: 0, ...quantity })),
  continuous: false,
  typed: true,
  waves: false,
};

let number = 0;

/** A reading of a cuff. @param {[string, string]} values @param {object} [more] @returns {any} */
export function reading([systolic, diastolic], more = {}) {
  number += 1;
  return {
    id: `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`,
    kind: "blood-pressure",
    sequence: number,
    source: "device",
    measured_at: null,
    received_at: "2026-11-22T10:00:00.000Z",
    values: [
      { code: "8480-6", value: systolic, unit: "mm[Hg]" },
      { code: "8462-4", value: diastolic, unit: "mm[Hg]" },
    ],
    device: {},
    user: null,
    flags: [],
    waveform: null,
    ...more,
  };
}
