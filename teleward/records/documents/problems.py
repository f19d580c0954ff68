"""Why a document is not kept, each with what to do about it."""

from django.utils.translation import gettext_lazy as _

from teleward.kernel.errors import Problem


class DocumentRefused(Problem):
    """A document cannot be kept as it is."""

    code = "records:document-refused"
    status = 422
    message = _("This document cannot be kept. Please save it as a PDF or take a picture of it.")


class DocumentEmpty(DocumentRefused):
    """There are no bytes."""

    code = "records:document-empty"
    message = _("This file is empty. Please choose it again, or save it again where it comes from.")


class DocumentTooLarge(DocumentRefused):
    """More bytes than are kept."""

    code = "records:document-too-large"
    status = 413
    message = _("This file is larger than 10 MB. Please save it smaller, or divide it.")


class KindUnknown(DocumentRefused):
    """Neither PDF nor JPEG nor PNG, by its bytes."""

    code = "records:document-kind"
    status = 415
    message = _(
        "Only PDF files and pictures (JPEG, PNG) are kept here. Please save the document as a PDF, "
        "or take a picture of it."
    )


class NameMisleads(DocumentRefused):
    """The name says another kind than the bytes."""

    code = "records:document-name"
    message = _(
        "The end of the file's name does not fit what is in it. Please save the document again as PDF, JPEG "
        "or PNG, and choose that file."
    )


class Truncated(DocumentRefused):
    """The end is missing, or something inside is damaged."""

    code = "records:document-damaged"
    message = _("This file is damaged or not complete. Please save or fetch it again.")


class SecondFile(DocumentRefused):
    """Something else is hidden before or behind the document."""

    code = "records:document-second-file"
    message = _("There is a second file hidden in this one. Please print the document as a new PDF.")


class Locked(DocumentRefused):
    """A PDF with a password."""

    code = "records:document-locked"
    message = _("This PDF is protected by a password. Please save it without one.")


class HoldsProgram(DocumentRefused):
    """A PDF with a script, a start of programs, or files inside."""

    code = "records:document-program"
    message = _(
        "This PDF holds a program or other files, which could do harm. Please print it as a new PDF, "
        "and choose that file."
    )


class TooManyDots(DocumentRefused):
    """A picture that unfolds to more than a screen or a server should bear."""

    code = "records:document-dots"
    message = _("This picture has too many dots. Please save it smaller.")


class VirusFound(DocumentRefused):
    """The scanner says so."""

    code = "records:document-virus"
    message = _(
        "The virus scanner warns of this file, so it was not kept. Please do not open it, and tell whoever "
        "looks after the computers."
    )


class ScannerAway(DocumentRefused):
    """There is a scanner to ask, and it does not answer."""

    code = "records:document-scanner"
    status = 503
    message = _(
        "The virus scanner does not answer, so nothing is kept for now. Please try again in a few minutes, "
        "and tell whoever looks after the computers."
    )


class TitleMissing(DocumentRefused):
    """Without a title nobody would find it."""

    code = "records:document-title"
    message = _(
        "Please give the document a title of at most 120 characters, such as “Letter from the eye clinic”."
    )


class TooManyBrought(DocumentRefused):
    """A patient has sent a day's worth of files."""

    code = "records:document-many"
    status = 429
    message = _("That is more than can be sent in one day. Please send the rest tomorrow, or bring it along.")
