// A drawn face whose mouth follows the voice. It uses the microphone's loudness and no camera.

const PAPER = "#e8efec";
const SKIN = "#d9b99b";
const INK = "#25333a";
const CLOTH = "#0b5d66";

/** @param {import('./paint.js').Scene} scene */
export function draw({ context, width, height, level }) {
  const beat = performance.now() / 1000;
  const sway = Math.sin(beat * 0.9) * height * 0.008;
  context.fillStyle = PAPER;
  context.fillRect(0, 0, width, height);
  context.save();
  context.translate(width / 2, height * 0.46 + sway);
  context.scale(height / 480, height / 480);
  shape(context, CLOTH, 0, 270, 190, 150);
  shape(context, SKIN, 0, 0, 105, 130);
  shape(context, INK, 0, -88, 108, 62);
  shape(context, SKIN, 0, -58, 92, 46);
  eyes(context, beat);
  mouth(context, level);
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {string} colour
 * @param {number} x @param {number} y @param {number} across @param {number} down */
function shape(context, colour, x, y, across, down) {
  context.fillStyle = colour;
  context.beginPath();
  context.ellipse(x, y, across, down, 0, 0, Math.PI * 2);
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {number} beat */
function eyes(context, beat) {
  const open = beat % 4 < 0.15 ? 1.5 : 9;
  for (const side of [-38, 38]) shape(context, INK, side, -12, 9, open);
}

/** @param {CanvasRenderingContext2D} context @param {number} level */
function mouth(context, level) {
  shape(context, "#7a2f2f", 0, 62, 32 - level * 6, 4 + level * 26);
}
