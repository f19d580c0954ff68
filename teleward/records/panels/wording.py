"""What resources hold, in the words they bring along: concepts, amounts, references."""

from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext

from .units import sign


def named(concept: Any) -> str:  # noqa: ANN401 - a CodeableConcept or nothing
    """The text of a concept, or what its first code is called; the code itself where nothing else is said."""
    if concept is None:
        return ""
    codes = [coding.display or coding.code or "" for coding in concept.coding]
    return concept.text or next(filter(None, codes), "")


def codes_of(concept: Any) -> set[str]:  # noqa: ANN401 - a CodeableConcept or nothing
    """Its codes, whatever their systems are."""
    return {coding.code for coding in concept.coding if coding.code} if concept else set()


def amount(quantity: Any) -> str:  # noqa: ANN401 - a Quantity or nothing
    """A number as it was written, with its unit."""
    if quantity is None or quantity.value is None:
        return ""
    unit = sign(quantity.unit or quantity.code or "")
    return f"{getattr(quantity, 'comparator', None) or ''}{figure(quantity.value)} {unit}".strip()


def figure(number: Decimal | int) -> str:
    """A number with every digit, with the mark that the language puts between them."""
    return str(number_format(number, use_l10n=True))


def between(low: Any, high: Any) -> str:  # noqa: ANN401 - SimpleQuantity or nothing
    """A range as laboratories print it."""
    if low is not None and high is not None and low.value is not None:
        return gettext("%(low)s to %(high)s") % {"low": figure(low.value), "high": amount(high)}
    return f"≥ {amount(low)}" if low is not None else f"≤ {amount(high)}" if high is not None else ""


def pointed(reference: Any) -> tuple[str, str]:  # noqa: ANN401 - a Reference or nothing
    """What somebody is called there, and the id of theirs."""
    if reference is None:
        return "", ""
    return reference.display or "", (reference.reference or "").rpartition("/")[2]


def first(*found: Any) -> Any:  # noqa: ANN401 - what resources hold
    """The first that is there; of several the first of them."""
    for each in found:
        one = each[0] if isinstance(each, tuple) and each else each
        if one:
            return one
    return None
