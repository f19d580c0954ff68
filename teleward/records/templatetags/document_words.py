"""Words of documents."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.records.documents.sniffing import Kind

register = template.Library()
KINDS = {Kind.PDF: _("PDF"), Kind.JPEG: _("Picture"), Kind.PNG: _("Picture")}


@register.filter
def document_kind(code: str) -> str | Promise:
    """What a document is, for people."""
    return KINDS.get(code, _("File"))  # type: ignore[call-overload,no-any-return]  # a kind is its code
