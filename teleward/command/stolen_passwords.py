"""What `teleward blocklist` does once the house is open."""

from collections.abc import Iterable

from teleward.access.grants import Action
from teleward.access.operations.blocklist import import_blocklist
from teleward.access.operations.people import system_grant
from teleward.access.queries.people import only_organisation
from teleward.command.refusal import CannotContinue
from teleward.kernel.errors import Problem


def read(*, lines: Iterable[bytes], entries: int, seen_at_least: int, false_positives: float) -> str:
    """Reads the list in; a sentence that says what is now refused. Raises CannotContinue."""
    practice = only_organisation()
    try:
        grant = system_grant(action=Action.CREDENTIAL_CHANGE, organisation=practice.id if practice else None)
        came = import_blocklist(
            grant=grant,
            lines=lines,
            entries=entries,
            seen_at_least=seen_at_least,
            false_positives=false_positives,
        )
    except Problem as problem:
        raise CannotContinue(str(problem.message)) from problem
    return f"{came} stolen passwords are refused from now on; whoever uses one is asked to change it."
