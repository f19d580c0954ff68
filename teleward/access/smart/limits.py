"""The times and sizes of connected programs, each with where it comes from."""

from datetime import timedelta

CODE_LASTS = timedelta(seconds=60)  # RFC 6749 4.1.2 allows ten minutes; a browser needs two seconds
BACKEND_TOKEN_LASTS = timedelta(minutes=5)  # SMART App Launch 2.2, Backend Services: at most 300 s
USER_TOKEN_LASTS = timedelta(minutes=15)  # own choice: a taken token is worth a quarter of an hour
OFFLINE_LASTS = timedelta(days=90)  # own choice: then the person is asked again
ASSERTION_LASTS = timedelta(minutes=5)  # SMART App Launch 2.2, asymmetric authentication: exp
CLOCK_DRIFT = timedelta(seconds=30)  # RFC 7519 4.1.4: a small leeway
LAUNCH_LASTS = timedelta(minutes=5)  # own choice: between our page and the app's
SEEN_KEPT = ASSERTION_LASTS + 2 * CLOCK_DRIFT  # longer than any assertion can be used

KEYS_PATIENCE = timedelta(seconds=3)  # for a client's keys
KEYS_BYTES = 65_536
KEYS_KEPT = timedelta(minutes=5)  # at most, whatever their header says
KEYS_ASKED_AGAIN = timedelta(seconds=30)  # for a name of a key that is not among them

RATE_PER_MINUTE = 3_000  # of one program, unless its registration says otherwise
TOKENS_PER_MINUTE = 60  # asked for by one program, and refused to one network
