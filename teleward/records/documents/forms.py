"""What people fill in to keep a document."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from .limits import LONGEST_TITLE


class DocumentForm(forms.Form):
    """A document to be kept."""

    title = forms.CharField(
        label=_("What it is"),
        help_text=_("Such as “Letter from the eye clinic”. It is stored encrypted."),
        max_length=LONGEST_TITLE,
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, JPEG or PNG, at most 10 MB. Where a photo was taken is removed from it."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
        allow_empty_file=True,
    )


class BringForm(DocumentForm):
    """A document that a patient sends; a form sent twice is one document."""

    key = forms.UUIDField(initial=uuid4, required=False, widget=forms.HiddenInput)
