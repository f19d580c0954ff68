"""What people fill in. A form checks that something was said; the operations check whether it can be."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from teleward.access.queries.numbers import IdentifierWrong, recognised
from teleward.access.queries.people import StaffName
from teleward.consult import words
from teleward.consult.modes import OFFERED

MINUTES = (10, 15, 20, 30, 45, 60)


def lengths() -> list[tuple[int, str]]:
    """The lengths to choose from, in the reader's language."""
    return [(n, gettext("%d minutes") % n) for n in MINUTES]


class BookingForm(forms.Form):
    """A new appointment: day and time as the practice's clock shows them."""

    host = forms.ChoiceField(label=_("With whom"))
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    clock = forms.TimeField(
        label=_("Time"), widget=forms.TimeInput(attrs={"type": "time", "step": "300"}, format="%H:%M")
    )
    twice = forms.ChoiceField(
        label=_("Which of the two? The clocks go back on this day."),
        required=False,
        choices=[
            ("", "—"),
            ("first", _("The first one, summer time")),
            ("second", _("The second one, winter time")),
        ],
    )
    minutes = forms.TypedChoiceField(label=_("How long"), coerce=int, choices=lengths, initial=15)
    modes = forms.MultipleChoiceField(
        label=_("Ways to talk you offer"),
        help_text=_("The patient chooses one of them."),
        widget=forms.CheckboxSelectMultiple,
        choices=[(mode, words.SHORT_MODES[mode]) for mode in OFFERED],
        initial=list(OFFERED),
    )
    purpose = forms.CharField(
        label=_("What it is about"),
        help_text=_("Only you see this. It is stored encrypted and is in no message."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, hosts: list[StaffName], **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **kwargs)
        offered = cast("forms.ChoiceField", self.fields["host"])
        offered.choices = [(str(host.id), host.name) for host in hosts]
        if self.data.get("twice") is None:
            del self.fields["twice"]

    @property
    def second(self) -> bool | None:
        """Which of two equal times is meant, where that was asked."""
        said: str = self.cleaned_data.get("twice", "")
        return {"first": False, "second": True}.get(said)

    def ask_which(self) -> None:
        """Adds the question which of the two times is meant."""
        self.fields["twice"] = type(self).base_fields["twice"]
        self.fields["twice"].required = True


class PatientForm(forms.Form):
    """A new patient."""

    given_name = forms.CharField(label=_("Given name"), max_length=120)
    family_name = forms.CharField(label=_("Family name"), max_length=120)
    born_on = forms.DateField(
        label=_("Date of birth"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    language = forms.ChoiceField(label=_("Language"), choices=list(words.LANGUAGES.items()))
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("For invitations. Stored encrypted.")
    )
    telephone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=40,
        help_text=_("For calls and text messages. Stored encrypted."),
    )
    number = forms.CharField(
        label=_("Number on the card"),
        required=False,
        max_length=40,
        help_text=_("Insurance number or NHS number, if there is a card at hand. Stored encrypted."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_number(self) -> tuple[tuple[str, str], ...]:
        """System and number, where there is one."""
        typed: str = self.cleaned_data["number"].strip()
        try:
            return (recognised(value=typed),) if typed else ()
        except IdentifierWrong as wrong:
            raise forms.ValidationError(str(wrong.message)) from wrong


class GuestForm(forms.Form):
    """A third participant."""

    role = forms.ChoiceField(
        label=_("In which role"),
        choices=[(role, words.ROLES[role]) for role in ("interpreter", "relative", "clinician")],
    )
    name = forms.CharField(label=_("Name, as the others will see it"), max_length=120)
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=list(words.LANGUAGES.items()))


class InvitationForm(forms.Form):
    """How a link is given out."""

    guest = forms.UUIDField()
    channel = forms.ChoiceField(choices=list(words.CHANNELS.items()))
    address = forms.CharField(required=False, max_length=254)


class CancellationForm(forms.Form):
    """Why an appointment is called off."""

    reason = forms.ChoiceField(
        label=_("Why"), widget=forms.RadioSelect, choices=list(words.CANCELLED.items()), initial="clinic"
    )


class IdentityForm(forms.Form):
    """How the clinician made sure who the patient is."""

    how = forms.ChoiceField(
        label=_("How did you make sure who it is?"),
        widget=forms.RadioSelect,
        choices=list(words.IDENTITY.items()),
    )


class CompanyForm(forms.Form):
    """Who else is in the clinician's room."""

    who = forms.CharField(
        label=_("Who else is in your room?"),
        help_text=_("Leave it empty when you are alone. The patient can read it afterwards."),
        required=False,
        max_length=300,
    )


class NoteForm(forms.Form):
    """The note: its text, and the version it was written on top of."""

    text = forms.CharField(
        label=_("Note"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "true"}),
    )
    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """What was typed, its lines ended as they are kept: a form sends two signs for each."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n")


class DocumentForm(forms.Form):
    """A document that a patient sends."""

    title = forms.CharField(
        label=_("What it is"),
        help_text=_("Such as “Letter from the eye clinic”. It is stored encrypted."),
        max_length=120,
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, JPEG or PNG, at most 10 MB. Where a photo was taken is removed from it."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
        allow_empty_file=True,
    )
    key = forms.UUIDField(initial=uuid4, required=False, widget=forms.HiddenInput)  # sent twice, it is one


class EndingForm(forms.Form):
    """How the visit ended."""

    disposition = forms.ChoiceField(
        label=_("How did it end?"), widget=forms.RadioSelect, choices=list(words.DISPOSITIONS.items())
    )
    follow_up_offered = forms.BooleanField(label=_("I offered another appointment"), required=False)


class ChoiceForm(forms.Form):
    """The patient's choice of how to talk, and what they agree to."""

    mode = forms.ChoiceField()
    agreed = forms.BooleanField(
        label=_("I agree"),
        error_messages={"required": _("Please tick the box if you agree. Or call the practice.")},
    )
    company = forms.CharField(required=False, max_length=300)

    def __init__(self, *args: Any, modes: tuple[str, ...], asks: bool, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own
        super().__init__(*args, **kwargs)
        offered = cast("forms.ChoiceField", self.fields["mode"])
        offered.choices = [(mode, words.MODES[mode]) for mode in modes]
        offered.error_messages = {
            "required": _("Please choose how you would like to talk."),
            "invalid_choice": _("Please choose how you would like to talk."),
        }
        if not asks:
            del self.fields["agreed"]
