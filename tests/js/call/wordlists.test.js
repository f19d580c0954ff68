import assert from "node:assert/strict";
import test from "node:test";

import { emoji, english, german } from "../../../teleward/consult/static/consult/call/words.js";

const lists = { en: [english, /^[a-z]{3,8}$/], de: [german, /^[a-zäöü]{3,8}$/] };

function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, against] of [...other].entries()) {
      next.push(Math.min(row[j + 1] + 1, next[j] + 1, row[j] + (letter === against ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1);
}

for (const [language, [list, shape]] of Object.entries(lists)) {
  test(`${language}: 256 different words of three to eight letters`, () => {
    assert.equal(list.length, 256);
    assert.equal(new Set(list).size, 256);
    assert.deepEqual(
      list.filter((word) => !shape.test(word)),
      [],
    );
  });

  test(`${language}: no two words are one slip of the tongue apart`, () => {
    const close = list.flatMap((one, at) => list.slice(at + 1).filter((other) => distance(one, other) < 2));
    assert.deepEqual(close, []);
  });

  test(`${language}: the first four letters tell every word, with or without umlauts`, () => {
    const plain = list.map((word) => word.normalize("NFD").replace(/\p{M}/gu, "").slice(0, 4));
    assert.equal(new Set(plain).size, 256);
  });

  test(`${language}: no word is another one's plural`, () => {
    const plurals = list.filter((word) =>
      list.some((one) => ["s", "es", "n", "en", "e"].some((end) => word === one + end)),
    );
    assert.deepEqual(plurals, []);
  });
}

test("64 different pictures", () => {
  assert.equal(new Set(emoji).size, 64);
  assert.equal(emoji.length, 64);
});
