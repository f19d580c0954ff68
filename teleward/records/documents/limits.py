"""The sizes and times of documents, each with where it comes from."""

from datetime import timedelta

MOST_BYTES = 10 * 1024 * 1024  # own choice: forty pages scanned in grey, any photograph of a telephone
MOST_DOTS = 100_000_000  # own choice: width times height; a picture of few bytes may unfold to gigabytes
MOST_UNFOLDED = 16 * 1024 * 1024  # folded parts of a PDF and what is read for them; letters: some hundred kB
MOST_STREAMS = 20_000  # of a PDF; forty scanned pages have a hundred, a book some thousands
LONGEST_TITLE = 120  # characters
MOST_BROUGHT = 20  # files of one record within a day, before a patient is asked to wait
BROUGHT_WITHIN = timedelta(days=1)
MOST_LISTED = 200  # the newest
SCAN_PATIENCE = timedelta(seconds=30)  # for the virus scanner; clamd itself gives up after 120
SCAN_CHUNK = 64 * 1024  # clamd(8), INSTREAM: chunks with their length before them
