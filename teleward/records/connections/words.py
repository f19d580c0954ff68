"""Why something did not go out, as an administrator reads it: what happened, then what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    "silent": _("The other system does not answer. Check that it runs and that its address is right."),
    "slow": _("The other system took too long."),
    "busy": _("The other system asked for a pause. It is tried again by itself."),
    "broken-there": _("The other system has a fault of its own. Tell the people who look after it."),
    "moved": _("The other system answers at another address. Enter that one here."),
    "no-fhir-there": _("There is no FHIR at this address. Check it with the people of the other system."),
    "no-smart-there": _("The other system does not say where keys are given (SMART). Ask its people."),
    "no-client-id": _("Our name there is missing. Enter the client_id that the other system gave you."),
    "not-let-in": _("The other system does not let us in. Check our name there and the address of our keys."),
    "not-allowed": _("The other system knows us and does not allow this. Ask its people for the scopes."),
    "changed-meanwhile": _("It was changed there in the same moment. It is tried again by itself."),
    "closed-address": _(
        "This address may not be reached from here. Whoever runs this server can allow its network."
    ),
    "too-much": _("The answer was too long, or came too slowly."),
    "unreadable": _("The answer could not be read."),
    "not-taken": _(
        "The other system did not accept it. What it named is beside this line; send that to its people."
    ),
    "patient-unnamed": _(
        "This patient has no number that the other system could know. Enter one, then send again."
    ),
    "patient-unknown": _("Nobody there has this patient's number. Enter the patient there, then send again."),
    "patient-unclear": _(
        "Several entries there have this patient's numbers. Have that put right there, then send again."
    ),
    "found-twice": _("It lies there more than once. Have one of them removed there, then send again."),
    "erased": _("It was erased here and cannot be sent any more. Give it up."),
    "cut-off": _("Sending it was cut off again and again. Tell the people who look after this server."),
}
ELSE = _("It did not work.")


def reason(word: str) -> str:
    """The sentence of a reason; one for all that this version does not know."""
    return str(REASONS.get(word, ELSE))


TYPES: dict[str, Promise] = {
    "Appointment": _("Appointments and how they stand"),
    "Communication": _("That an invitation was sent"),
    "DocumentReference": _("Notes and documents"),
    "Encounter": _("Consultations that took place"),
    "Observation": _("Readings and results"),
}
SECTIONS: dict[str, Promise] = {
    "problems": _("Problems"),
    "medication": _("Medication"),
    "allergies": _("Allergies"),
    "results": _("Results and readings"),
    "documents": _("Documents"),
}


def type_name(kind: str) -> str:
    """What resources of a type are, for people."""
    return str(TYPES.get(kind, kind))


def section_name(section: str) -> str:
    """A part of what is held elsewhere."""
    return str(SECTIONS.get(section, section))
