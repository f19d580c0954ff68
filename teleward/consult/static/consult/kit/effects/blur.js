// The whole picture blurred: drawn very small, then stretched twice with smoothing.

/** @param {import('./paint.js').Scene} scene */
export function draw(scene) {
  if (scene.source) soften(scene, 32, 24);
}

/** @param {import('./paint.js').Scene} scene @param {number} across @param {number} down */
export function soften({ context, small, source, width, height }, across, down) {
  if (!source) return;
  small.imageSmoothingQuality = "high";
  small.drawImage(source, 0, 0, across, down);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(small.canvas, 0, 0, across, down, 0, 0, width / 4, height / 4);
  context.drawImage(context.canvas, 0, 0, width / 4, height / 4, 0, 0, width, height);
}
