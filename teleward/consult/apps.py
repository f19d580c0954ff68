from django.apps import AppConfig


class ConsultConfig(AppConfig):
    name = "teleward.consult"
    label = "consult"
    default_auto_field = "django.db.models.BigAutoField"
