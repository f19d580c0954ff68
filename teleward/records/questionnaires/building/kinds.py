"""The kinds of questions as people call them, and which of them have which fields."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "group": _("Group of questions"),
    "display": _("Text to read, without an answer"),
    "boolean": _("Yes or no"),
    "choice": _("Choice from answers"),
    "open-choice": _("Choice from answers, or something else"),
    "string": _("Short text"),
    "text": _("Long text"),
    "integer": _("Whole number"),
    "decimal": _("Number, also with decimals"),
    "quantity": _("Amount with a unit"),
    "date": _("Date"),
    "time": _("Time of day"),
}
CHOICES = frozenset({"choice", "open-choice"})
WRITTEN = frozenset({"string", "text", "open-choice"})
NUMBERS = frozenset({"integer", "decimal"})
SIDED = NUMBERS | {"quantity", "date", "time"}  # those with more and less
FIELDS = {
    "options": CHOICES,
    "longest": WRITTEN,
    "least": NUMBERS,
    "most": NUMBERS,
    "unit": frozenset({"quantity"}),
    "required": frozenset(KINDS) - {"display"},
    "repeats": frozenset(KINDS) - {"display", "boolean"},
}


def has(field: str, kind: str) -> bool:
    """Whether a question of this kind has this field."""
    return kind in FIELDS.get(field, KINDS)
