"""Problems as OperationOutcome: severity, FHIR's code, our own stable code, a sentence, and where it is."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.utils import translation

from teleward.access.grants import SignInNeeded
from teleward.access.queries.tokens import TokenInvalid, TooFast
from teleward.kernel.errors import Problem
from teleward.records.fhir.findings import Issue

from .messages import Answer, Request, root
from .problems import FhirProblem, Overloaded

ISSUES = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    409: "conflict",
    410: "deleted",
    429: "throttled",
}
_encode = msgspec.json.Encoder().encode


def outcome_of(problem: Problem) -> dict[str, Any]:
    """The OperationOutcome that tells a program what went wrong, in the language that is active."""
    issues = getattr(problem, "issues", ())
    if issues:
        return outcome([_found(problem, issue) for issue in issues])
    issue = problem.issue if isinstance(problem, FhirProblem) else ISSUES.get(problem.status, "processing")
    said, where = getattr(problem, "said", ""), getattr(problem, "where", "")
    severity = problem.severity if isinstance(problem, FhirProblem) else "error"
    return outcome([_issue(severity, issue, problem, said=said, where=where)])


def outcome(issues: list[dict[str, Any]]) -> dict[str, Any]:
    """An OperationOutcome with these issues."""
    return {"resourceType": "OperationOutcome", "issue": issues}


def all_well(said: str) -> dict[str, Any]:
    """That nothing is wrong."""
    return outcome([{"severity": "information", "code": "informational", "diagnostics": said}])


def answer_to(problem: Problem, request: Request) -> Answer:
    """The answer that says it."""
    with translation.override(language_of(request)):
        body = _encode(outcome_of(problem))
    return Answer(status=problem.status, body=body, headers=_headers(problem))


def _headers(problem: Problem) -> Mapping[str, str]:
    if isinstance(problem, SignInNeeded):
        return {"WWW-Authenticate": f'Bearer realm="{root()}"'}
    if isinstance(problem, TokenInvalid):
        return {"WWW-Authenticate": f'Bearer realm="{root()}", error="invalid_token"'}
    return {"Retry-After": str(problem.wait)} if isinstance(problem, TooFast | Overloaded) else {}


def _found(problem: Problem, issue: Issue) -> dict[str, Any]:
    within = getattr(problem, "where", "")  # of a bundle
    inside = issue.expression.partition(".")[2]
    where = ".".join(filter(None, [within, "resource", inside])) if within else issue.expression
    return _issue(issue.severity, issue.code, problem, said=issue.diagnostics, where=where)


def _issue(severity: str, code: str, problem: Problem, *, said: str, where: str) -> dict[str, Any]:
    coding = {"system": f"{root()}/CodeSystem/problem", "code": problem.code}
    return {
        "severity": severity,
        "code": code,
        "details": {"coding": [coding], "text": str(problem.message)},
        **({"diagnostics": said} if said else {}),
        **({"expression": [where]} if where else {}),
    }


def language_of(request: Request) -> str:
    """German where it is asked for first, else English."""
    wanted = request.headers.get("accept-language", "en").split(",")[0].split("-")[0].split(";")[0].strip()
    return wanted if wanted in {"de", "en"} else "en"
