"""Checks proof files of a Teleward ledger, offline: `python verify.py FILE …`. Needs Python 3.11 alone.

This one file may be copied and read on its own; it shares no line with the program that made the proofs.
What it checks is written down in docs/reference/proof-file.md; Ed25519 is that of RFC 8032, the tree that of
RFC 9162, the texts are those of C2SP (signed-note, tlog-checkpoint, tlog-cosignature, tlog-proof).
"""

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

FORMAT = "teleward-proof/v1"
LOG, WITNESS = 1, 4  # kinds of key
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, -1, PRIME) % PRIME
MINUS_ONE_ROOT = pow(2, (PRIME - 1) // 4, PRIME)
Point = tuple[int, int, int, int]
NOWHERE: Point = (0, 1, 1, 0)


class Wrong(Exception):
    """Something does not hold; the message is a sentence for the person who asked."""


@dataclass(frozen=True)
class Head:
    """A signed checkpoint: which ledger, how many entries, the root over them, and who has seen it when."""

    origin: str
    size: int
    root: bytes
    seen: dict[str, datetime]


@dataclass
class Findings:
    """What was said about one file."""

    good: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    key: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the files; 0 when everything in them holds, else 1."""
    parser = argparse.ArgumentParser(prog="verify", description="Checks proof files of a ledger, offline.")
    add_arguments(parser)
    return run(parser.parse_args(arguments))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files, and the keys that are known from elsewhere."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a proof file, or several")
    parser.add_argument("--key", help="the ledger's key as the practice publishes it: name+id+key")
    parser.add_argument("--witness", action="append", help="a witness's key as the witness publishes it")


def run(chosen: argparse.Namespace) -> int:
    """Check the files, say what holds and what does not; returns the exit code."""
    checked = [checked_file(path, chosen.key, chosen.witness) for path in chosen.files]
    for path, found in zip(chosen.files, checked, strict=True):
        _say(f"{path}:", *found.good, *found.waiting, *(f"WRONG: {one}" for one in found.wrong))
        _say(*_about_witnesses(found.heads), *([] if chosen.key else _about_key(found)))
    forks = _two_ledgers([head for found in checked for head in found.heads])
    _say(*(f"WRONG: {one}" for one in forks))
    holds = not forks and all(found.good and not found.wrong for found in checked)
    _say("Everything that could be checked holds." if holds else "This does not prove what it should.")
    return 0 if holds else 1


def checked_file(path: Path, key: str | None = None, witnesses: list[str] | None = None) -> Findings:
    """Everything about one file; what cannot be read is wrong too."""
    found = Findings()
    try:
        told = _read(path)
        found.key = told["log"]
        entries = sorted(told["entries"], key=lambda entry: int(entry["number"]))
        for entry in entries:
            _check_entry(entry, key or found.key, witnesses or told["witnesses"], found)
        _check_chain(entries, found)
    except Wrong as wrong:
        found.wrong.append(str(wrong))
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError):
        found.wrong.append("This is not a proof file of Teleward, or a part of it is missing.")
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Wrong(f"The file cannot be read: {error.strerror}.") from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Wrong("This is not a proof file of Teleward.")
    return told


def _check_entry(entry: dict[str, Any], key: str, witnesses: list[str], found: Findings) -> None:
    name, leaf = f"Entry {int(entry['number'])}", _bytes(entry["leaf"], 32)
    if entry["body"] and _leaf_of(entry) != leaf:
        found.wrong.append(f"{name} was changed: its words do not fit its seal.")
    elif not entry["proof"]:
        found.waiting.append(f"{name} is new and not in the signed ledger yet. Download it again later.")
    else:
        place, head = _placed(entry["proof"], leaf, key, witnesses, name)
        found.heads.append(head)
        found.good.append(f"{name} {_told(entry)} stands at place {place + 1} of {head.size}.")


def _told(entry: dict[str, Any]) -> str:
    """What the entry says, in its own words and short."""
    if not entry["body"]:
        return "(its words were erased or held back)"
    facts = json.loads(entry["body"])
    told = (str(facts.get(name, "")) for name in ("at", "action", "outcome", "purpose"))
    return f"({', '.join(told)})"


def _check_chain(entries: list[dict[str, Any]], found: Findings) -> None:
    for older, newer in pairwise(entries):
        step = int(newer["number"]) - int(older["number"])
        if step == 1 and newer["previous"] != older["leaf"]:
            found.wrong.append(f"Entry {newer['number']} does not follow entry {older['number']}.")
        if step != 1:
            found.waiting.append(f"Between entry {older['number']} and entry {newer['number']} are others.")
        if step < 1:
            found.wrong.append(f"Entry {newer['number']} is there twice.")


def _placed(proof: str, leaf: bytes, key: str, witnesses: list[str], name: str) -> tuple[int, Head]:
    """The place of a leaf in the tree its proof names. Raises Wrong."""
    above, _, note = proof.partition("\n\n")
    lines = [line for line in above.split("\n")[1:] if not line.startswith("extra ")]
    index, path = int(lines[0].removeprefix("index ")), [_bytes(line, 32) for line in lines[1:]]
    head = _head(note, key, tuple(witnesses))
    if _root(leaf, index, head.size, path) != head.root:
        raise Wrong(f"{name} is not in the ledger that was signed.")
    return index, head


@lru_cache(maxsize=64)
def _head(note: str, key: str, witnesses: tuple[str, ...]) -> Head:
    """A checkpoint once the ledger's key has signed it. Raises Wrong."""
    text, _, below = note.rpartition("\n\n")
    origin, size, root, *_more = text.split("\n")
    name, public, known = _key(key, LOG)
    lines = _signatures(below, name, known)
    signed = lines and all(ed25519_holds(public, one, f"{text}\n".encode()) for one in lines)
    if not signed:
        raise Wrong(f"The ledger was not signed with the key {key}.")
    seen = {one: at for one in witnesses for at in _seen_at(f"{text}\n", below, one)}
    return Head(origin, int(size), _bytes(root, 32), seen)


def _seen_at(text: str, below: str, witness: str) -> list[datetime]:
    name, public, known = _key(witness, WITNESS)
    times = []
    for value in _signatures(below, name, known):
        at = int.from_bytes(value[:8], "big")
        if ed25519_holds(public, value[8:], f"cosignature/v1\ntime {at}\n{text}".encode()):
            times.append(datetime.fromtimestamp(at, UTC))
    return times


def _signatures(below: str, name: str, known: bytes) -> list[bytes]:
    lines = [line.split(" ") for line in below.split("\n") if line.startswith("\N{EM DASH} ")]
    values = [_bytes(line[2]) for line in lines if len(line) == 3 and line[1] == name]
    return [value[4:] for value in values if value[:4] == known]


def _key(vkey: str, kind: int) -> tuple[str, bytes, bytes]:
    """Name, public key and the id it must have. Raises Wrong."""
    name, told, coded = vkey.split("+", 2)
    raw = _bytes(coded, 33)
    known = hashlib.sha256(f"{name}\n".encode() + raw).digest()[:4]
    if raw[0] != kind or known.hex() != told:
        raise Wrong(f"This is not a key, or a letter in it is wrong: {vkey}")
    return name, raw[1:], known


def _leaf_of(entry: dict[str, Any]) -> bytes:
    """The leaf hash of the salted commitment to what the entry says."""
    number = int(entry["number"]).to_bytes(8, "big")
    sealed = _bytes(entry["salt"], 16) + number + _bytes(entry["previous"], 32) + entry["body"].encode()
    return hashlib.sha256(b"\x00" + hashlib.sha256(sealed).digest()).digest()


def _root(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root the path leads to (RFC 9162 §2.1.3.2), None when it leads nowhere."""
    at, last, here = index, size - 1, leaf
    if not 0 <= at <= last:
        return None
    for sibling in path:
        if last == 0:
            return None
        is_right = at & 1 or at == last
        here = hashlib.sha256(b"\x01" + (sibling + here if is_right else here + sibling)).digest()
        while is_right and at and not at & 1:
            at, last = at >> 1, last >> 1
        at, last = at >> 1, last >> 1
    return here if last == 0 else None


def _bytes(text: str, length: int | None = None) -> bytes:
    value = base64.b64decode(text, validate=True)
    if length not in {None, len(value)}:
        raise Wrong("A part of the file is damaged.")
    return value


def _two_ledgers(heads: list[Head]) -> list[str]:
    roots: dict[tuple[str, int], set[bytes]] = {}
    for head in heads:
        roots.setdefault((head.origin, head.size), set()).add(head.root)
    return [
        f"{origin} has signed two different ledgers of {size} entries. Keep these files: they prove it."
        for (origin, size), different in roots.items()
        if len(different) > 1
    ]


def _about_witnesses(heads: list[Head]) -> list[str]:
    seen = {(name.split("+")[0], at) for head in heads for name, at in head.seen.items()}
    if heads and not seen:
        return ["No witness has seen this ledger: a second, different one could have been shown to others."]
    return [f"The witness {name} saw this ledger on {at:%Y-%m-%d at %H:%M} UTC." for name, at in sorted(seen)]


def _about_key(found: Findings) -> list[str]:
    told = f"Signed with {found.key}", "The file names this key itself: compare it with the published one."
    return list(told) if found.good else []


def ed25519_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature of the message is that of the public key (RFC 8032, section 5.1.7)."""
    if len(signature) != 64 or len(public) != 32:
        return False
    whose, nonce, scalar = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if whose is None or nonce is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = _times(scalar, GENERATOR), _sum(nonce, _times(challenge, whose))
    return all((left[at] * right[2] - right[at] * left[2]) % PRIME == 0 for at in (0, 1))


def _sum(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % PRIME
    b = (one[1] + one[0]) * (other[1] + other[0]) % PRIME
    c = 2 * one[3] * other[3] * CURVE % PRIME
    d = 2 * one[2] * other[2] % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def _times(count: int, point: Point) -> Point:
    total = NOWHERE
    while count:
        if count & 1:
            total = _sum(total, point)
        point, count = _sum(point, point), count >> 1
    return total


def _point(encoded: bytes) -> Point | None:
    """The point of the curve that 32 bytes name, or None."""
    number = int.from_bytes(encoded, "little")
    y, is_odd = number & ((1 << 255) - 1), number >> 255
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(CURVE * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * MINUS_ONE_ROOT % PRIME
    if (x * x - square) % PRIME or (x == 0 and is_odd):
        return None
    x = PRIME - x if x & 1 != is_odd else x
    return x, y, 1, x * y % PRIME


def _say(*lines: str) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")


GENERATOR: Point = _point((4 * pow(5, -1, PRIME) % PRIME).to_bytes(32, "little")) or NOWHERE

if __name__ == "__main__":
    sys.exit(main())
