"""What a person types stays out of the address line, and so out of histories, bookmarks and a proxy's log."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from architecture.rooms import PACKAGE, name
from architecture.syntax import Module, read

SAYS = {  # what may stand behind the question mark, and what it is
    "date": "a day",
    "until": "a day",
    "host": "an id",
    "patient": "an id",
    "next": "an address of ours",
    "again": "1",
    "name": "one of: actor, purpose, data; or a number of the proofs",
    "kind": "one of our words: visits, notes, documents, results, answers",
    "page": "a number",
    "where": "a place in a questionnaire: first, or after or in a question's key",
    "before": "a number",
    "print": "nothing: that it is there",
    "sent": "nothing: that it is there",
    "q": "an old bookmark: its words are thrown away",
}
FORMS = {  # forms that are sent in the address, and the fields they have
    "teleward/consult/templates/consult/day.html": {"date", "host"},
    "teleward/trust/templates/trust/who_saw.html": {"actor", "purpose", "data"},
    "teleward/consult/templates/consult/room/talk.html": set(),  # the call sends it, to the other browser
    "teleward/consult/templates/consult/room/check.html": {"reason"},  # one of our words; the call sends it
    "teleward/web/templates/web/design.html": {"name"},  # an example of a form, which says so
}
PARTS = "teleward/web/templates/cotton/"  # c-form posts unless told otherwise, which would be seen here
IN_THE_ADDRESS = re.compile(
    r"<form(?![^>]*method=\"post\")[^>]*>.*?</form>|<c-form[^>]*method=\"get.*?</c-form>", re.DOTALL
)
TYPED = re.compile(r"<(?:input|textarea|c-field)\b[^>]*>", re.DOTALL)
TEMPLATES = sorted(PACKAGE.glob("*/templates/**/*.html"))


def asked_for(module: Module) -> Iterator[str]:
    """The names that a module reads from the address."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("GET.get"):
            yield _word(node.args[0])
        if isinstance(node, ast.Compare) and ast.unparse(node.comparators[0]).endswith("request.GET"):
            yield _word(node.left)
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("request.GET"):
            yield _word(node.slice)


def _word(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else ast.unparse(node)


def sent_in_the_address(texts: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """The files with such a form, and what can be typed there."""
    found: dict[str, set[str]] = {}
    for path, text in texts:
        if path.startswith(PARTS):
            continue
        for form in IN_THE_ADDRESS.findall(text):
            fields = (re.search(r' name="(\w+)"', field) for field in TYPED.findall(form))
            found.setdefault(path, set()).update(field[1] for field in fields if field)
    return found


def test_an_address_holds_ids_days_and_numbers_and_nothing_that_was_typed() -> None:
    asked = {word for module in read() for word in asked_for(module)}
    assert asked == set(SAYS)


def test_a_page_that_reads_a_name_from_the_address_is_caught() -> None:
    planted = ast.parse("a = request.GET.get('family')\nb = request.GET['given']\nc = 'born' in request.GET")
    assert set(asked_for(Module(Path(), "teleward.consult.views", planted))) == {"family", "given", "born"}


def test_no_form_sends_what_was_typed_in_the_address() -> None:
    found = sent_in_the_address((name(path), path.read_text()) for path in TEMPLATES)
    assert set(found) == set(FORMS)
    assert {path for path, fields in found.items() if fields - FORMS[path]} == set()


@pytest.mark.parametrize("kind", ["form", 'form method="get"', 'c-form method="get"'])
def test_a_form_that_does_is_caught(kind: str) -> None:
    planted = f'<{kind} action="/patients/"><input type="search" name="q"></{kind.split(maxsplit=1)[0]}>'
    assert sent_in_the_address([("a.html", planted)]) == {"a.html": {"q"}}
