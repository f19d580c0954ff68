/** What the browser's decoders say of frames; run by itself, of those that stand on its input, one a line,
 * all of a kind over one connection. */
import { argv, stdin, stdout } from "node:process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Unreadable } from "../../../teleward/devices/static/devices/kinds/frame.js";

const STATIC = "../../../teleward/devices/static/devices/kinds";
const READ_AT = 3; // octets before the frame, as in a buffer that holds more than it

/** A decoder for one connection to a device of this kind. */
export async function connection(kind) {
  const { begin, decode } = await import(`${STATIC}/${kind}.js`);
  return begin?.() ?? decode;
}

export function outcome(decode, characteristic, hex) {
  const octets = Buffer.from("00".repeat(READ_AT) + hex, "hex");
  const view = new DataView(octets.buffer, octets.byteOffset + READ_AT, octets.length - READ_AT);
  try {
    return { says: decode(characteristic, view) };
  } catch (problem) {
    if (!(problem instanceof Unreadable)) throw problem;
    return { refused: problem.reason };
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [told, connections] = [[], {}];
  for (const line of (await text(stdin)).split("\n")) {
    const [kind, characteristic, hex] = line.split(" ");
    connections[kind] ??= await connection(kind);
    told.push(JSON.stringify(outcome(connections[kind], characteristic, hex)));
  }
  stdout.write(told.join("\n"));
}
