// How loud a microphone is, from 0 (silence) to 1 (very loud). The sound goes nowhere.

/** From the root mean square of samples to a scale that moves as ears hear. @param {number} rms */
export const loudness = (rms) => (rms <= 0.001 ? 0 : Math.min(1, (20 * Math.log10(rms) + 60) / 50));

/** @param {Float32Array} samples */
export function rootMeanSquare(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / (samples.length || 1));
}

export class Meter {
  #context = new AudioContext();
  #samples = new Float32Array(1024);
  #analyser;

  /** @param {MediaStreamTrack} track */
  constructor(track) {
    this.#analyser = new AnalyserNode(this.#context, { fftSize: 1024 });
    this.#context.createMediaStreamSource(new MediaStream([track])).connect(this.#analyser);
    this.#context.resume().catch(() => undefined);
  }

  level() {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return loudness(rootMeanSquare(this.#samples));
  }

  /** Resolves true as soon as somebody is heard for a moment, false when the time is over.
   * @param {number} milliseconds @param {(level: number) => void} shown @returns {Promise<boolean>} */
  hears(milliseconds, shown) {
    return new Promise((resolve) => {
      let loudMoments = 0;
      let left = Math.ceil(milliseconds / 80);
      const timer = setInterval(() => {
        const level = this.level();
        shown(level);
        loudMoments += level > 0.25 ? 1 : 0;
        left -= 1;
        if (loudMoments < 4 && left > 0) return;
        clearInterval(timer);
        resolve(loudMoments >= 4);
      }, 80);
    });
  }

  stop() {
    this.#context.close().catch(() => undefined);
  }
}

/** @type {{track: MediaStreamTrack, meter: Meter}|null} */
let followed = null;

/** How loud this track is now; with nobody to follow, the listening ends. @param {MediaStreamTrack|null} track */
export function levelOf(track) {
  if (followed?.track !== track) {
    followed?.meter.stop();
    followed = track && { track, meter: new Meter(track) };
  }
  return followed?.meter.level() ?? 0;
}
