"""The answers to choose from, as lines of text: an answer that keeps its words keeps all it is."""

from collections.abc import Sequence
from secrets import token_hex
from typing import Any

Json = dict[str, Any]
OWN = "urn:teleward:questionnaire:answers"  # the system of answers that were written here; codes mean nothing
VALUES = ("valueCoding", "valueString", "valueInteger", "valueDate", "valueTime")


def tidy(text: str) -> str:
    """One line, without spaces around it."""
    return " ".join(text.split())


def label_of(option: Json) -> str:
    """What an answer is called; a question mark where it has no name."""
    coded = option.get("valueCoding") or {}
    plain = next((option[name] for name in VALUES[1:] if name in option), "")
    return tidy(str(coded.get("display") or coded.get("code") or plain)) or "?"


def labels_of(options: Sequence[Json]) -> list[str]:
    """The answers as lines."""
    return [label_of(each) for each in options]


def relisted(options: Sequence[Json], labels: Sequence[str]) -> list[Json]:
    """The answers that these lines name.

    A line as before is the answer as before, wherever it stands now. Where as many lines are new as answers
    of our own are gone, they are those answers with better words; else they are new.
    """
    rest = list(options)
    found = [_taken(rest, label) for label in labels]
    again = rest if len(rest) == found.count(None) and all(_is_own(each) for each in rest) else []
    return [
        each or (_renamed(again.pop(0), label) if again else fresh(label))
        for each, label in zip(found, labels, strict=True)
    ]


def fresh(label: str) -> Json:
    """An answer that was not there before."""
    return {"valueCoding": {"system": OWN, "code": f"a-{token_hex(4)}", "display": label}}


def answer_of(option: Json) -> tuple[str, Any]:
    """The value that somebody who chooses it gives: its type as in `answerString`, and the value."""
    name = next((each for each in VALUES if each in option), "valueString")
    value = option.get(name, "")
    if name == "valueCoding":
        value = {part: value[part] for part in ("system", "code", "display") if part in value}
    return name.replace("value", "answer", 1), value


def place_of(options: Sequence[Json], name: str, value: Any) -> int | None:  # noqa: ANN401 - of any type
    """Which answer a condition means; a code without a system means it in any."""
    for place, option in enumerate(options):
        own, given = answer_of(option)
        if own == name and (_same(given, value) if name == "answerCoding" else given == value):
            return place
    return None


def _same(given: Json, wanted: Json) -> bool:
    systems = {wanted.get("system"), given.get("system")}
    return given.get("code") == wanted.get("code") and (len(systems) == 1 or not wanted.get("system"))


def _taken(rest: list[Json], label: str) -> Json | None:
    place = next((place for place, each in enumerate(rest) if label_of(each) == label), None)
    return None if place is None else rest.pop(place)


def _is_own(option: Json) -> bool:
    return bool((option.get("valueCoding") or {}).get("system") == OWN)


def _renamed(option: Json, label: str) -> Json:
    return option | {"valueCoding": option["valueCoding"] | {"display": label}}
