"""The sizes and times of imports, each with where it comes from."""

from datetime import timedelta

MOST_BYTES = 20 * 1024 * 1024  # own choice: it is held in memory once; larger exports come in several files
MOST_RESOURCES = 20_000
PIECE = 25  # resources between two looks at how far it is
KEPT = timedelta(days=30)  # the report; the file itself goes when it is done
MOST_SHOWN = 500  # lines of a report on a page
