"""What nobody asks for: places for the months to come, an end to words that are over."""

from datetime import timedelta

from django.db import connection

from teleward.devices.models import SeenWord
from teleward.kernel.clock import now
from teleward.kernel.openings import without_grant

AHEAD = (timedelta(0), timedelta(days=31), timedelta(days=62))  # from the first of a month, never over one


@without_grant("Parts of tables, and numbers of words that are over: nobody's data.")
def look_ahead() -> None:
    """This month and the next two have their part of the table; words that count no more are gone."""
    first = now().date().replace(day=1)
    with connection.cursor() as cursor:
        for ahead in AHEAD:
            cursor.execute("SELECT devices_month(%s)", [first + ahead])
    SeenWord.objects.filter(expires_at__lt=now()).delete()
