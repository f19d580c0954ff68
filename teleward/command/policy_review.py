"""What `teleward policy` prints."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.formats import date_format

from teleward.access.queries import explanations, policies
from teleward.access.queries.policies import Difference, Replay
from teleward.audit.queries.decisions import decision, decisions_since
from teleward.command.refusal import CannotContinue
from teleward.kernel.clock import now

Told = tuple[list[str], bool]
NOBODY = "nobody"


def explain(*, entry: UUID, language: str) -> Told:
    """One entry of the ledger: what was asked, what decided, on which evidence, in whose words."""
    facts = decision(event=entry)
    if facts is None:
        return [f"The ledger has no entry {entry}, or what it said was erased."], False
    with translation.override(language):
        return [*_question(facts), *_answer(facts), *_today(facts)], True


def test(*, policies: Path | None, folder: Path | None) -> Told:
    """Every case, those that do not hold first."""
    asked = _cases(policies, folder)
    wrong = [case for case in asked if not case.holds]
    lines = [f"{case.file}: {case.name}: {case.got} decides, not {case.expect}" for case in wrong]
    return [*lines, f"{len(asked)} cases, {len(wrong)} do not hold."], not wrong


def diff(*, policies: Path, days: int) -> Told:
    """The decisions of the past days under other policies."""
    loaded = _load(policies)
    found = _replayed(loaded, days)
    counted = f"{found.decided} decisions of the last {days} days decided again"
    unknown = f", {found.unknown} say too little for that" if found.unknown else ""
    changed = [f"  {_role_changes(now_, then)}" for now_, then in found.permissions]
    lines = [f"{counted}{unknown}.", *_grouped(found.differences)]
    if changed:
        lines += ["What roles may do would change:", *changed]
    same = not found.differences and not changed
    return [*lines, *(["Nothing would change."] if same else [])], same


def _question(facts: Mapping[str, Any]) -> list[str]:
    return [
        f"{facts['at']}  {facts['actor_role']} {facts['actor_id']} asked for {facts['action']}",
        f"  of {facts['subject_kind']} {facts['subject_id']}, for {facts['purpose']}, by {facts['via']}",
        f"  from {facts['client_address']}, request {facts['request_id']}",
    ]


def _answer(facts: Mapping[str, Any]) -> list[str]:
    detail = facts.get("detail", {})
    verdict = "Allowed" if facts["outcome"] == "allow" else "Refused"
    known = ", ".join(detail.get("facts", ["nothing was kept"]))
    return [
        f"{verdict} by {facts['policy'] or 'nobody: no policy allows it'}",
        *_evidence(detail),
        f"  known then: {known}",
        *_in_words(facts["policy"], detail.get("starts_at", "")),
    ]


def _evidence(detail: Mapping[str, Any]) -> list[str]:
    if "evidence" not in detail:
        return []
    return [f"  evidence: {detail['evidence']} since {detail['starts_at']} ({detail.get('source', '-')})"]


def _in_words(policy: str, since: str) -> list[str]:
    date = date_format(datetime.fromisoformat(since), "DATE_FORMAT") if since else ""
    patient, staff = (
        tell(policy=policy, date=date) for tell in (explanations.because, explanations.for_staff)
    )
    told = [f"  to the patient: … {patient}"] if patient else []
    told += [f"  to staff: {staff}"] if staff else []
    text = policies.policy_text(policy=policy) if policy else ""
    return [*told, "", text] if text else told


def _today(facts: Mapping[str, Any]) -> list[str]:
    again = policies.why(facts=facts)
    if again is None:
        return []
    same = (again.allowed, again.policy) == (facts["outcome"] == "allow", facts["policy"])
    decided = f"{'allowed' if again.allowed else 'refused'} by {again.policy or NOBODY}"
    return ["", "The policies of today decide the same." if same else f"Today it would be {decided}."]


def _cases(folder: Path | None, asked: Path | None) -> list[policies.Case]:
    loaded = _load(folder) if folder else None
    return policies.cases(by=loaded, folder=asked) if asked else policies.cases(by=loaded)


def _load(folder: Path) -> policies.Rules:
    try:
        return policies.load(folder=folder.resolve())
    except policies.PoliciesInvalid as wrong:
        raise CannotContinue(f"The policies in {folder} cannot be loaded: {wrong}") from wrong


def _replayed(loaded: policies.Rules, days: int) -> Replay:
    since = now() - timedelta(days=days)
    return policies.replay(decisions=decisions_since(at=since), by=loaded)


def _grouped(found: list[Difference]) -> list[str]:
    lost = [each for each in found if each.was_allowed and not each.would_be_allowed]
    won = [each for each in found if not each.was_allowed and each.would_be_allowed]
    other = [each for each in found if each.was_allowed == each.would_be_allowed]
    return [
        *_listed("Was allowed, would be refused", lost),
        *_listed("Was refused, would be allowed", won),
        *_listed("Decided the same, by another policy", other),
    ]


def _listed(title: str, found: list[Difference]) -> list[str]:
    if not found:
        return []
    lines = [f"  {each.times:>6}  {each.role}  {each.action}  {each.before} → {each.after}" for each in found]
    return [f"{title}: {sum(each.times for each in found)}", *lines]


def _role_changes(now_: policies.Permission, then: policies.Permission) -> str:
    lost = [f"no longer {each}" for each in _ways(now_) if each not in _ways(then)]
    won = [f"also {each}" for each in _ways(then) if each not in _ways(now_)]
    return f"{now_.role}  {now_.action.value}  {', '.join(lost + won)}"


def _ways(permission: policies.Permission) -> list[str]:
    needs = "".join(f" and {need}" for need in permission.needs)
    ways = ["always"] if permission.always else [f"with {kind}" for kind in permission.evidence]
    return [f"{way}{needs}" for way in ways]
