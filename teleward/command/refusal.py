"""A command that cannot go on says why in one sentence."""


class CannotContinue(Exception):  # noqa: N818 - it says what is true
    """Shown to the person at the terminal as it stands; the exit code is 1."""
