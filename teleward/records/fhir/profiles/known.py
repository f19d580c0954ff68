"""Every profile a resource can be held against here, by its address."""

from teleward.records.fhir.profiles.german import GERMAN
from teleward.records.fhir.profiles.shape import Profile
from teleward.records.fhir.profiles.us_core import US_CORE_VITAL_SIGNS
from teleward.records.fhir.profiles.vital_signs import VITAL_SIGNS

PROFILES: dict[str, Profile] = {
    profile.url: profile for profile in (*VITAL_SIGNS, *US_CORE_VITAL_SIGNS, *GERMAN)
}
