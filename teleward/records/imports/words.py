"""The words of a report."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .outcomes import Outcome, Reason

OUTCOMES: dict[Outcome, Promise] = {
    Outcome.KEPT: pgettext_lazy("import", "kept"),
    Outcome.SAME: pgettext_lazy("import", "was here already"),
    Outcome.WAITS: pgettext_lazy("import", "waits for a patient"),
    Outcome.LEFT: pgettext_lazy("import", "left out"),
    Outcome.REFUSED: pgettext_lazy("import", "refused"),
}
REASONS: dict[Reason, Promise] = {
    Reason.UNREADABLE: _("It is no JSON, or says something twice. Please have it exported again."),
    Reason.INVALID: _("It is not as FHIR R4 asks. Tell the makers of the other system these places."),
    Reason.UNKNOWN_TYPE: _("There is no such type here."),
    Reason.OURS: _("Teleward keeps this type itself: it follows from what people do here."),
    Reason.NOBODYS: _("It does not say which patient it belongs to."),
    Reason.SEVERAL: _("It belongs to several patients."),
    Reason.REMOVAL: _("It asks for something to be removed or read. Nothing is removed by an import."),
    Reason.NO_PATIENT: _(
        "Nobody whom you may be shown has a number of this patient. Enter it with the patient and bring the "
        "file again, or have somebody else bring it."
    ),
    Reason.SHARED: _(
        "Two patients here have its numbers. Say whether they are one person, then bring the file again."
    ),
    Reason.ERASED: _("This patient's record was erased."),
    Reason.ANOTHERS: _(
        "It stands in another patient's file already, such as an earlier file of the same person. Compare "
        "the two files."
    ),
    Reason.FAULT: _(
        "Teleward failed at this one; the others went on. Bring the file again, and tell whoever looks after "
        "Teleward if it stays so."
    ),
    Reason.MATCHED: _("This patient is known here by number. Name and address stay as they are."),
}
