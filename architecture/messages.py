"""Keeps each room's German beside its English: `python -m architecture.messages update` and `check`.

`update` collects the sentences of a room, keeps every translation already made, drops what nobody says any
more, and compiles. `check` changes nothing and fails when a sentence has no German, when the placeholders of
the two differ, or when a file on disk is not what `update` would write.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

from architecture.rooms import PACKAGE, name, python_files, rooms, templates
from architecture.sentences import Sentence, in_python, in_template

LANGUAGES = {"de": "nplurals=2; plural=(n != 1);"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")


def collect(room: str) -> dict[Sentence, set[str]]:
    """Every sentence of a room with the files it stands in."""
    found: dict[Sentence, set[str]] = {}
    for read, paths in ((in_python, python_files(room)), (in_template, templates(room))):
        for path in paths:
            for sentence in read(path):
                found.setdefault(sentence, set()).add(name(path))
    return found


def catalogue_path(room: str, language: str) -> Path:
    """Where a room keeps its sentences in one language."""
    return PACKAGE / room / "locale" / language / "LC_MESSAGES" / "django.po"


def merge(found: dict[Sentence, set[str]], old: polib.POFile, language: str) -> polib.POFile:
    """The catalogue of these sentences, with the translations the old one had."""
    known = {(entry.msgid, entry.msgctxt or ""): entry for entry in old if not entry.obsolete}
    new = polib.POFile(wrapwidth=110)
    new.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": LANGUAGES[language],
    }
    new.extend(_entry(sentence, found[sentence], known) for sentence in sorted(found))
    return new


def _entry(sentence: Sentence, files: set[str], known: dict[tuple[str, str], polib.POEntry]) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=sentence.text,
        msgid_plural=sentence.plural,
        msgctxt=sentence.context or None,
        occurrences=[(file, "") for file in sorted(files)],
    )
    before = known.get((sentence.text, sentence.context))
    _carry_over(entry, before)
    return entry


def _carry_over(entry: polib.POEntry, before: polib.POEntry | None) -> None:
    if before is not None:
        entry.tcomment = before.tcomment
        entry.flags = [flag for flag in before.flags if flag == "fuzzy"]
    if entry.msgid_plural:
        kept = before.msgstr_plural if before is not None and before.msgid_plural else {}
        entry.msgstr_plural = {form: kept.get(form, "") for form in (0, 1)}
    elif before is not None:
        entry.msgstr = before.msgstr


def faults(catalogue: polib.POFile) -> Iterator[str]:
    """What keeps a catalogue from being complete, one sentence per fault."""
    for entry in catalogue:
        if not entry.translated():
            yield f"not translated: {entry.msgid!r}"
        elif not _placeholders_agree(entry):
            yield f"placeholders differ: {entry.msgid!r}"


def _placeholders_agree(entry: polib.POEntry) -> bool:
    if not entry.msgid_plural:
        return _placeholders(entry.msgstr) == _placeholders(entry.msgid)
    allowed = _placeholders(entry.msgid_plural)
    return (
        _placeholders(entry.msgstr_plural[1]) == allowed and _placeholders(entry.msgstr_plural[0]) <= allowed
    )


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _state(room: str, language: str) -> tuple[Path, polib.POFile]:
    path = catalogue_path(room, language)
    old = polib.pofile(str(path)) if path.exists() else polib.POFile()
    return path, merge(collect(room), old, language)


def update(room: str, language: str) -> None:
    """Writes the room's catalogue and its compiled form."""
    path, catalogue = _state(room, language)
    if not len(catalogue) and not path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{catalogue}\n")
    path.with_suffix(".mo").write_bytes(catalogue.to_binary())
    missing = sum(1 for _ in faults(catalogue))
    print(f"{name(path)}: {len(catalogue)} sentences, {missing} to do")


def check(room: str, language: str) -> list[str]:
    """Everything wrong with the room's catalogue as it lies on disk."""
    path, catalogue = _state(room, language)
    if not len(catalogue) and not path.exists():
        return []
    found = [f"{name(path)}: {fault}" for fault in faults(catalogue)]
    if not path.exists() or path.read_text() != f"{catalogue}\n":
        found.append(f"{name(path)}: not what the sources say now; run `make translations`")
    elif path.with_suffix(".mo").read_bytes() != catalogue.to_binary():
        found.append(f"{name(path)}: the compiled file is older than its source; run `make translations`")
    return found


def main(arguments: list[str]) -> int:
    """Runs `update` or `check`, for the rooms named or for all of them."""
    verb, *chosen = arguments or ["check"]
    pairs = [(room, language) for room in chosen or rooms() for language in LANGUAGES]
    if verb == "update":
        for room, language in pairs:
            update(room, language)
        return 0
    found = [fault for room, language in pairs for fault in check(room, language)]
    print("\n".join(found) or "Every sentence has its German.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
