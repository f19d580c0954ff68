from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    name = "teleward.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Finds every room's reactions, as Django finds its models."""
        autodiscover_modules("reactions")
