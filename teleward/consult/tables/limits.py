"""The sizes and times of tables of appointments, each with where it comes from."""

from datetime import timedelta

MOST_BYTES = 2 * 1024 * 1024  # own choice: far above any year of appointments
MOST_ROWS = 500  # own choice: each is asked about at the gate and booked by itself, while somebody waits
MOST_COLUMNS = 60
MOST_LETTERS = 2_000  # of one cell
LOOKED_AT = 20  # rows that say which separator it is
KEPT = timedelta(days=1)  # a table that nobody confirmed, and the report on one that was
USUAL_MINUTES = 15  # where the table does not say how long
MOST_SHOWN = 200  # rows of a preview; all are counted
