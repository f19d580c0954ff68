"""Django made ready to be read, whoever comes first: a test run or a tool without a database."""

import os

import django
from django.apps import apps
from django.utils.module_loading import autodiscover_modules

if not apps.ready:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "architecture.settings")
    django.setup()
autodiscover_modules("states", "reactions", "tasks")

__all__ = ["apps"]
