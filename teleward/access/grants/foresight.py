"""What a page may offer: asked of the policies, with nothing opened and therefore nothing entered."""

from dataclasses import replace

from teleward.access.actions import Action
from teleward.access.deciding import decide
from teleward.access.subjects import Subject
from teleward.kernel.clock import now

from .proof import Grant


def would_allow(*, grant: Grant, action: Action, subject: Subject | None = None) -> bool:
    """Whether the holder of this grant would be allowed that too, once they had shown a factor anew.

    The gate decides for itself, and asks for that factor.
    """
    proved = replace(grant.actor, authenticated_at=now())
    return decide(actor=proved, action=action, subject=subject or grant.subject).allowed
