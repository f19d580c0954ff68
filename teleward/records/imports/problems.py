"""Why a file is not imported, each with what to do about it."""

from django.utils.translation import gettext_lazy as _

from teleward.kernel.errors import Problem


class ImportRefused(Problem):
    """The file is neither a bundle nor NDJSON."""

    code = "records:import-refused"
    status = 422
    message = _(
        "This is neither a FHIR bundle (JSON) nor NDJSON. Please have the other system export it again, "
        "as FHIR R4."
    )


class ImportEmpty(ImportRefused):
    """There is no resource in it."""

    code = "records:import-empty"
    message = _("There is no resource in this file. Please choose another one.")


class ImportTooLarge(ImportRefused):
    """Too many bytes or resources."""

    code = "records:import-too-large"
    status = 413
    message = _("A file has at most 20 MB and 20,000 resources. Please bring it in parts.")


class BundleOfOtherKind(ImportRefused):
    """A bundle that is not a collection, a transaction or a batch."""

    code = "records:import-bundle"
    message = _(
        "Only bundles that are a collection, a transaction or a batch are imported. Please export it as "
        "one of these."
    )


class SourceMissing(ImportRefused):
    """Which system it comes from is not said."""

    code = "records:import-source"
    message = _(
        "Please say which system the file comes from, always in the same words, such as "
        "“Practice Meier, Medisoft”."
    )
