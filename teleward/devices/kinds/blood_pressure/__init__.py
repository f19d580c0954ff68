"""Blood pressure cuffs."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from teleward.devices.kinds.blood_pressure.decoding import (
    DIASTOLIC,
    ENHANCED,
    MEAN,
    MEASUREMENT,
    NEWER,
    PULSE,
    SYSTOLIC,
    decode,
)
from teleward.devices.kinds.blood_pressure.observation import observe
from teleward.devices.kinds.kind import Kind, Quantity

KIND = Kind(
    name="blood-pressure",
    word=_("Blood pressure monitor"),
    service="1810",
    mdc="528391",
    characteristics=(
        MEASUREMENT,
        ENHANCED,
    ),
    newer=NEWER,
    quantities=(
        Quantity(
            code=SYSTOLIC,
            word=_("Upper value (systolic)"),
            unit="mm[Hg]",
            lowest=Decimal(40),
            highest=Decimal(300),
            jump=Decimal(60),
            typed=("kPa",),
        ),
        Quantity(
            code=DIASTOLIC,
            word=_("Lower value (diastolic)"),
            unit="mm[Hg]",
            lowest=Decimal(20),
            highest=Decimal(200),
            jump=Decimal(40),
            typed=("kPa",),
        ),
        Quantity(
            code=MEAN,
            word=_("Mean pressure"),
            unit="mm[Hg]",
            lowest=Decimal(25),
            highest=Decimal(250),
            jump=Decimal(50),
            typed=("kPa",),
        ),
        Quantity(
            code=PULSE,
            word=_("Pulse"),
            unit="/min",
            lowest=Decimal(20),
            highest=Decimal(300),
            jump=Decimal(50),
        ),
    ),
    stale_after=timedelta(minutes=5),
    decode=decode,
    observe=observe,
)
