"""The page before the call, worked out: what was declined, what is offered next, what is still to be said."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from teleward.consult import words
from teleward.consult.modes import DECLINE_REASONS, OFFERED, next_mode


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One way to talk on the page."""

    mode: str
    name: str | Promise
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Declined:
    """A way the patient did not want, and the reason as far as it was said."""

    mode: str
    name: str | Promise
    reason: str


@dataclass(frozen=True, kw_only=True)
class Preparation:
    """What the page shows."""

    offers: tuple[Offer, ...]
    declined: tuple[Declined, ...]
    preferred: str  # the mode chosen now; "" when nothing is left
    decline_name: (
        str | Promise
    )  # what the link says that declines the preferred mode; "" at the end of the ladder
    decline_query: str


def prepare(*, modes: tuple[str, ...], said: Mapping[str, list[str]], chosen: str) -> Preparation:
    """Works the page out from what the query says was declined (`not`) and the mode chosen earlier."""
    gone = tuple(mode for mode in OFFERED if mode in said.get("not", []) and mode in modes)
    left = tuple(mode for mode in modes if mode not in gone)
    preferred = chosen if chosen in left else next(iter(left), "")
    following = next_mode(declined=preferred, offered=left) if preferred else None
    return Preparation(
        offers=tuple(Offer(mode=m, name=words.MODES[m], chosen=m == preferred) for m in left),
        declined=tuple(Declined(mode=m, name=words.SHORT_MODES[m], reason=reason_of(said, m)) for m in gone),
        preferred=preferred,
        decline_name=words.NOT_THIS.get(preferred, "") if following else "",
        decline_query="&".join(f"not={mode}" for mode in (*gone, preferred)),
    )


def reason_of(said: Mapping[str, list[str]], mode: str) -> str:
    """The reason given for declining a mode; "" when none of the list was given."""
    given = next(iter(said.get(f"why-{mode}", [])), "")
    return given if given in DECLINE_REASONS else ""
