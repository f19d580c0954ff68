// Two pages with the real modules of the call, on a clock that the test moves: messages, operations and paths are slow by
// seeded chance, pages are loaded anew, sockets and paths end. However it comes about, both must see each other again.

import assert from "node:assert/strict";
import test from "node:test";
import { Patience } from "../../../teleward/consult/static/consult/call/supervisor.js";
import { Consultation, chance } from "./world/consultation.js";

const MOST = 180; // seconds of the test's clock
const TROUBLE = {
  "the clinician reloads": (visit) => visit.reload("clinician"),
  "the patient reloads": (visit) => visit.reload("patient"),
  "both reload": (visit, random) => {
    visit.reload("clinician", 3000 * random());
    visit.reload("patient", 3000 * random());
  },
  "every socket ends": (visit) => visit.hub.cut(),
  "a socket ends": (visit) => visit.hub.cut("patient"),
  "no datagram passes for 25 seconds": (visit) => visit.connections.cut(25_000),
  "the address changes": (visit) => {
    visit.connections.cut(1000, true);
    visit.hub.cut("patient");
  },
  "nothing passes for 25 seconds": (visit) => {
    visit.connections.cut(25_000);
    visit.hub.reachable = false;
    visit.hub.cut();
    visit.clock.in(25_000, () => {
      visit.hub.reachable = true;
    });
  },
};

/** Milliseconds for everything, between half and one and a half of what this seed is like. */
function pace(random) {
  const any = (...many) => many[Math.floor(random() * many.length)];
  const [message, operation] = [any(5, 50, 400, 800, 1200), any(2, 30, 300, 900)];
  const around = (usual) => () => usual * (0.5 + random());
  return { delay: around(message), step: around(operation), gather: around(10 + operation), ice: any(30, 300, 1500) };
}

async function held(visit, work) {
  await visit.begin();
  try {
    return await work();
  } finally {
    visit.end();
  }
}

for (const [name, happens] of Object.entries(TROUBLE)) {
  test(`${name}, over every kind of slow network and slow device, and both see each other again`, async () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = chance(seed);
      const visit = new Consultation(pace(random));
      await held(visit, async () => {
        assert.ok((await visit.seconds(MOST)) < MOST, `seed ${seed}: they never met`);
        await visit.pass(2);
        happens(visit, random);
        await visit.pass(30);
        assert.ok((await visit.seconds(MOST)) < MOST, `seed ${seed}: they never met again`);
      });
    }
  });
}

test("a connection of a new page that finds no address is given up for another one, not repaired for ever", async () => {
  const visit = new Consultation();
  await held(visit, async () => {
    await visit.seconds(5);
    visit.deaf = () => visit.connections.all.every(({ page }) => page !== visit.pages.clinician);
    visit.reload("clinician");
    await visit.pass(1);
    assert.ok((await visit.seconds(10)) < 8);
  });
});

test("on a quick network a reload costs less than a second, an address change less than four", async () => {
  const visit = new Consultation();
  await held(visit, async () => {
    assert.ok((await visit.seconds(5)) < 1);
    for (const [name, most] of [
      ["the clinician reloads", 1],
      ["the patient reloads", 1],
      ["the address changes", 4],
    ]) {
      TROUBLE[name](visit);
      await visit.pass(0.1);
      assert.ok((await visit.seconds(most)) < most, name);
      await visit.pass(5);
    }
  });
});

test("on a quick network a socket that ended is back within a second, and the connection is left alone", async () => {
  const visit = new Consultation();
  await held(visit, async () => {
    await visit.seconds(5);
    await visit.pass(3);
    const [pages, { length }] = [Object.values(visit.pages), visit.connections.all];
    visit.hub.cut();
    await visit.pass(1);
    for (const { call } of pages) {
      assert.ok(call.log.some((line) => line.includes("socket-lost")));
      assert.equal(call.state.phase, "room");
    }
    assert.deepEqual([visit.connections.all.length, visit.flows], [length, true]);
  });
});

test("an offer is left alone while an answer may come, each time for twice as long", () => {
  const patience = new Patience();
  assert.equal(patience.lasts(0, true), false);
  const waits = [1, 2, 3, 4, 5].map((repairs) => {
    patience.repairs = repairs;
    patience.offered(0);
    return Array.from({ length: 60 }, (_, second) => second).find((second) => !patience.lasts(second * 1000, true));
  });
  assert.deepEqual(waits, [3, 6, 12, 24, 24]);
});

test("after the answer the path has its time, and a new connection has more of it", () => {
  const patience = new Patience();
  patience.offered(0);
  patience.answered(1000);
  assert.deepEqual([patience.lasts(3900, true), patience.lasts(4100, true)], [true, false]);
  assert.deepEqual([patience.lasts(6900, false), patience.lasts(7100, false)], [true, false]);
});

test("where an answer took long, the next one is waited for longer", () => {
  const patience = new Patience();
  patience.offered(0);
  patience.answered(8000);
  patience.offered(20_000);
  assert.deepEqual([patience.lasts(35_900, true), patience.lasts(36_100, true)], [true, false]);
});

test("what may have been lost is not waited for", () => {
  const patience = new Patience();
  patience.offered(0);
  patience.forget();
  assert.equal(patience.lasts(1, true), false);
});
