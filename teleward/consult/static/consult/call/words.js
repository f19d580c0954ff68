/**
 * consult-sas-v1: a short string that both sides of a connection can say to each other. Messages in, messages out.
 * Whoever sits in between must commit to a guess before seeing the other half, so one run succeeds once in 2^32.
 */

const NONCE_LENGTH = 32;

/**
 * What this pair of certificates in this visit is. `initiator` and `responder` are SHA-256 fingerprints.
 * @param {string} visit @param {Uint8Array} initiator @param {Uint8Array} responder
 */
export function contextOf(visit, initiator, responder) {
  return hash("consult-sas-v1", visit, initiator, responder);
}

/** @param {Uint8Array} initiator @param {Uint8Array} responder @returns {Promise<string>} what the record keeps of the pair */
export async function evidenceOf(initiator, responder) {
  return hex(await hash(initiator, responder));
}

/** @param {Uint8Array} context @param {Uint8Array} nonce */
export function commitment(context, nonce) {
  return hash("commit", context, nonce);
}

/** @param {Uint8Array} context @param {Uint8Array} nI @param {Uint8Array} nR */
export function shortString(context, nI, nR) {
  return hash("sas", context, nI, nR);
}

/** Four indices of 256. @param {Uint8Array} short */
export function wordIndices(short) {
  return [...short.slice(0, 4)];
}

/** The first 32 bits as ten decimal digits. @param {Uint8Array} short */
export function digitsOf(short) {
  return String(new DataView(short.buffer, short.byteOffset).getUint32(0)).padStart(10, "0");
}

/** Seven indices of 64: the first 42 bits. @param {Uint8Array} short */
export function emojiIndices(short) {
  const bits = [...short.slice(0, 6)].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length: 7 }, (_, at) => Number.parseInt(bits.slice(6 * at, 6 * at + 6), 2));
}

/** What ends a run for good. */
export class WordsProblem extends Error {
  /** @param {'commit'|'malformed'|'order'} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * One run of one side. Every message after the first names the commitment it belongs to; what belongs to another run is
 * passed over, what breaks the order of this one ends it.
 */
export class Run {
  /** @type {'started'|'committed'|'answered'|'done'|'failed'} */ #step = "started";
  /** which run it is; empty before it is known */ commitment = "";
  #taken = "";
  /** @type {object|undefined} what this side said last, and the other one may still wait for */ last;

  /** @param {{initiator: boolean, context: Uint8Array, nonce?: Uint8Array}} parts the nonce is given only by tests */
  constructor({ initiator, context, nonce = crypto.getRandomValues(new Uint8Array(NONCE_LENGTH)) }) {
    this.initiator = initiator;
    this.context = context;
    this.nonce = nonce;
  }

  /** Initiator: the first message. */
  async begin() {
    if (!this.initiator) throw new WordsProblem("order");
    this.#move("started", "committed");
    this.commitment = hex(await commitment(this.context, this.nonce));
    this.last = { t: "commit", c: this.commitment };
    return this.last;
  }

  /**
   * The same message again, over a connection that replaced another one, gets the same answer.
   * @param {Record<string, unknown>} message @returns {Promise<{reply?: object, short?: Uint8Array}>}
   * @throws {WordsProblem} the run is over then, and no other may begin by itself
   */
  async take(message) {
    const said = JSON.stringify([message.t, message.n, message.c]);
    if (said === this.#taken) return { reply: this.last };
    const done = await this.#first(message);
    if (done.reply || done.short) [this.#taken, this.last] = [said, done.reply];
    return done;
  }

  /** @param {Record<string, unknown>} message @returns {Promise<{reply?: object, short?: Uint8Array}>} */
  async #first(message) {
    if (message.t === "commit" && !this.initiator) return this.#answer(message.c);
    if (message.c !== this.commitment) return {};
    if (message.t === "nonce" && this.initiator) return this.#reveal(message.n);
    if (message.t === "reveal" && !this.initiator) return this.#open(message.n);
    throw this.#fail("order");
  }

  /** @param {unknown} c */
  async #answer(c) {
    this.#move("started", "answered");
    this.commitment = hex(this.#bytes(c));
    return { reply: { t: "nonce", n: hex(this.nonce), c } };
  }

  /** @param {unknown} n */
  async #reveal(n) {
    this.#move("committed", "done");
    const theirs = this.#bytes(n);
    const reply = { t: "reveal", n: hex(this.nonce), c: this.commitment };
    return { reply, short: await shortString(this.context, this.nonce, theirs) };
  }

  /** @param {unknown} n */
  async #open(n) {
    this.#move("answered", "done");
    const theirs = this.#bytes(n);
    if (hex(await commitment(this.context, theirs)) !== this.commitment) throw this.#fail("commit");
    return { short: await shortString(this.context, theirs, this.nonce) };
  }

  /** @param {'started'|'committed'|'answered'} from @param {'committed'|'answered'|'done'} to */
  #move(from, to) {
    if (this.#step !== from) throw this.#fail("order");
    this.#step = to;
  }

  /** @param {unknown} text */
  #bytes(text) {
    const bytes = unhex(text, NONCE_LENGTH);
    if (!bytes) throw this.#fail("malformed");
    return bytes;
  }

  /** @param {'commit'|'malformed'|'order'} code */
  #fail(code) {
    this.#step = "failed";
    this.last = undefined;
    return new WordsProblem(code);
  }
}

// Bytes, their hexadecimal form, and the hash that everything here is made of.

/** @param {Uint8Array} bytes */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {unknown} text @param {number} length in bytes @returns {Uint8Array|null} null unless it is exactly that */
export function unhex(text, length) {
  if (typeof text !== "string" || text.length !== 2 * length || !/^[0-9a-f]*$/.test(text)) return null;
  return Uint8Array.from({ length }, (_, at) => Number.parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

/** SHA-256 over parts, each led by its length in four bytes. @param {...(string|Uint8Array)} parts */
export async function hash(...parts) {
  const encoder = new TextEncoder();
  const pieces = parts.map((part) => (typeof part === "string" ? encoder.encode(part) : part));
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + 4 + piece.length, 0));
  const view = new DataView(all.buffer);
  let at = 0;
  for (const piece of pieces) {
    view.setUint32(at, piece.length);
    all.set(piece, at + 4);
    at += 4 + piece.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", all));
}

/** Compares without stopping early. @param {Uint8Array} one @param {Uint8Array} other */
export function equal(one, other) {
  return (
    one.length === other.length && one.reduce((differs, byte, at) => differs | (byte ^ Number(other[at])), 0) === 0
  );
}

// What is said. A place in a list is a number of the short string: the order never changes.

/** 256 short words, easily said and told apart. */
export const english = `
  acorn album almond amber anchor ankle apple apron arena aspen atlas attic autumn award bacon
  badge bagel bakery ballet banana banjo banner barber barrel basil beard beaver beetle bell bench
  bird bottle bread breeze brick bridge bronze broom brush bundle cabin cactus camera candle canoe
  canvas carpet cashew cattle cedar cello cereal chair chalk cherry chess circus citrus clay cliff
  clock cloud clover coast coffee comet copper coral cotton cradle crown dancer denim desert donkey
  dragon drawer drum duck dune eagle easel echo elbow engine fabric falcon farmer fence ferry
  fiddle field flag flute fossil fox frame friend fruit garage garlic gate gazebo glass glove
  goblet grape guitar hammer harp hazel helmet heron honey hood hotel husky igloo indigo island
  ivory jacket jaguar jigsaw kayak kettle kiwi koala lace lagoon lawn lemon lentil letter lilac
  locker lotus lumber maple marble meadow melody meteor mirror moon mosaic muffin museum napkin navy
  needle nephew nest noodle novel nutmeg oasis ocean olive onion opera orange orbit otter oven
  owl oyster palace panda papaya parade parrot peanut pebble pencil pepper piano picnic pigeon pilot
  pirate planet plum poem polar potato puppet puzzle quartz quilt rabbit raisin raven ribbon river
  robin rocket rose ruby ruler sailor salad salmon satin scarf school shadow shelf shovel singer
  skate sled snow soccer spider spoon stable stairs statue stork stove straw sugar summer sunset
  swan swing tango temple tennis ticket tiger topaz torch tower tulip tunnel turtle twig valley
  velvet violin voyage wagon walrus water willow window winter wolf yacht yellow yogurt zebra zigzag
  zipper
`
  .trim()
  .split(/\s+/);

export const german = `
  abend acker adler ahorn album allee amsel ananas angel apfel arena atlas auster ballon bambus
  bauer becher beere berg besen bild birne blatt blume bogen bohne brief brot buche dach
  daumen delfin dorf eber eiche eimer eisen elch ente erbse erde esel eule faden falke
  farbe fasan feige feld figur flagge floh flöte fluss foto frosch fuchs gabel garten gemüse
  glocke gold gondel grille gurke gürtel hafen hagel hammer hase haus hecke heft heide helm
  hemd hering hof holz hotel hund imker indigo ingwer insel jacke jaguar jasmin juwel kaktus
  kamel kamin kanne katze keks kerze kiefer kiwi klee knopf koala komet könig korb krone
  kugel kupfer kürbis lachs lampe laub leder lied lilie linse löffel lotse löwe lupe mais
  maler mandel marder markt marmor melone milch mittag mohn möhre mond moos mücke mühle münze
  musik nadel nebel neffe nelke nest notiz nuss obst ofen olive onkel oper orange orgel
  otter ozean paddel palme panda papier park perle pfau pferd pilot pilz planet pokal prinz
  puppe quark quitte rabe radio rahmen raupe regal regen reh reis ritter robbe rose rubin
  ruder saal sahne salat salbei samt säule schal schnee schwan segel seil senf sessel socke
  sofa sommer sonne spatz specht spinat stadt stall stern strand stuhl tafel tal tango tapete
  tasche tasse teich tiger tinte tisch topf torte traube tulpe tunnel turm ufer uhr umhang
  urlaub vater ventil vogel vulkan waffel wagen wald wappen wasser welle weste wetter wiesel winter
  woche wolf wolke wunder yacht zange zaun zebra zeiger zelt ziegel zimt zirkus zobel zucker
  zweig
`
  .trim()
  .split(/\s+/);

/** 64 pictures as ids, each with one plain name in every language. */
export const emoji = `
  dog cat horse cow pig rabbit elephant lion bear fox owl duck penguin fish turtle bee
  snail butterfly tree flower mushroom cactus leaf apple banana lemon cherry grapes carrot bread cheese egg
  cake pizza cup spoon house castle bridge tent car train bicycle ship plane rocket anchor wheel
  sun moon star cloud umbrella rainbow fire mountain book pencil key clock lamp guitar drum ball
`
  .trim()
  .split(/\s+/);

/** @param {Uint8Array} short @returns {import('./types.js').Spoken} emoji come as ids; their names are the page's words */
export function spoken(short) {
  const indices = wordIndices(short);
  return {
    en: said(english, indices),
    de: said(german, indices),
    digits: digitsOf(short),
    emoji: said(emoji, emojiIndices(short)),
  };
}

/** @param {string[]} list @param {number[]} indices */
function said(list, indices) {
  return indices.map((index) => String(list[index]));
}
