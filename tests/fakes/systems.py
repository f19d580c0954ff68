"""Another system at the end of the wire: it answers what it was told to, and remembers what it was asked."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from teleward.kernel.outward import Answer, Question

Json = dict[str, Any]
PLACE = "https://nord.example/fhir"
TOKENS = "https://nord.example/token"
OK, CREATED = 200, 201


@dataclass
class System:
    """A FHIR server with one patient, that takes everything, until `trouble` says otherwise."""

    patients: dict[str, list[str]] = field(default_factory=lambda: {"A123456780": ["17"]})
    held: dict[str, Json] = field(default_factory=dict)  # by type and identifier
    findings: dict[str, list[Json]] = field(default_factory=dict)  # by type
    asked: list[Question] = field(default_factory=list)
    tokens: int = 0
    trouble: Callable[[Question], Answer | None] = lambda _question: None

    def __call__(self, question: Question) -> Answer:
        self.asked.append(question)
        if question.address.endswith("/.well-known/smart-configuration"):
            return said({"token_endpoint": TOKENS})
        if question.address == TOKENS:
            self.tokens += 1
            return said({"access_token": f"key-{self.tokens}", "expires_in": 300, "token_type": "bearer"})
        return self.trouble(question) or self.answer(question)

    def answer(self, question: Question) -> Answer:
        path = question.address.removeprefix(f"{PLACE}/")
        if path.endswith("/_search"):
            return self.found(path.removesuffix("/_search"), parse_qs((question.body or b"").decode()))
        body = json.loads(question.body or b"{}")
        key = f"{body['resourceType']} {body['identifier'][0]['value']}"
        self.held[key] = {**body, "id": self.held.get(key, {}).get("id", str(len(self.held) + 1))}
        place = f"{PLACE}/{body['resourceType']}/{self.held[key]['id']}/_history/1"
        return said({}, CREATED, location=place)

    def found(self, kind: str, form: dict[str, list[str]]) -> Answer:
        value = form.get("identifier", ["|"])[0].partition("|")[2]
        if kind == "Patient":
            return bundle({"resourceType": kind, "id": each} for each in self.patients.get(value, ()))
        if "identifier" in form:
            return bundle(each for key, each in self.held.items() if key == f"{kind} {value}")
        return bundle(self.findings.get(kind, ()))

    def stored(self) -> list[Question]:
        """What it was asked to keep."""
        return [each for each in self.asked if each.method == "PUT" or "If-None-Exist" in each.headers]


def said(body: object, status: int = OK, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status=status, headers=named, body=json.dumps(body).encode())


def bundle(resources: Any) -> Answer:
    entries = [{"resource": each} for each in resources]
    return said({"resourceType": "Bundle", "type": "searchset", "entry": entries})


def outcome(status: int, *issues: Json, **headers: str) -> Answer:
    return said({"resourceType": "OperationOutcome", "issue": list(issues)}, status, **headers)
