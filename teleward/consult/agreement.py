"""The text a patient agrees to. A changed text is a new version with a template of its own; old ones stay."""

VERSION = "2026-11"
VERSIONS = (VERSION,)


def template_of(version: str) -> str:
    """The template that holds this version's text in every language."""
    if version not in VERSIONS:
        raise LookupError(version)
    return f"consult/agreement/{version}.html"
