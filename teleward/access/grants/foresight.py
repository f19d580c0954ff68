"""What a page may offer: asked of the policies, with nothing opened and therefore nothing entered."""

from teleward.access.actions import Action
from teleward.access.deciding import decide
from teleward.access.subjects import Subject

from .proof import Grant


def would_allow(*, grant: Grant, action: Action, subject: Subject | None = None) -> bool:
    """Whether the holder of this grant would be allowed that too, now. The gate decides anew."""
    return decide(actor=grant.actor, action=action, subject=subject or grant.subject).allowed
