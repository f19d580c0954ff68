"""What is kept about a patient, until when, and by which law: `policies/retention.toml`, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FILE = Path(__file__).parent / "policies" / "retention.toml"
WORDS: dict[str, Promise] = {
    "record": _("What was written down about your treatment"),
    "appointments": _("Your appointments: when, with whom, how you talked"),
    "consents": _("What you agreed to and took back"),
    "connection": _("Technical data about your connection in a call"),
    "ledger": _("Who opened your data, when and why"),
    "reports": _("What you reported and what was answered"),
    "contact": _("Your e-mail address and telephone number"),
    "sharing": _("Whom you gave access to your page"),
    "account": _("Your account, name and date of birth"),
}
WHY: dict[str, Promise] = {
    "record": _("The law obliges the practice to keep it for ten years after your treatment ended."),
    "appointments": _("They belong to the record of your treatment, which is kept for ten years."),
    "consents": _("The practice has to be able to prove that you agreed."),
    "connection": _("It helps when a call does not work. It goes by itself after 90 days."),
    "ledger": _("It protects you: with it you can see who opened your data for as long as these are kept."),
    "reports": _("Until then you or the practice could go to court about it."),
    "contact": _("It is there so that the practice can reach you. You decide."),
    "sharing": _("You decide."),
    "account": _("Without name and date of birth nobody could find the record that has to be kept."),
}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One kind of data: how long after which event, when it may go, by which law."""

    key: str
    starts: str  # the event it counts from
    years: int  # until the end of the calendar year that many years later
    days: int
    erasable: str  # always, together
    law: str

    @property
    def words(self) -> str:
        """What it is."""
        return str(WORDS[self.key])

    @property
    def why(self) -> str:
        """Why it is kept, for the patient."""
        return str(WHY[self.key])

    def until(self, event: datetime) -> date | None:
        """The last day on which it is kept after an event, by its clock; None where the patient decides."""
        if self.days:
            return (event + timedelta(days=self.days)).date()
        return date(event.year + self.years, 12, 31) if self.years else None


@cache
def rules() -> tuple[Rule, ...]:
    """The rules in the order of the file. Raises KeyError for an entry that says too little."""
    read = tomllib.loads(FILE.read_text())
    return tuple(_rule(entry) for entry in read["kept"])


def _rule(entry: Mapping[str, Any]) -> Rule:
    return Rule(
        key=entry["key"],
        starts=entry["from"],
        years=int(entry.get("years", 0)),
        days=int(entry.get("days", 0)),
        erasable=entry["erasable"],
        law=entry["law"],
    )
