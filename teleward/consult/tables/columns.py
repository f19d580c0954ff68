"""What the columns of a table are: guessed from their headings, changed by a person."""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

Columns = dict[int, "Role"]


class Role(StrEnum):
    """What a column may say."""

    FAMILY = "family"
    GIVEN = "given"
    NAME = "name"
    BORN = "born"
    NUMBER = "number"
    CHART = "chart"
    START = "start"
    DAY = "day"
    CLOCK = "clock"
    MINUTES = "minutes"
    END = "end"
    HOST = "host"
    PURPOSE = "purpose"


HEADINGS = {  # as people and programs write them, in German and English
    Role.FAMILY: "nachname familienname zuname surname lastname familyname patientnachname patientlastname",
    Role.GIVEN: "vorname rufname firstname givenname forename patientvorname patientfirstname",
    Role.NAME: "name patient patientname patientin fullname vollername patientinpatient",
    Role.BORN: "geburtsdatum geburtstag geb gebdatum gebdat geboren geborenam dob birthdate "
    "dateofbirth birthday born",
    Role.NUMBER: "kvnr versichertennummer versichertennr krankenversichertennummer kvnummer nhsnumber "
    "nhsno nhs insurancenumber egknummer",
    Role.CHART: "patientennummer patientennr patnr patientid patid patientnumber mrn chartnumber "
    "recordnumber aktennummer",
    Role.START: "beginn start starttime startzeit terminbeginn appointment termin "
    "datumuhrzeit datetime von begins",
    Role.DAY: "datum tag date day terminsdatum termindatum appointmentdate",
    Role.CLOCK: "uhrzeit zeit time clock terminzeit appointmenttime",
    Role.MINUTES: "dauer minuten dauermin dauerinminuten duration minutes length "
    "lengthminutes durationminutes",
    Role.END: "ende end bis endtime endzeit terminende ends",
    Role.HOST: "arzt aerztin arztin behandler behandlerin mitwem doctor physician clinician provider "
    "practitioner with host therapeut therapeutin",
    Role.PURPOSE: "grund anlass besuchsgrund reason purpose terminart betreff subject",
}
KNOWN = {heading: role for role, headings in HEADINGS.items() for heading in headings.split()}
LETTERS = re.compile(r"[a-z]+")


def guessed(headings: Sequence[str]) -> Columns:
    """The role of each column whose heading says one; each role once, the first column that says it."""
    found: Columns = {}
    for place, heading in enumerate(headings):
        role = KNOWN.get(_folded(heading))
        if role and role not in found.values():
            found[place] = role
    return found


def _folded(heading: str) -> str:
    """In small letters without accents, brackets and signs: `Geb.-Datum (TT.MM.)` is `gebdatum`."""
    bare = re.sub(r"\([^)]*\)", "", heading.casefold().replace("ä", "ae").replace("ß", "ss"))
    plain = unicodedata.normalize("NFKD", bare)
    return "".join(LETTERS.findall("".join(sign for sign in plain if not unicodedata.combining(sign))))
