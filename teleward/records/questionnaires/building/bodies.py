"""A questionnaire as a whole: begun, copied, ready to be published; and what of it no page shows."""

from copy import deepcopy
from datetime import date
from typing import Any

from .options import OWN, label_of
from .outline import lines_of

Json = dict[str, Any]
STAMPS = {"versionId", "lastUpdated"}  # ours, new with each version
SHOWN = {"resourceType", "id", "meta", "title", "language", "status", "item", "version", "date"}
OF_ONE = {"id", "meta", "url", "identifier", "version", "date", "name", "_url", "_version", "_date", "_name"}


def begun(title: str, language: str) -> Json:
    """A questionnaire that asks nothing yet."""
    return {"resourceType": "Questionnaire", "language": language, "title": title, "status": "draft"}


def unstamped(body: Json) -> Json:
    """Without its id and what says which version it is."""
    rest = {name: value for name, value in body.items() if name not in {"id", "meta"}}
    meta = {name: value for name, value in body.get("meta", {}).items() if name not in STAMPS}
    return rest | ({"meta": meta} if meta else {})


def copied(body: Json, title: str, language: str) -> Json:
    """A questionnaire of its own that asks the same; it says of which it is derived where that has a name."""
    own = {name: value for name, value in deepcopy(body).items() if name not in OF_ONE}
    source = {"derivedFrom": [body["url"]]} if body.get("url") else {}
    return own | source | begun(title, language)


def renamed(body: Json, title: str, language: str) -> Json:
    """With this title, in this language."""
    rest = {name: value for name, value in body.items() if name not in {"title", "language"}}
    said = {"title": title, "language": language}
    return rest | {name: value for name, value in said.items() if value}


def published(body: Json, version: int, day: date) -> Json:
    """As it is offered: its own number for the version is the one that answers name."""
    return unstamped(body) | {"status": "active", "version": str(version), "date": day.isoformat()}


def reworded(body: Json) -> Json:
    """With the words of our own answers in the conditions that name them."""
    new = deepcopy(body)
    lines = lines_of(new)
    options = [each for line in lines for each in line.item.get("answerOption", [])]
    coded = [each["valueCoding"] for each in options if each.get("valueCoding")]
    words = {each.get("code"): label_of({"valueCoding": each}) for each in coded if each.get("system") == OWN}
    for line in lines:
        for condition in line.item.get("enableWhen", []):
            answer = condition.get("answerCoding", {})
            if answer.get("system") == OWN and answer.get("code") in words:
                answer["display"] = words[answer["code"]]
    return new


def hidden_of(body: Json) -> tuple[str, ...]:
    """FHIR's names of what stands around the questions and no page shows."""
    return tuple(name for name in body if name not in SHOWN and not name.startswith("_"))
