"""How long ago something was, as people say it."""

from datetime import date

from django.utils.translation import gettext, ngettext

DAYS_OF_WEEKS, DAYS_OF_MONTHS, DAYS_OF_YEARS = 14, 61, 730


def ago(*, then: date, today: date) -> str:
    """Today, yesterday, days, weeks, months or years ago; of what lies ahead that it is planned."""
    days = (today - then).days
    if days < 0:
        return gettext("planned")
    if days < 2:
        return gettext("yesterday") if days else gettext("today")
    return _long_ago(days)


def _long_ago(days: int) -> str:
    if days < DAYS_OF_WEEKS:
        return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    if days < DAYS_OF_MONTHS:
        weeks = days // 7
        return ngettext("%(n)d week ago", "%(n)d weeks ago", weeks) % {"n": weeks}
    if days < DAYS_OF_YEARS:
        months = days * 12 // 365
        return ngettext("%(n)d month ago", "%(n)d months ago", months) % {"n": months}
    years = days // 365
    return ngettext("%(n)d year ago", "%(n)d years ago", years) % {"n": years}
