"""What the pages that build a questionnaire say: names of its lines, and its conditions as sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext

from teleward.records.questionnaires.showing import TRUTHS

from .kinds import CHOICES
from .limits import unit
from .options import labels_of
from .outline import Line
from .whens import SAID, WRONG, When, operators, rows_of

FIELDS = {"date": "date", "time": "time", "integer": "number", "decimal": "number", "quantity": "number"}
Choice = tuple[str, str | Promise]


def name_of(line: Line) -> str:
    """What people call a line: question 2.1, group 3."""
    words = {
        "group": gettext("Group %(number)s"),
        "display": gettext("Text %(number)s"),
    }.get(line.kind, gettext("Question %(number)s"))
    return words % {"number": line.number}


def place_words(where: str, line: Line | None) -> str:
    """A place where a question may stand."""
    if line is None:
        return gettext("At the beginning")
    said = {"name": name_of(line), "text": shortened(line.text)}
    if where.startswith("in:"):
        return gettext("In %(name)s, as the first: %(text)s") % said
    return gettext("After %(name)s: %(text)s") % said


def shortened(text: str) -> str:
    """The beginning of a text, as a list of choices has place for it."""
    return text if len(text) <= 50 else f"{text[:49].rstrip()}…"


def sentences(line: Line, lines: Sequence[Line]) -> list[str]:
    """Each condition of a line in words."""
    by_key = {each.key: each for each in lines}
    rows = rows_of(line.item, {each.link: each for each in lines})
    return [_sentence(row, by_key.get(row.question)) for row in rows]


def _sentence(row: When, about: Line | None) -> str:
    if about is None:
        return gettext("a condition that this page cannot show")
    asked = {"question": name_of(about), "operator": operators(about.kind)[row.operator]}
    if row.operator in SAID:
        return gettext("%(question)s %(operator)s") % asked
    return gettext("%(question)s %(operator)s “%(answer)s”") % (asked | {"answer": _answer(row, about)})


def _answer(row: When, about: Line) -> str:
    chosen = dict(choices_of(about))
    return str(chosen.get(row.value) or " ".join(filter(None, (row.value, unit(about.item)))))


def choices_of(line: Line) -> list[Choice]:
    """The answers that a question has to choose from, empty where they are typed."""
    if line.kind == "boolean":
        return list(TRUTHS)
    labels = labels_of(line.item.get("answerOption", [])) if line.kind in CHOICES else []
    return [(str(place), label) for place, label in enumerate(labels)]


@dataclass(frozen=True, kw_only=True)
class RowShown:
    """One condition as a page shows it."""

    when: When
    questions: tuple[Choice, ...]
    operators: tuple[Choice, ...]
    choices: tuple[Choice, ...]
    field: str  # options, date, time, number, text, or nothing where no answer is needed
    unit: str
    wrong: str | Promise


def row_shown(when: When, wrong: str, lines: Sequence[Line], earlier: Sequence[Line]) -> RowShown:
    """A row with all that can be chosen in it. Questions that come later stay where they were chosen."""
    about = next((line for line in lines if line.key == when.question), None)
    asked = [each for each in lines if each in earlier or each is about]
    choices = choices_of(about) if about else []
    return RowShown(
        when=when,
        questions=tuple((each.key, f"{each.number} {shortened(each.text)}") for each in asked),
        operators=tuple(operators(about.kind).items()) if about else (),
        choices=tuple(choices),
        field=_field(when, about, bool(choices)),
        unit=unit(about.item) if about else "",
        wrong=WRONG.get(wrong, ""),
    )


def _field(when: When, about: Line | None, has_choices: bool) -> str:  # noqa: FBT001 - of this file
    if about is None or when.operator in SAID:
        return ""
    return "options" if has_choices else FIELDS.get(about.kind, "text")
