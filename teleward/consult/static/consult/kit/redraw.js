// Drawing a picture anew keeps what is seen and loses everything else: place, time, camera, thumbnails, comments.

/** @param {ImageBitmap} picture @param {string} type @param {number} [quality] @returns {Promise<Blob>} */
export function redraw(picture, type, quality) {
  const canvas = Object.assign(document.createElement("canvas"), {
    width: picture.width,
    height: picture.height,
  });
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  picture.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("not drawn"))), type, quality);
  });
}
