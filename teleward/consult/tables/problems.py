"""Why a file is no table of appointments, each with what to do about it."""

from django.utils.translation import gettext_lazy as _

from teleward.kernel.errors import Problem


class TableRefused(Problem):
    """The file cannot be read as a table."""

    code = "consult:table-refused"
    status = 422
    message = _("This file cannot be read as a table. Please save it as CSV (UTF-8) and choose it again.")


class TableEmpty(TableRefused):
    """No row below the headings."""

    code = "consult:table-empty"
    message = _("There is no appointment in this file. Please choose the file with the rows.")


class TableTooLarge(TableRefused):
    """Too many bytes, rows or columns."""

    code = "consult:table-too-large"
    status = 413
    message = _("A table has at most 500 rows, 60 columns and 2 MB. Please divide it.")


class TableIsWorkbook(TableRefused):
    """An Excel or OpenDocument file, or another archive."""

    code = "consult:table-workbook"
    message = _("This is a workbook, not a CSV file. Please open it, choose “Save as” and then CSV (UTF-8).")


class TableBusy(Problem):
    """It is being booked at this moment."""

    code = "consult:table-busy"
    status = 409
    message = _("This table is being booked at this moment. Please wait a little and load the page again.")


class TableOver(Problem):
    """It was confirmed, discarded or is too old."""

    code = "consult:table-over"
    status = 410
    message = _(
        "This table is no longer here: it was booked, put away, or is older than a day. "
        "Please choose the file again."
    )
