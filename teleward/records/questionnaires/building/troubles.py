"""Why a questionnaire cannot be published yet, in plain words and with the question's number."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.records.questionnaires.shape import faults_of

from .kinds import CHOICES
from .options import place_of
from .outline import Json, Line, lines_of

WORDS = {
    "empty": _("It asks nothing yet. Add a question."),
    "too-many": _("It has more than 200 questions and groups. Please divide it."),
    "too-deep": _("Groups lie more than six deep in each other. Take the innermost out."),
    "no-title": _("It has no title. Patients read it."),
    "twice": _("It stands there twice. Remove one of the two."),
    "no-field": _("There is no field for this kind of question. Choose another kind."),
    "no-text": _("The question is missing. Write what you want to ask."),
    "no-options": _("There are no answers to choose from. Write them down, one on each line."),
    "empty-group": _("The group is empty. Put a question into it, or remove it."),
    "no-question": _("It waits for a question that is not there any more. Change “Only ask when”."),
    "no-option": _("It waits for an answer that cannot be chosen any more. Change “Only ask when”."),
    "no-value": _("It waits for an answer that the other question cannot have. Change “Only ask when”."),
    "any-or-all": _("It has several conditions. Say whether all of them or one of them has to be true."),
    "circle": _("It waits for a question that waits for this one. Change “Only ask when” in one of them."),
}


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One thing to put right; `line` is None where it is about the whole."""

    line: Line | None
    words: str | Promise


def troubles_of(body: Json, read: Any) -> tuple[Trouble, ...]:  # noqa: ANN401 - a Questionnaire
    """All of them, in the order of the questions. `read` is the same body as a struct."""
    lines = lines_of(body)
    by_link = {line.link: line for line in lines}
    found = {(code, link) for code, link in faults_of(read)} | _own(by_link)
    about = {None: -1} | {line.link: place for place, line in enumerate(lines)}
    ordered = sorted(found, key=lambda each: (about.get(each[1] or None, -1), each[0]))
    return tuple(Trouble(line=by_link.get(link), words=WORDS[code]) for code, link in ordered)


def _own(lines: dict[str, Line]) -> set[tuple[str, str]]:
    """What could be asked and still was not meant: answers that wait for one that is gone."""
    return {
        ("no-option", line.link)
        for line in lines.values()
        for condition in line.item.get("enableWhen", [])
        if _is_gone(condition, lines.get(condition["question"]))
    }


def _is_gone(condition: Json, about: Line | None) -> bool:
    if about is None or about.kind not in CHOICES or condition["operator"] == "exists":
        return False
    if about.kind == "open-choice" and "answerString" in condition:
        return False
    said = ((name, value) for name, value in condition.items() if name.startswith("answer"))
    return all(place_of(about.item.get("answerOption", []), name, value) is None for name, value in said)
