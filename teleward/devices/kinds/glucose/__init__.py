"""Blood glucose meters."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from teleward.devices.kinds.glucose.decoding import CONTEXT, GLUCOSE, MEASUREMENT, decode
from teleward.devices.kinds.glucose.observation import observe
from teleward.devices.kinds.kind import Kind, Quantity

KIND = Kind(
    name="glucose",
    word=_("Blood sugar meter"),
    service="1808",
    mdc="528401",
    characteristics=(
        MEASUREMENT,
        CONTEXT,
    ),
    quantities=(
        Quantity(
            code=GLUCOSE,
            word=_("Blood sugar"),
            unit="mg/dL",
            lowest=Decimal(10),
            highest=Decimal(900),
            jump=Decimal(200),
            typed=("mmol/L",),
        ),
    ),
    stale_after=timedelta(minutes=15),
    decode=decode,
    observe=observe,
)
