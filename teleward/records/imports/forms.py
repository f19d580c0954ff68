"""What an administrator says about a file of another system."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    """The file, and where it comes from."""

    source = forms.CharField(
        label=_("Which system it comes from"),
        help_text=_("Always in the same words, such as “Practice Meier, Medisoft”: it tells systems apart."),
        max_length=100,
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("A FHIR R4 bundle (JSON) or NDJSON, at most 20 MB. Stored encrypted, deleted when done."),
        widget=forms.FileInput(attrs={"accept": ".json,.ndjson,.jsonl"}),
        allow_empty_file=True,
    )
