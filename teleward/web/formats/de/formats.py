"""How days and times are written in German: a full stop behind the day, Uhr behind the time."""

DATE_FORMAT = "j. F Y"
DATETIME_FORMAT = r"j. F Y, H:i \U\h\r"
TIME_FORMAT = "H:i"
