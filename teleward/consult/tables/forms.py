"""What a person says about a table of appointments."""

from typing import Any, Protocol

from django import forms
from django.utils.translation import gettext_lazy as _

from .columns import Role
from .days import Order
from .decoding import Cells
from .lines import Given
from .words import ROLES

NOTHING = ("", _("Leave this column out"))


class Shown(Protocol):
    """As much of a preview as the form asks about."""

    @property
    def headings(self) -> Cells: ...

    @property
    def given(self) -> Given: ...

    @property
    def hosts(self) -> dict[str, str]: ...

    @property
    def asks_order(self) -> bool: ...


class TableForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("Table as a CSV file"),
        help_text=_(
            "At most 500 rows. It is stored encrypted, and deleted once it is booked or after a day."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        allow_empty_file=True,
    )


class ExplainForm(forms.Form):
    """What the columns are, how days are meant, and what holds for rows that do not say it."""

    order = forms.ChoiceField(
        label=_("How are days written in this file?"),
        choices=[
            (Order.DAY_FIRST, _("Day first: 03/09 is 3 September")),
            (Order.MONTH_FIRST, _("Month first: 03/09 is 9 March")),
        ],
        widget=forms.RadioSelect,
    )
    host = forms.ChoiceField(label=_("With whom, where a row names nobody"), required=False)
    minutes = forms.IntegerField(label=_("Minutes, where a row does not say"), min_value=5, max_value=240)

    def __init__(self, *args: Any, shown: Shown, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        given = shown.given
        first = {"order": given.order, "host": given.host, "minutes": given.minutes}
        roles = {f"column_{place}": role.value for place, role in given.columns.items()}
        super().__init__(*args, **{**kwargs, "initial": first | roles})
        if not shown.asks_order:
            del self.fields["order"]
        self.fields["host"] = forms.ChoiceField(
            label=self.fields["host"].label, required=False, choices=[("", "-"), *shown.hosts.items()]
        )
        self._places = range(len(shown.headings))
        for place, heading in enumerate(shown.headings):
            self.fields[f"column_{place}"] = _column(heading or str(place + 1))

    @property
    def said(self) -> dict[str, Any]:
        """What was chosen, as the operation takes it."""
        found = {place: self.cleaned_data[f"column_{place}"] for place in self._places}
        order = self.cleaned_data.get("order")
        return {
            "columns": {place: Role(role) for place, role in found.items() if role},
            "order": Order(order) if order else None,
            "host": self.cleaned_data["host"],
            "minutes": self.cleaned_data["minutes"],
        }

    def clean(self) -> None:
        """Each role once."""
        roles = [role for place in self._places if (role := self.cleaned_data.get(f"column_{place}"))]
        if len(set(roles)) != len(roles):
            raise forms.ValidationError(_("Two columns say the same thing. Please leave one of them out."))


def _column(heading: str) -> forms.ChoiceField:
    choices = [NOTHING, *((role.value, words) for role, words in ROLES.items())]
    return forms.ChoiceField(label=heading, required=False, choices=choices)
