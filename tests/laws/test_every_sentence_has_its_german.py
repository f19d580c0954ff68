"""Every sentence a person can read exists in German, and the two say the same things."""

import re
from pathlib import Path

import polib
import pytest

from architecture.messages import catalogue_path, check, faults, merge
from architecture.rooms import PACKAGE, name, rooms
from architecture.sentences import NotLiteral, Sentence, in_python, in_template


@pytest.mark.parametrize("room", rooms())
def test_every_sentence_of_a_room_has_its_german(room: str) -> None:
    assert check(room, "de") == []


def _told_differently(catalogues: list[polib.POFile]) -> list[str]:
    """Sentences that two rooms translate differently: Django would show whichever it loads last."""
    told: dict[tuple[str, str], set[str]] = {}
    for catalogue in catalogues:
        for entry in catalogue.translated_entries():
            german = entry.msgstr or "|".join(entry.msgstr_plural.values())
            told.setdefault((entry.msgid, entry.msgctxt or ""), set()).add(german)
    return sorted(msgid for (msgid, _context), germans in told.items() if len(germans) > 1)


def test_no_two_rooms_say_the_same_sentence_differently() -> None:
    paths = (catalogue_path(room, "de") for room in rooms())
    assert _told_differently([polib.pofile(str(path)) for path in paths if path.exists()]) == []


def test_two_rooms_that_do_are_caught() -> None:
    leave = Sentence("Leave")
    one, other = _catalogue(leave, "Verlassen"), _catalogue(leave, "Gehen")
    assert _told_differently([one, other]) == ["Leave"]
    assert _told_differently([one, one]) == []


def _read(tmp_path: Path, file: str, source: str) -> list[Sentence]:
    path = tmp_path / file
    path.write_text(source)
    return list((in_python if file.endswith(".py") else in_template)(path))


def test_sentences_are_found_in_every_kind_of_call(tmp_path: Path) -> None:
    source = """
_("plain"), gettext_lazy("lazy"), ngettext("%(n)s day", "%(n)s days", n), pgettext_lazy("a verb", "Leave")
"""
    assert _read(tmp_path, "page.py", source) == [
        Sentence("plain"),
        Sentence("lazy"),
        Sentence("%(n)s day", plural="%(n)s days"),
        Sentence("Leave", context="a verb"),
    ]


def test_sentences_are_found_in_every_kind_of_tag(tmp_path: Path) -> None:
    source = """
      {% translate "plain" %} {% translate "Leave" context "a verb" %} {{ _("in a variable") }}
      {% blocktranslate trimmed with name=x %}
        Hello
        {{ name }}, 100 %
      {% endblocktranslate %}
      {% blocktranslate count n=days %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}
      <c-button label="{% translate 'in an attribute' %}" :hint="_('in a dynamic one')" />
    """
    assert set(_read(tmp_path, "page.html", source)) == {
        Sentence("plain"),
        Sentence("Leave", context="a verb"),
        Sentence("in a variable"),
        Sentence("Hello %(name)s, 100 %%"),
        Sentence("%(n)s day", plural="%(n)s days"),
        Sentence("in an attribute"),
        Sentence("in a dynamic one"),
    }


def test_a_sentence_put_together_from_parts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotLiteral):
        _read(tmp_path, "page.py", '_(f"Hello {name}")')


def _catalogue(english: Sentence, german: str, *, fuzzy: bool = False) -> polib.POFile:
    catalogue = merge({english: {"page.html"}}, polib.POFile(), "de")
    catalogue[0].msgstr = german
    catalogue[0].flags = ["fuzzy"] if fuzzy else []
    return catalogue


def test_a_missing_a_doubtful_and_a_garbled_translation_are_each_caught() -> None:
    hello = Sentence("Hello %(name)s")
    assert list(faults(_catalogue(hello, "Guten Tag, %(name)s"))) == []
    assert list(faults(_catalogue(hello, ""))) == ["not translated: 'Hello %(name)s'"]
    assert list(faults(_catalogue(hello, "Guten Tag, %(name)s", fuzzy=True))) == [
        "not translated: 'Hello %(name)s'"
    ]
    assert list(faults(_catalogue(hello, "Guten Tag, %(Name)s"))) == ["placeholders differ: 'Hello %(name)s'"]


def test_an_update_keeps_what_was_translated_and_drops_what_nobody_says() -> None:
    old = _catalogue(Sentence("Leave"), "Verlassen")
    kept = merge({Sentence("Leave"): {"a.html"}, Sentence("Stay"): {"a.html"}}, old, "de")
    assert [(entry.msgid, entry.msgstr) for entry in kept] == [("Leave", "Verlassen"), ("Stay", "")]
    assert [entry.msgid for entry in merge({Sentence("Stay"): {"a.html"}}, old, "de")] == ["Stay"]


COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
WORDS = re.compile(r"""(?<![\w`])(["'`])([A-ZÄÖÜ][^"'`\n]*?\s[^"'`\n]*?)\1""")
SCRIPTS = [
    path
    for path in sorted(PACKAGE.glob("*/static/**/*.js"))
    if "vendor" not in path.parts and not path.name.startswith("htmx")
]


def _words(source: str) -> list[str]:
    return [found[1] for found in WORDS.findall(COMMENT.sub("", source))]


def test_no_browser_module_has_words_of_its_own() -> None:
    assert {name(path): words for path in SCRIPTS if (words := _words(path.read_text()))} == {}


def test_a_browser_module_with_words_is_caught_and_its_comments_may_have_some() -> None:
    source = 'label.textContent = "Turn on"; // Says what "Turn on" says.\nfetch("/a b", `m 1 ${x}`)'
    assert _words(source) == ["Turn on"]
