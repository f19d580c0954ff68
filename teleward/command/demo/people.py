"""The invented practice. Nobody of these names is meant; the addresses lie in a domain that cannot exist."""

from dataclasses import dataclass
from datetime import date

PRACTICE = {
    "name": "Hausarztpraxis am Schwabentor",
    "short_name": "Praxis Schwabentor",
    "telephone": "+49 761 5550140",
    "time_zone": "Europe/Berlin",
    "language": "de",
}


@dataclass(frozen=True)
class Staff:
    """One who works in the practice."""

    name: str
    email: str
    roles: tuple[str, ...]
    language: str
    does: str  # for the terminal


@dataclass(frozen=True)
class Invited:
    """One who comes to the practice."""

    given_name: str
    family_name: str
    born_on: date
    language: str
    email: str = ""
    telephone: str = ""


@dataclass(frozen=True)
class Slot:
    """An appointment: days of work from today, local time, minutes, whose, with whom, about what."""

    day: int
    time: str
    minutes: int
    host: int
    patient: int
    purpose: str
    modes: tuple[str, ...] = ("video", "audio", "text", "phone")


STAFF = (
    Staff("Dr. Hannah Brückner", "brueckner@schwabentor.invalid", ("physician",), "de", "physician"),
    Staff("Dr. Emeka Okafor", "okafor@schwabentor.invalid", ("physician",), "en", "physician"),
    Staff("Yusuf Demir", "demir@schwabentor.invalid", ("nurse",), "de", "nurse"),
    Staff("Ilka Sommerfeld", "sommerfeld@schwabentor.invalid", ("reception",), "de", "reception"),
    Staff(
        "Tomasz Wieczorek",
        "wieczorek@schwabentor.invalid",
        ("administrator", "privacy-officer"),
        "de",
        "administrator and privacy officer",
    ),
)

PATIENTS = (
    Invited(
        "Mareike", "Tiedemann", date(1988, 4, 17), "de", "m.tiedemann@example.invalid", "+49 151 55501231"
    ),
    Invited("Giulia", "Ferraro", date(1996, 11, 2), "en", "giulia@example.invalid"),
    Invited("Hans-Jörg", "Kaltenbach", date(1947, 8, 29), "de", telephone="+49 7665 5550172"),
    Invited("Nguyễn Thị", "Lan", date(1974, 1, 30), "de", "lan.nguyen@example.invalid", "+49 160 55509418"),
    Invited("Samuel", "Adeyemi", date(2003, 6, 21), "en", "s.adeyemi@example.invalid", "+44 7700 900164"),
    Invited("Ayşe", "Yıldırım", date(1962, 12, 9), "de", telephone="+49 176 55503327"),  # noqa: RUF001 - her name
    Invited("Friederike", "von Ohlen", date(1931, 3, 5), "de", telephone="+49 761 5550199"),
    Invited(
        "Léon", "Marchand", date(2015, 9, 14), "en", "famille.marchand@example.invalid", "+33 6 39 98 41 07"
    ),
)

SLOTS = (
    Slot(0, "08:10", 15, 0, 2, "Blutdruckwerte der letzten zwei Wochen"),
    Slot(0, "08:40", 10, 1, 4, "Follow-up after tonsillitis"),
    Slot(0, "10:25", 20, 0, 3, "Laborwerte besprechen"),
    Slot(0, "11:15", 15, 1, 1, "Repeat prescription", ("video", "audio", "phone")),
    Slot(0, "14:05", 10, 2, 5, "Wundkontrolle am Unterschenkel"),
    Slot(0, "15:30", 15, 0, 6, "Schwindel seit dem Wochenende"),
    Slot(0, "16:50", 20, 1, 7, "Rash on both forearms"),
    Slot(1, "08:20", 15, 0, 5, "Anpassung der Insulindosis"),
    Slot(1, "09:05", 15, 0, 1, "Results of the allergy test"),
    Slot(1, "09:40", 25, 1, 2, "Medikamentenplan durchsehen", ("audio", "phone")),
    Slot(1, "13:45", 10, 2, 6, "Anleitung zum Blutzuckermessen"),
    Slot(2, "08:35", 15, 1, 3, "Rückenschmerzen, Krankschreibung"),
    Slot(2, "10:10", 20, 0, 4, "Asthma review"),
    Slot(3, "11:30", 15, 0, 7, "Kontrolle nach Mittelohrentzündung"),
)
