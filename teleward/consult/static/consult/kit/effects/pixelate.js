// Coarse squares: 32 across, so that a face is a person but nobody in particular.

/** @param {import('./paint.js').Scene} scene */
export function draw({ context, small, source, width, height }) {
  if (!source) return;
  small.drawImage(source, 0, 0, 32, 24);
  context.imageSmoothingEnabled = false;
  context.drawImage(small.canvas, 0, 0, 32, 24, 0, 0, width, height);
}
