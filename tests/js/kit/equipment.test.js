import assert from "node:assert/strict";
import { test } from "node:test";
import { kindOf, nameOf } from "../../../teleward/consult/static/consult/kit/files.js";
import { loudness, problemOf, rootMeanSquare } from "../../../teleward/consult/static/consult/room/own.js";

const bytes = (/** @type {string} */ text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

test("a file is what its first bytes say", () => {
  assert.equal(kindOf(bytes("\xff\xd8\xff\xe0....JFIF")), "image/jpeg");
  assert.equal(kindOf(bytes("\x89PNG\r\n\x1a\n....")), "image/png");
  assert.equal(kindOf(bytes("RIFF\x10\x00\x00\x00WEBPVP8 ")), "image/webp");
  assert.equal(kindOf(bytes("%PDF-1.7\n")), "application/pdf");
  assert.equal(kindOf(bytes("Grüße\r\nund\tmehr")), "text/plain");
});

test("programs, drawings that could run and unknown things are none of the allowed kinds", () => {
  assert.equal(kindOf(bytes("MZ\x90\x00\x03")), "");
  assert.equal(kindOf(bytes("\x7fELF\x02\x01")), "");
  assert.equal(kindOf(bytes("PK\x03\x04")), "");
});

test("a name loses its folders, tricks and old ending", () => {
  assert.equal(nameOf("C:\\Users\\me\\arm.HEIC", "image/jpeg"), "arm.jpg");
  assert.equal(nameOf("../../etc/passwd", "text/plain"), "passwd.txt");
  assert.equal(nameOf("photo\u202Egpj.exe", "image/png"), "photogpj.png");
  assert.equal(nameOf("", "application/pdf"), "file.pdf");
  assert.ok(nameOf("x".repeat(500), "image/webp").length <= 85);
});

test("each reason a device may refuse has its own sentence", () => {
  const named = (/** @type {string} */ name) => problemOf("camera", Object.assign(new Error(), { name }));
  assert.equal(named("NotAllowedError"), "camera-denied");
  assert.equal(named("NotFoundError"), "camera-missing");
  assert.equal(named("NotReadableError"), "camera-busy");
  assert.equal(named("OverconstrainedError"), "camera-unsuitable");
  assert.equal(named("SecurityError"), "camera-forbidden");
  assert.equal(named("SomethingNew"), "camera-aborted");
  assert.equal(problemOf("microphone", null), "microphone-aborted");
});

test("loudness grows from silence to one", () => {
  assert.equal(loudness(0), 0);
  assert.equal(loudness(1), 1);
  assert.ok(loudness(0.02) > 0.3 && loudness(0.02) < loudness(0.2));
  assert.equal(rootMeanSquare(new Float32Array([0.5, -0.5])), 0.5);
});
