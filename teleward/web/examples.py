"""The invented form of the component gallery: one field of each kind, untouched and refused."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ExampleForm(forms.Form):
    """One field of each kind, as a room would write it."""

    name = forms.CharField(
        label=_("Your name"), help_text=_("As it is on your insurance card."), max_length=80
    )
    reason = forms.ChoiceField(
        label=_("What suits you best?"),
        choices=[("video", _("Video")), ("audio", _("Sound only")), ("text", _("Writing"))],
        widget=forms.RadioSelect,
    )
    message = forms.CharField(label=_("Anything else?"), widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label=_("I have read this."))


def example_form(request: HttpRequest) -> ExampleForm:
    """The form with what `?name=` brings, refused; without it, untouched."""
    return ExampleForm(request.GET) if "name" in request.GET else ExampleForm()
