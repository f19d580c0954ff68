"""The policies: files in Cedar's language, checked against their schema when they load."""

from .annotations import Annotations, Window
from .loading import FOLDER, PoliciesInvalid, Rules, rules, sources, texts

__all__ = ["FOLDER", "Annotations", "PoliciesInvalid", "Rules", "Window", "rules", "sources", "texts"]
