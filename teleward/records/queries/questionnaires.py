"""The practice's questionnaires, one of them as a form, and answers as people read them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.utils.formats import date_format
from django.utils.translation import gettext

from teleward.kernel.envelope import unseal
from teleward.kernel.errors import NotFound
from teleward.kernel.openings import without_grant
from teleward.records.fhir.reading import read
from teleward.records.models import Current, Resource
from teleward.records.panels.units import sign
from teleward.records.panels.wording import figure
from teleward.records.questionnaires.responses import filled
from teleward.records.questionnaires.showing import Field, fields_of, labels
from teleward.records.sealing import context_of

KIND = "Questionnaire"
WHOLE_DAY = len("2026-11-22")  # FHIR knows months and years too
STARTERS = Path(__file__).parent.parent / "content" / "questionnaires"
Json = dict[str, Any]
_decode = msgspec.json.Decoder(float_hook=Decimal).decode


@dataclass(frozen=True, kw_only=True)
class QuestionnaireCard:
    """One questionnaire in one version. `items` are for `form` only."""

    id: UUID
    version: int
    title: str
    language: str
    status: str
    url: str
    items: tuple[Any, ...]
    text: str  # its JSON

    @property
    def is_offered(self) -> bool:
        """Whether it may be sent."""
        return self.status == "active"


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a page shows, and what would be handed in. `trouble` names fields and their labels."""

    fields: tuple[Field, ...]
    shown: tuple[str, ...]
    trouble: tuple[tuple[str, str], ...]
    items: list[Json]


@dataclass(frozen=True, kw_only=True)
class Said:
    """One line of the answers; `depth` counts groups around it, `answers` is empty for a heading."""

    depth: int
    label: str
    answers: tuple[str, ...]


@without_grant("The practice's own forms are about nobody.")
def questionnaires(*, practice: UUID) -> tuple[QuestionnaireCard, ...]:
    """All that the practice keeps, by title. The fence is open for the practice already."""
    rows = Current.objects.filter(organisation=practice, patient=None, type=KIND, removed_at=None)
    found = Resource.objects.filter(id__in=list(rows.values_list("newest", flat=True)))
    return tuple(
        sorted((_card(row) for row in found), key=lambda card: (card.title.casefold(), card.language))
    )


@without_grant("As `questionnaires`.")
def questionnaire(*, practice: UUID, named: UUID, version: int | None = None) -> QuestionnaireCard:
    """One of them, in the newest version or in this one. Raises NotFound."""
    rows = Resource.objects.filter(organisation=practice, patient=None, type=KIND, logical_id=named)
    row = (rows.filter(version=version) if version else rows.order_by("-version")).first()
    if row is None or not row.body:
        raise NotFound
    return _card(row)


@without_grant("Content that comes with Teleward.")
def starters(*, language: str) -> tuple[bytes, ...]:
    """The questionnaires to begin with, as JSON."""
    return tuple(path.read_bytes() for path in sorted((STARTERS / language).glob("*.json")))


@without_grant("Works out what was typed; whose it is, nobody says here.")
def form(*, card: QuestionnaireCard, typed: Mapping[str, Sequence[str]], handed_in: bool = False) -> Form:
    """The form with what was typed; with `handed_in` it also says what is missing."""
    found = filled(card.items, typed)
    return Form(
        fields=fields_of(found, with_wrong=handed_in),
        shown=tuple(found.shown),
        trouble=labels(found),
        items=found.items,
    )


@without_grant("As `form`.")
def with_more(*, typed: Mapping[str, Sequence[str]], wanted: str) -> Mapping[str, Sequence[str]]:
    """What was typed, with one more of what this key names: a repetition of a group, or an answer."""
    if not wanted:
        return typed
    count = next(iter(typed.get(f"n{wanted}", ())), None)
    if count is None:
        return {**typed, f"a{wanted}": [*typed.get(f"a{wanted}", [""]), ""]}
    return {**typed, f"n{wanted}": [str(int(count) + 1) if count.isdecimal() and len(count) < 4 else "1"]}


@without_grant("Turns what a grant has opened into lines.")
def said(*, response: bytes) -> tuple[Said, ...]:
    """The answers of a QuestionnaireResponse, in order, as people read them."""
    return tuple(_said(_decode(response).get("item", []), 0))


def _said(items: Sequence[Json], depth: int) -> Iterator[Said]:
    for item in items:
        answers = item.get("answer", [])
        label = item.get("text") or item["linkId"]
        yield Said(depth=depth, label=label, answers=tuple(words_of(each) for each in answers))
        yield from _said(item.get("item", []), depth + 1)
        for each in answers:
            yield from _said(each.get("item", []), depth + 1)


@without_grant("One value in words.")
def words_of(answer: Json) -> str:
    """One answer in words."""
    ((name, value),) = ((name, value) for name, value in answer.items() if name.startswith("value"))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if name == "valueCoding":
        return str(value.get("display") or value.get("code") or "")
    if name == "valueQuantity":
        return f"{figure(value['value'])} {sign(value.get('unit') or value.get('code') or '')}".strip()
    if name == "valueDate" and len(value) == WHOLE_DAY:
        return str(date_format(date.fromisoformat(value), gettext("j F Y")))
    return figure(value) if isinstance(value, (int, Decimal)) else str(value)


def _card(row: Resource) -> QuestionnaireCard:
    context = context_of(row.type, row.logical_id, row.version)
    body = unseal(patient=row.organisation, sealed=bytes(row.body), context=context)
    found: Any = read(KIND, body)
    return QuestionnaireCard(
        id=row.logical_id,
        version=row.version,
        title=found.title or found.name or "",
        language=found.language or "",
        status=found.status,
        url=found.url or "",
        items=found.item,
        text=msgspec.json.format(body).decode(),
    )
