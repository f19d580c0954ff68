"""Filters that say what a questionnaire holds while it is built."""

from collections.abc import Sequence

from django import template

from teleward.records.questionnaires.building.kinds import KINDS
from teleward.records.questionnaires.building.outline import Line
from teleward.records.questionnaires.building.wording import name_of, sentences

register = template.Library()
register.filter("line_name", name_of)


@register.filter
def kind_name(kind: str) -> str:
    """A kind of question as people call it."""
    return str(KINDS.get(kind, kind))


@register.filter
def waits_for(line: Line, lines: Sequence[Line]) -> list[str]:
    """Each condition of a line in words."""
    return sentences(line, lines)
