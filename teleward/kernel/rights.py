"""What the application's role may not do to a table, whatever a fault in the program asks it to."""

from django.conf import settings
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import RunPython

REFUSED = "UPDATE, DELETE"


def rows_stand(*tables: str) -> RunPython:
    """A step of a migration: from here on the application adds rows to these tables and changes none."""

    def take(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        editor.execute(f"REVOKE {REFUSED} ON {', '.join(tables)} FROM {_application(editor)}")

    def give_back(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        editor.execute(f"GRANT {REFUSED} ON {', '.join(tables)} TO {_application(editor)}")

    return RunPython(take, give_back)


def _application(editor: BaseDatabaseSchemaEditor) -> str:
    return editor.quote_name(str(settings.DATABASES["default"]["USER"]))
