"""How long and how much, with where each comes from."""

from datetime import timedelta

PATIENCE = timedelta(seconds=15)  # for one request of a job: slow practice systems, and a day has many tries
SEND_PATIENCE = timedelta(minutes=3)  # for all that one sending asks: within waiting.LEASE
TEST_PATIENCE = timedelta(seconds=20)  # for all of a test, while somebody waits for it
LOOK_PATIENCE = timedelta(seconds=4)  # for all of a summary, likewise
DESCRIPTION_KEPT = timedelta(minutes=10)  # of how to get a key there
MOST_BYTES = 4 * 1024 * 1024  # of one answer
MOST_DESCRIPTION = 65_536
WORD_LASTS = timedelta(minutes=4)  # SMART App Launch 2.2: an assertion lives at most five minutes
TOKEN_MARGIN = timedelta(seconds=20)  # asked anew before it runs out under way
TOKEN_AT_MOST = timedelta(hours=1)  # whatever the other side says
FOUND_AT_MOST = 20  # of each kind of finding in a summary
