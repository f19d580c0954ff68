import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { connection, outcome } from "./kinds.js";

const VECTORS = new URL("../../vectors/devices/", import.meta.url);
const KNOWN = readdirSync(VECTORS).map((file) => JSON.parse(readFileSync(new URL(file, VECTORS), "utf8")));

for (const { kind, cases } of KNOWN) {
  for (const { name, before = [], characteristic, frame, says, refused } of cases) {
    test(`${kind}: ${name}`, async () => {
      const decode = await connection(kind);
      for (const each of before) outcome(decode, ...each);
      assert.deepEqual(outcome(decode, characteristic, frame), refused ? { refused } : { says });
    });
  }
}
