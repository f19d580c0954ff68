// An oval with a sharp centre; the room around it is blurred. No guess about where the face is.

import { soften } from "./blur.js";

/** @param {import('./paint.js').Scene} scene */
export function draw(scene) {
  const { context, source, width, height } = scene;
  if (!source) return;
  soften(scene, 48, 36);
  context.save();
  context.beginPath();
  context.ellipse(width / 2, height / 2, height * 0.34, height * 0.46, 0, 0, Math.PI * 2);
  context.clip();
  context.drawImage(source, 0, 0, width, height);
  context.restore();
}
