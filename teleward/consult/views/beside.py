"""The sheets of the chart beside the call: which there are, and which lie open when the page comes."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.consult.cards import VisitCard

AT_ONCE = frozenset({"contact", "purpose", "summary", "note"})


@dataclass(frozen=True, kw_only=True)
class Fragment:
    """A sheet. Each has its own gate and ledger entry, written when it is opened first."""

    name: str
    title: str | Promise
    url: str
    still: bool = False  # read once, and not again with every event of the call
    watched: bool = False  # looked at with every event also while it is folded; opened where it warns
    wakes: str = ""  # what the call says when it opens by itself; what it shows then, it announces itself
    open: bool = False


def sheets(about: VisitCard, *, due: Collection[str] = ()) -> tuple[Fragment, ...]:
    """The sheets in the order in which they are needed; those that are `due` lie open too."""
    opened = AT_ONCE.union(due)
    return tuple(replace(sheet, open=sheet.name in opened) for sheet in _all(about))


def _all(about: VisitCard) -> Iterator[Fragment]:
    at, chart = f"/visits/{about.id}/", f"/patients/{about.patient}/"
    if about.chosen_mode == "phone":
        yield Fragment(name="contact", title=_("How to reach the patient"), url=f"{chart}contact/")
    yield Fragment(name="purpose", title=_("What it is about"), url=f"{at}purpose/")
    live = f"/devices/beside/{about.id}/"
    yield Fragment(name="live", title=_("Measured now"), url=live, still=True, wakes="readings")
    yield Fragment(name="summary", title=_("Summary"), url=f"{chart}summary/", still=True)
    yield Fragment(name="identity", title=_("Who is there"), url=f"{at}identity/")
    yield Fragment(name="consent", title=_("Consent"), url=f"{at}consent/", watched=True)
    yield Fragment(name="questions", title=_("Questionnaires"), url=f"{at}questions/")
    yield Fragment(name="note", title=_("Note"), url=f"{at}note/")
    yield Fragment(name="orders", title=_("Orders as drafts"), url=f"{at}orders/", still=True)
    yield Fragment(name="ending", title=_("End of the consultation"), url=f"{at}ending/")
    chart_files = f"/records/documents/{about.patient}/"
    yield Fragment(name="documents", title=_("Documents"), url=chart_files, still=True)
    yield Fragment(name="elsewhere", title=_("In other systems"), url=f"{chart}elsewhere/", still=True)
    yield Fragment(name="timeline", title=_("Timeline"), url=f"{chart}timeline/", still=True)
