/**
 * The shapes that the patient's modules share. Types only; no page ever loads this file.
 *
 * @typedef {{code: string, unit: string, value?: string, absent?: string, original?: {value: string, unit: string}}} Value
 * @typedef {{code: string, word: string, unit: string, lowest: string, highest: string, jump: string|null}} Quantity
 * @typedef {Quantity & {digits: number, needed: boolean}} Field of a form
 * @typedef {{name: string, word: string, service: string, characteristics: string[], module: string,
 *   quantities: Quantity[], continuous: boolean, typed: boolean, waves: boolean}} Kind before the consent only `name`,
 *   `word`, `typed` and `waves`
 * @typedef {{maker?: string, model?: string, serial?: string, system_id?: string, firmware?: string}} Facts
 * @typedef {{id: string, kind: string, sequence: number, source: 'device'|'typed', measured_at: string|null,
 *   received_at: string, values: Value[], device: Facts, user: number|null, flags: string[], waveform: object|null}} Reading
 * @typedef {{values: Value[], measured_at?: string|null, user?: number|null, flags?: string[],
 *   sequence?: number|null, more?: Decoded[],
 *   waveform?: import('./curve.js').Waveform|null}} Decoded
 * @typedef {(characteristic: string, frame: DataView) => Decoded} Decode throws what it cannot read
 * @typedef {'connecting'|'connected'|'measuring'|'out-of-range'|'disconnected'|'stopped'} State
 * @typedef {{seat: number, name: string}} Person
 * @typedef {{id: string, kinds: string[], until: 'stop'|'end'}} Sharing
 * @typedef {{reading: Reading, pairing: string, sharing: string, to: string[], has: string[], lost: string[], kept: string,
 *   refused: string, photo: string, curve: import('./curve.js').Curve|null}} Sent `to` are names; whose browser `has` it, whom it
 *   will not reach (`lost`); `photo` is what became of one of the
 *   display: going, arrived, refused; `curve` where it is one
 * @typedef {(address: string, body: object) => Promise<any>} Post rejects with {status} where it did not work
 * @typedef {{visit: string, language: string, kinds: Kind[], signs: Record<string, string>,
 *   urls: {share: string, stop: string, keep: string, type: string, flags: string}}} Page `signs` are units as people
 *   write them
 */
export {};
