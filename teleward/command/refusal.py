"""A command that cannot go on says why in one sentence."""


class CannotContinue(Exception):
    """Shown to the person at the terminal as it stands; the exit code is 1."""
