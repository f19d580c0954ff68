import assert from "node:assert/strict";
import test from "node:test";

import { cleanName, MOST_BYTES, refusal, sniff } from "../../../teleward/consult/static/consult/call/filekinds.js";
import { promised } from "../../../teleward/consult/static/consult/call/pairing.js";
import { readOffer } from "../../../teleward/consult/static/consult/call/receiving.js";
import { LONGEST, readChat, readMedia } from "../../../teleward/consult/static/consult/call/talk.js";

const latin = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test("the first bytes say what a file is", () => {
  const signs = {
    "%PDF-1.7\n": "application/pdf",
    "\xff\xd8\xff\xe0": "image/jpeg",
    "\x89PNG\r\n\x1a\n": "image/png",
    "RIFF\x01\x02\x03\x04WEBPVP8 ": "image/webp",
    "Take one in the morning.\n": "text/plain",
  };
  for (const [start, type] of Object.entries(signs)) assert.equal(sniff(latin(start)), type);
});

test("programs, archives, sound and broken text are none of the allowed", () => {
  for (const start of [
    "MZ\x90\x00",
    "\x7fELF",
    "PK\x03\x04",
    "RIFF\x01\x02\x03\x04WAVE",
    "GIF89a\x00",
    "\xff\xfe\x00",
    "\xc3(",
  ]) {
    assert.equal(sniff(latin(start)), null, start);
  }
});

test("a name keeps its letters and loses every trick", () => {
  assert.equal(cleanName("Befund Müller.pdf", "application/pdf"), "Befund Müller.pdf");
  assert.equal(cleanName("../../etc/passwd", "text/plain"), "passwd.txt");
  assert.equal(cleanName("C:\\temp\\x.exe", "image/png"), "x.png");
  assert.equal(cleanName("gpj.\u202Eexe.jpg", "image/jpeg"), "gpj.exe.jpg");
  assert.equal(cleanName("page.html", "text/plain"), "page.txt");
  assert.equal(cleanName("...", "text/plain"), "file.txt");
  assert.equal(cleanName("", "image/webp"), "file.webp");
  assert.ok(cleanName("a".repeat(500), "text/plain").length <= 84);
});

test("each refusal has its code", () => {
  assert.equal(refusal({ size: 0 }, "text/plain", "file"), "file:empty");
  assert.equal(refusal({ size: MOST_BYTES + 1 }, "text/plain", "file"), "file:too-large");
  assert.equal(refusal({ size: 5 }, null, "file"), "file:type");
  assert.equal(refusal({ size: 5 }, "text/html", "file"), "file:type");
  assert.equal(refusal({ size: 5 }, "application/pdf", "photo"), "file:type");
  assert.equal(refusal({ size: MOST_BYTES }, "image/jpeg", "photo"), null);
});

test("an offer that is not shaped like one is refused", () => {
  const offer = {
    id: "12345678-1234-4234-8234-123456789abc",
    name: "x",
    type: "text/plain",
    size: 5,
    hash: "0".repeat(64),
    purpose: "file",
  };
  assert.equal(readOffer(offer)?.name, "x");
  for (const change of [{ id: "1" }, { hash: "x" }, { size: 1.5 }, { size: -1 }, { name: 7 }, { type: null }]) {
    assert.equal(readOffer({ ...offer, ...change }), null);
  }
});

test("chat is text of at most 4000 characters, counted as people count", () => {
  const chat = { id: "12345678-1234-4234-8234-123456789abc", text: "🙂".repeat(LONGEST), at: "2026-11-22T10:00:00Z" };
  assert.equal(readChat(chat)?.text, chat.text);
  assert.equal(readChat({ ...chat, text: `${chat.text}!` }), null);
  for (const change of [{ text: "" }, { text: 7 }, { id: "x" }, { at: 5 }])
    assert.equal(readChat({ ...chat, ...change }), null);
});

test("a state of media is one of the modes and three switches", () => {
  assert.deepEqual(readMedia({ mode: "audio", microphone: true, camera: "yes" }), {
    mode: "audio",
    microphone: true,
    camera: false,
    screen: false,
  });
  assert.equal(readMedia({ mode: "hologram" }), null);
});

const line = (pair) => `a=fingerprint:sha-256 ${Array(32).fill(pair).join(":")}\r\n`;

test("a description promises exactly one certificate", () => {
  assert.deepEqual(promised(`v=0\r\n${line("AB")}m=audio\r\n${line("ab")}`), new Uint8Array(32).fill(0xab));
});

test("two certificates, another hash, none or a broken one are refused", () => {
  for (const sdp of [
    line("AB") + line("AC"),
    line("AB").replace("256", "512"),
    "",
    undefined,
    line("AB").replace("AB:", ""),
  ]) {
    assert.throws(() => promised(sdp));
  }
  assert.throws(() => promised(`${line("AB")}a=fingerprint:sha-1 00:11\r\n`));
});
