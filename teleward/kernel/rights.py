"""What the application's role may not do to a table, whatever a fault in the program asks it to."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.db.backends.base.schema import BaseDatabaseSchemaEditor as Editor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

Step = Callable[[Editor], None]

REFUSED = "UPDATE, DELETE"
PRACTICE = "(SELECT nullif(current_setting('teleward.practice', true), '')::uuid)"


class Right(Operation):
    """Something said to the database alone.

    `RunPython` would have Django picture every model anew for each of these, half the time of a first start.
    """

    def __init__(self, lay: Step, lift: Step) -> None:
        self.lay, self.lift = lay, lift

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The models stay as they were."""

    def database_forwards(self, _label: str, editor: Editor, *_states: ProjectState) -> None:
        """Say it."""
        self.lay(editor)

    def database_backwards(self, _label: str, editor: Editor, *_states: ProjectState) -> None:
        """Take it back."""
        self.lift(editor)


def rows_stand(*tables: str) -> Right:
    """A step of a migration: from here on the application adds rows to these tables and changes none."""

    def take(editor: Editor) -> None:
        editor.execute(f"REVOKE {REFUSED} ON {', '.join(tables)} FROM {_application(editor)}")

    def give_back(editor: Editor) -> None:
        editor.execute(f"GRANT {REFUSED} ON {', '.join(tables)} TO {_application(editor)}")

    return Right(take, give_back)


def fenced(table: str, *, practice: str = "", within: str = "", by: str = "") -> Right:
    """A step of a migration: the application sees and adds only rows of the practice that is open (fence).

    `practice` is the column with the practice's id; or the row belongs to one of the table `within`, which is
    fenced itself, by the column `by`. The owner, who migrates, sees all. The condition is written out in the
    policy: in a function it would be 54 times slower.
    """
    inside = f"EXISTS (SELECT FROM {within} o WHERE o.id = {table}.{by})"
    belongs = f"{practice} = {PRACTICE}" if practice else inside

    def lay(editor: Editor) -> None:
        editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        editor.execute(f"CREATE POLICY practice ON {table} TO {_application(editor)} USING ({belongs})")
        editor.execute(f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true)")

    def lift(editor: Editor) -> None:
        editor.execute(f"DROP POLICY practice ON {table}")
        editor.execute(f"DROP POLICY owner ON {table}")
        editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY")

    return Right(lay, lift)


def keys(view: str, *, of: str, columns: Iterable[str]) -> Right:
    """A step of a migration: ids, states and times of a fenced table, which the gate needs before it decides.

    The view is the owner's, so the fence does not hold for it; the application may read it and no more.
    """
    chosen = ", ".join(columns)

    def lay(editor: Editor) -> None:
        editor.execute(f"CREATE VIEW {view} AS SELECT {chosen} FROM {of}")  # noqa: S608 - names of a migration
        editor.execute(f"REVOKE ALL ON {view} FROM {_application(editor)}")
        editor.execute(f"GRANT SELECT ON {view} TO {_application(editor)}")

    def take_away(editor: Editor) -> None:
        editor.execute(f"DROP VIEW {view}")

    return Right(lay, take_away)


def _application(editor: Editor) -> str:
    return editor.quote_name(str(settings.DATABASES["default"]["USER"]))
