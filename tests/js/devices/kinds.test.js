import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { outcome } from "./kinds.js";

const VECTORS = new URL("../../vectors/devices/", import.meta.url);
const KNOWN = readdirSync(VECTORS).map((file) => JSON.parse(readFileSync(new URL(file, VECTORS), "utf8")));

for (const { kind, cases } of KNOWN) {
  for (const { name, characteristic, frame, says, refused } of cases) {
    test(`${kind}: ${name}`, async () => {
      assert.deepEqual(await outcome(kind, characteristic, frame), refused ? { refused } : { says });
    });
  }
}
