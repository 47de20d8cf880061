// Verify a bundle (`socai export bundle`) with Sigstore's verifier of transparency logs:
//
//   node sigstore.mjs DIR VKEY
//
// @sigstore/verify opens the checkpoint and checks an inclusion proof of every entry. What is here
// reads files: proofs are put together from the tiles, so that a wrong tile is a wrong proof.
import { createHash, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const { verifyTLogInclusion } = require("./node_modules/@sigstore/verify/dist/tlog/index.js");
const WIDTH = 256;
const HASH = 32;
const SPKI = Buffer.from("302a300506032b6570032100", "hex");
const [folder, vkey] = process.argv.slice(2);

const joined = (left, right) =>
  createHash("sha256").update("\x01").update(left).update(right).digest();

function path(level, index, count) {
  const thousands = String(index % 1000).padStart(3, "0");
  const width = count - index * WIDTH;
  return join("tile", level, thousands) + (width < WIDTH ? `.p/${width}` : "");
}

// All files of a level, one after another; small logs only, of less than 1000 tiles.
function files(level, count) {
  const indexes = [...Array(Math.ceil(count / WIDTH)).keys()];
  return indexes.map((index) => readFileSync(join(folder, path(level, index, count))));
}

function* entries(size) {
  for (const told of files("entries", size))
    for (let place = 0; place < told.length; ) {
      const start = place + 2;
      place = start + told.readUInt16BE(start - 2);
      if (place > told.length) throw new Error("a bundle ends in the middle of an entry");
      yield told.subarray(start, place);
    }
}

// The hash over `count` leaves (a power of two) from `start` on, of the level that knows it.
function node(levels, start, count) {
  let level = 0;
  while (count >= WIDTH) [level, start, count] = [level + 1, start / WIDTH, count / WIDTH];
  let row = [];
  for (let n = start; n < start + count; n++)
    row.push(levels[level].subarray(n * HASH, (n + 1) * HASH));
  while (row.length > 1)
    row = row.filter((_, n) => n % 2 === 0).map((left, n) => joined(left, row[2 * n + 1]));
  return row[0];
}

// RFC 6962 §2.1: the root over leaves, split at the largest power of two below their number.
const split = (count) => 2 ** Math.floor(Math.log2(count - 1));
const known = new Map();
function root(levels, start, count) {
  if (Number.isInteger(Math.log2(count))) return node(levels, start, count);
  const key = `${start}+${count}`;
  if (!known.has(key)) {
    const left = split(count);
    const right = root(levels, start + left, count - left);
    known.set(key, joined(node(levels, start, left), right));
  }
  return known.get(key);
}

function proof(levels, index, start, count) {
  if (count === 1) return [];
  const left = split(count);
  return index < left
    ? [...proof(levels, index, start, left), root(levels, start + left, count - left)]
    : [...proof(levels, index - left, start + left, count - left), root(levels, start, left)];
}

function log() {
  const [name, id, encoded] = vkey.split(/\+(.{8})\+/);
  const raw = Buffer.from(encoded, "base64");
  const logID = createHash("sha256").update(`${name}\n`).update(raw).digest();
  if (logID.subarray(0, 4).toString("hex") !== id) throw new Error("not a verifier key");
  const der = Buffer.concat([SPKI, raw.subarray(1)]);
  const publicKey = createPublicKey({ key: der, format: "der", type: "spki" });
  return { logID, publicKey, baseURL: name, validFor: { start: new Date(0), end: new Date() } };
}

function verify() {
  const envelope = readFileSync(join(folder, "checkpoint"), "utf8");
  const size = Number(envelope.split("\n")[1]);
  const levels = [];
  for (let level = 0, count = size; count > 0; level++, count = Math.floor(count / WIDTH))
    levels.push(Buffer.concat(files(String(level), count)));
  const trusted = log();
  let index = 0;
  for (const canonicalizedBody of entries(size)) {
    const hashes = proof(levels, index, 0, size);
    const inclusionProof = { checkpoint: { envelope }, logIndex: String(index++), hashes };
    verifyTLogInclusion({ logId: { keyId: trusted.logID }, canonicalizedBody, inclusionProof }, [
      trusted,
    ]);
  }
  if (index !== size) throw new Error(`${index} entries, and ${size} were signed`);
  return size;
}

try {
  console.log(`VERIFIED ${verify()}`);
} catch (error) {
  console.log(`NOT VERIFIED: ${error.message}`);
  process.exitCode = 1;
}
