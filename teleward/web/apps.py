import logging

from django.apps import AppConfig

from teleward.web.logs import WithoutAddresses


class WebConfig(AppConfig):
    name = "teleward.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep addresses, which may hold a token, out of Django's own log lines."""
        for name in ("django.request", "django.security.csrf"):
            logging.getLogger(name).addFilter(WithoutAddresses())
