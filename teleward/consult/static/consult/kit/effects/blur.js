// The whole picture blurred: drawn very small, then stretched twice with smoothing.

/** @param {import('./paint.js').Scene} scene */
export function draw(scene) {
  if (scene.source) soften(scene, 32, 24);
}

/** @param {import('./paint.js').Scene} scene @param {number} across @param {number} down */
export function soften({ context, small, middle, source, width, height }, across, down) {
  if (!source) return;
  for (const surface of [small, middle, context]) surface.imageSmoothingQuality = "high";
  context.imageSmoothingEnabled = true;
  small.drawImage(source, 0, 0, across, down);
  middle.drawImage(small.canvas, 0, 0, across, down, 0, 0, 160, 120);
  context.drawImage(middle.canvas, 0, 0, width, height);
}
