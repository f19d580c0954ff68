/** A patient's browser without its page: visits, each from what the server sends and what the last one kept. */

import { readFileSync } from "node:fs";

import { Broken, verify } from "../../../../teleward/trust/static/trust/seal/verify.js";

const AT_ONCE = 500;

async function visit({ proofs, before }) {
  try {
    const { memory, sealed, waiting } = await verify(proofs, before);
    return { reason: "", number: 0, memory, sealed, waiting };
  } catch (problem) {
    if (!(problem instanceof Broken)) throw problem;
    return { reason: problem.reason, number: problem.number };
  }
}

const visits = readFileSync(0, "utf8").trim().split("\n");
while (visits.length > 0) {
  const told = await Promise.all(visits.splice(0, AT_ONCE).map((line) => visit(JSON.parse(line))));
  process.stdout.write(told.map((one) => `${JSON.stringify(one)}\n`).join(""));
}
