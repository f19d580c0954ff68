"""What narrows the scopes of a program, for whom it was opened for and for everybody else."""

from teleward.access.grants import Actor
from teleward.access.queries.tokens import narrowing

Filters = tuple[tuple[tuple[str, str], ...], ...]


def reaches(actor: Actor, kind: str, letter: str) -> tuple[Filters | None, Filters]:
    """The filters for its own patient and the practice's own, and those for other patients.

    Where the scopes do not speak of others, the gate says no about those: nothing more is asked here.
    """
    near = narrowing(actor=actor, kind=kind, letter=letter)
    return near, narrowing(actor=actor, kind=kind, letter=letter, beyond=True) or near or ()
