import logging

from django import forms
from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from teleward.web.logs import WithoutAddresses

MISSING = (
    (forms.Field, _("Please fill this in.")),
    (forms.FileField, _("Please choose a file.")),
    (forms.ChoiceField, _("Please choose one.")),
    (forms.MultipleChoiceField, _("Please choose at least one.")),
)


class WebConfig(AppConfig):
    name = "teleward.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep addresses, which may hold a token, out of Django's own log lines; say what to do in forms."""
        for name in ("django.request", "django.security.csrf"):
            logging.getLogger(name).addFilter(WithoutAddresses())
        for field, words in MISSING:
            field.default_error_messages = {**field.default_error_messages, "required": words}
