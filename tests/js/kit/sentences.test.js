import assert from "node:assert/strict";
import { test } from "node:test";
import { dayHere } from "../../../teleward/consult/static/consult/call/pairing.js";
import {
  clock,
  day,
  firstForm,
  halves,
  pieces,
  sentence,
  stand,
} from "../../../teleward/consult/static/consult/room/page.js";

const spoken = { en: ["a", "b", "c", "d"], de: ["e", "f", "g", "h"], digits: "12345 67890", emoji: ["dog", "cat"] };
const blank = { words: null, run: 0, since: null, theirs: null, because: null, evidence: null };

/** @param {object} [verification] @param {object} [more] */
const peer = (verification = {}, more = {}) =>
  /** @type {import("../../../teleward/consult/static/consult/call/types.js").PeerView} */ ({
    seat: 1,
    role: "physician",
    name: "Dr. Haddad",
    link: "connected",
    path: "direct",
    media: null,
    verification: { ...blank, state: "none", ...verification },
    ...more,
  });

/** @param {ReturnType<typeof peer>} someone */
const keys = (someone) => sentence(someone, "en").lines.map(({ key }) => key);

test("the sentence says how the call travels and whether it was verified", () => {
  assert.deepEqual(keys(peer()), ["path-direct", "verified-not-yet"]);
  assert.deepEqual(keys(peer({}, { path: "relayed" })), ["path-relayed", "verified-not-yet"]);
  assert.deepEqual(keys(peer({}, { path: null })), ["path-unknown", "verified-not-yet"]);
});

test("verified means that both have said so", () => {
  assert.equal(stand({ state: "verified", theirs: null }), "waiting");
  assert.deepEqual(keys(peer({ state: "verified" })), ["path-direct", "verified-by-you"]);
  const both = peer({ state: "verified", theirs: "same", since: "2026-11-22T14:02:00" });
  assert.deepEqual(keys(both), ["path-direct", "verified-both"]);
  assert.equal(sentence(both, "en").tone, "good");
});

test("a device known from before is named with its day", () => {
  const { lines } = sentence(peer({ state: "known", since: "2026-05-03" }), "en");
  assert.match(lines[1]?.values.date ?? "", /3 May/);
});

for (const zone of ["America/Los_Angeles", "Europe/Berlin", "Pacific/Auckland"]) {
  test(`the day on the wall is kept and shown, in ${zone} too`, (t) => {
    const before = process.env.TZ;
    t.after(() => (before === undefined ? delete process.env.TZ : Object.assign(process.env, { TZ: before })));
    process.env.TZ = zone;
    assert.equal(dayHere(new Date(2026, 4, 3, 0, 30)), "2026-05-03");
    assert.equal(dayHere(new Date(2026, 4, 3, 23, 30)), "2026-05-03");
    assert.equal(day("2026-05-03", "en", new Date(2026, 5, 1)), "3 May");
  });
}

test("nothing is good while it is not verified, changed or interrupted", () => {
  assert.equal(sentence(peer(), "en").tone, "look");
  assert.equal(sentence(peer({ state: "changed" }), "en").tone, "look");
  assert.equal(sentence(peer({ state: "verified", theirs: "same" }, { link: "stalled" }), "en").tone, "look");
  assert.equal(sentence(peer({}, { link: "new" }), "en").tone, "wait");
});

test("different words stop everything, even an interrupted call", () => {
  const stopped = sentence(peer({ state: "different" }, { link: "stalled" }), "en");
  assert.equal(stopped.tone, "stop");
  assert.deepEqual(
    stopped.lines.map(({ key }) => key),
    ["verified-different"],
  );
});

test("the patient reads the first half, the clinician the second, and both agree on it", () => {
  const patient = halves(spoken.en, 2, 1);
  const clinician = halves(spoken.en, 1, 2);
  assert.deepEqual(patient, { mine: ["a", "b"], theirs: ["c", "d"], iAmFirst: true });
  assert.deepEqual(clinician, { mine: ["c", "d"], theirs: ["a", "b"], iAmFirst: false });
  assert.equal(halves(pieces(spoken, "digits"), 2, 1).mine.length, 5);
});

test("the same string in words of either language, in digits and in pictures", () => {
  assert.deepEqual(pieces(spoken, "words-de"), spoken.de);
  assert.deepEqual(pieces(spoken, "words-en"), spoken.en);
  assert.deepEqual(pieces(spoken, "digits").join(""), "1234567890");
  assert.deepEqual(pieces(spoken, "emoji"), spoken.emoji);
  assert.deepEqual(pieces(null, "digits"), []);
});

test("words are shown first only where both sides read the same language", () => {
  assert.equal(firstForm("words", "de"), "words-de");
  assert.equal(firstForm("words", "en"), "words-en");
  assert.equal(firstForm("digits", "de"), "digits");
  assert.equal(firstForm(undefined, "en"), "digits");
});

test("hours and days are written as people of a language write them", () => {
  assert.equal(clock("2026-11-22T14:02:00Z", "de", "UTC"), "14:02");
  assert.equal(clock("2026-11-22T14:02:00Z", "en", "UTC"), "14:02");
  assert.equal(day("2026-05-03T12:00:00Z", "en", new Date("2026-11-22")), "3 May");
  assert.equal(day("2026-05-03T12:00:00Z", "de", new Date("2026-11-22")), "3. Mai");
  assert.equal(day("2025-05-03T12:00:00Z", "de", new Date("2026-11-22")), "3. Mai 2025");
});

test("a comparison begins once there are words, and a warning outlives everything", () => {
  assert.equal(stand({ state: "none", theirs: null }), "making");
  assert.equal(stand({ state: "running", theirs: null }), "making");
  assert.equal(stand({ state: "ready", theirs: "same" }), "compare");
  assert.equal(stand({ state: "different", theirs: "same" }), "different");
});
