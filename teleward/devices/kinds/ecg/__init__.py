"""Electrocardiographs that send our own frames."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from teleward.devices.kinds.ecg.decoding import MEASUREMENT, SERVICE, decode
from teleward.devices.kinds.ecg.observation import observe
from teleward.devices.kinds.kind import Kind

KIND = Kind(
    name="ecg",
    word=_("ECG recorder"),
    service=SERVICE,
    mdc="528390",
    characteristics=(MEASUREMENT,),
    quantities=(),
    stale_after=timedelta(seconds=2),
    continuous=True,
    can_be_typed=False,
    decode=decode,
    observe=observe,
)
