"""What can go wrong between a program and the chart. Each becomes an OperationOutcome."""

from collections.abc import Iterable
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from teleward.kernel.errors import Problem
from teleward.records.fhir.findings import Issue


class FhirProblem(Problem):
    """`issue` is of FHIR's IssueType; `said` tells a programmer which part it was, and names nobody."""

    code = "records:problem"
    issue: ClassVar[str] = "processing"
    severity: ClassVar[str] = "error"
    message: str | Promise = _("The request to the record could not be carried out. Please check it.")

    def __init__(self, said: str = "", *, where: str = "") -> None:
        super().__init__()
        self.said, self.where = said, where


class FormatNotSpoken(FhirProblem):
    """XML, RDF, or a version of FHIR that is not R4."""

    code = "records:format"
    status = 406
    issue = "not-supported"
    message = _("The record is given as FHIR R4 in JSON only. Please ask for application/fhir+json.")


class BodyNotSpoken(FhirProblem):
    """The body is not FHIR as JSON."""

    code = "records:body-format"
    status = 415
    issue = "not-supported"
    message = _("The record takes FHIR R4 in JSON only. Please send application/fhir+json.")


class NotOffered(FhirProblem):
    """No such type, no such operation."""

    code = "records:not-offered"
    status = 404
    issue = "not-supported"
    message = _("The record does not offer this. What it offers stands in its capability statement.")


class MethodNotOffered(NotOffered):
    """The address is known, the method is not for it."""

    code = "records:method-not-offered"
    status = 405


class Unknown(FhirProblem):
    """Nothing of this id, or nothing for who asks."""

    code = "records:unknown"
    status = 404
    issue = "not-found"
    message = _("The record has nothing at this address. Please check the id.")


class Removed(FhirProblem):
    """It was there and was removed."""

    code = "records:removed"
    status = 410
    issue = "deleted"
    message = _("This was removed from the record. Earlier versions are kept in its history.")


class BodyInvalid(FhirProblem):
    """The body does not follow FHIR R4; `issues` says where."""

    code = "records:invalid"
    status = 422
    issue = "invalid"
    message = _("This does not follow FHIR R4. Please correct what is named and send it again.")

    def __init__(self, issues: Iterable[Issue]) -> None:
        super().__init__()
        self.issues = tuple(issues)


class Discarded(FhirProblem):
    """What a device supplied is sound and of no use here; `said` is why (US Core, Writing Vital Signs)."""

    code = "records:discarded"
    status = 202
    severity = "warning"
    issue = "business-rule"
    message = _("This was understood and is not kept. The reason stands beside it.")


class Unreadable(FhirProblem):
    """The body is not even JSON."""

    code = "records:unreadable"
    status = 400
    issue = "structure"
    message = BodyInvalid.message


class OwnerMissing(FhirProblem):
    """It says about no patient, or about one who is not here, whose it is."""

    code = "records:owner-missing"
    status = 422
    issue = "business-rule"
    message = _("The record has to know whose it is. Please name one patient of this practice.")


class KeptElsewhere(FhirProblem):
    """This type follows from what people do in Teleward."""

    code = "records:kept-elsewhere"
    status = 405
    issue = "business-rule"
    message = _("This is kept by Teleward itself and can only be read here.")


class ChangedMeanwhile(FhirProblem):
    """Somebody else wrote a version first."""

    code = "records:changed-meanwhile"
    status = 412
    issue = "conflict"
    message = _("This was changed by somebody else meanwhile. Please read it again, then repeat the change.")


class SeveralMatch(FhirProblem):
    """A condition that has to name one resource names several."""

    code = "records:several-match"
    status = 412
    issue = "multiple-matches"
    message = _("Several entries fit this condition. Please narrow it until one is left.")


class SearchNotUnderstood(FhirProblem):
    """A parameter, modifier or value that is not known. Ignoring it would show more than was asked for."""

    code = "records:search"
    status = 400
    issue = "invalid"
    message = _("This search was not understood. Please check the part that is named.")


class TooCostly(FhirProblem):
    """So much would have to be looked at that others would wait."""

    code = "records:too-costly"
    status = 403
    issue = "too-costly"
    message = _("This asks for too much at once. Please narrow it.")


class ExportUnknown(FhirProblem):
    """No such export of this program, or it was given up."""

    code = "records:export-unknown"
    status = 404
    issue = "not-found"
    message = _("This export was stopped or is unknown. Please begin a new one.")


class Overloaded(FhirProblem):
    """So many ask at once that no database session became free. `wait`: seconds until the next try."""

    code = "records:overloaded"
    status = 503
    issue = "throttled"
    message = _("The record is answering many others just now. Please try again in a few seconds.")
    wait = 5


class Failed(FhirProblem):
    """A fault of ours."""

    code = "records:failed"
    status = 500
    issue = "exception"
    message = _("Something went wrong on our side. Please try again in a moment.")
