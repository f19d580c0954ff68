/**
 * The shapes that the modules of the call share. Types only; no page ever loads this file.
 *
 * @typedef {'audio'|'video'|'screen'} Kind
 * @typedef {'video'|'low-video'|'one-way'|'photo-audio'|'audio'|'phone'|'text'} Mode
 * @typedef {'words'|'digits'|'emoji'} WordForm
 * @typedef {'new'|'connected'|'stalled'|'gone'} LinkState
 * @typedef {'direct'|'relayed'|null} Path
 * @typedef {'same'|'different'} Outcome
 * @typedef {{type: string, [field: string]: any}} Message one message on the socket, either way
 * @typedef {{kind: 'offer'|'answer'|'candidate'|'need-restart'|'bye', instance: string, epoch?: string|null,
 *   offer?: number, sdp?: string, candidates?: RTCIceCandidateInit[], fresh?: boolean, lost?: boolean}} Body what two peers relay to each other
 * @typedef {{servers: RTCIceServer[], ttl: number}} Ice
 * @typedef {{peer: string, seat: number, role: string, name: string}} Person
 * @typedef {{mode: Mode, microphone: boolean, camera: boolean, screen: boolean}} Media
 * @typedef {{en: string[], de: string[], digits: string, emoji: string[]}} Spoken
 * @typedef {'none'|'running'|'ready'|'verified'|'different'|'known'|'changed'} VerificationState
 * @typedef {{state: VerificationState, words: Spoken|null, run: number, since: string|null,
 *   theirs: Outcome|null, because: string|null, evidence: string|null, form: WordForm}} VerificationView
 *   `form` is words where both sides read the same language, digits otherwise
 * @typedef {{seat: number, role: string, name: string, link: LinkState, path: Path,
 *   verification: VerificationView, media: Media|null}} PeerView
 * @typedef {{readings: import('./link.js').Pipe, waves: import('./link.js').Pipe}} Pipes
 * @typedef {{phase: 'connecting'|'lobby'|'room'|'reconnecting'|'over', seat: number|null, role: string|null,
 *   peers: Map<string, PeerView>}} CallState
 * @typedef {{emit: (type: string, detail: Record<string, unknown>) => boolean, send: (message: Message) => void,
 *   freshIce: () => Promise<Ice>, doubt: () => void, changed: () => void, note: (what: string, detail?: unknown) => void,
 *   heard: () => boolean, achieved: (mode: Mode) => void, visit: string, instance: string, certificate: RTCCertificate, relayOnly: boolean,
 *   language: string, media: Media}} Surroundings what a peer may ask of the call it belongs to
 */
export {};
