"""Of whom a grant speaks."""

from uuid import UUID

from teleward.access.grants import Grant
from teleward.kernel.errors import NotFound


def who(grant: Grant) -> UUID:
    """Who holds the grant; it covers nothing. Raises NotFound for what has no id, such as the server."""
    if grant.actor.id is None:
        raise NotFound
    return grant.actor.id


def whose(grant: Grant) -> UUID:
    """The grant's patient; it covers nothing. Raises NotFound where it is about nobody."""
    if grant.subject.patient is None:
        raise NotFound
    return grant.subject.patient
