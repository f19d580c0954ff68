"""The generated pages of `docs/reference/`: one module each, whose `write()` returns the page."""

from architecture import furnished

__all__ = ["furnished"]  # Django has to be ready before a page looks at it
