"""A search as SQL: every parameter one condition over the rows that resources are found by.

Values are bound, never written into the text. What was asked for in words is compared as keyed hashes.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from teleward.access.grants import Actor
from teleward.records.fhir.search import PARAMETERS, Parameter

from .digests import Digests, plain
from .finding import ABOUT, OF_TYPE, PRESENT, Found, holder_of, sorted_form, token_forms
from .modifiers import MODIFIERS, NotSearchable, must_be_simple, no_modifier, parameter, sorts, truth, types
from .ranges import FIRST, NoRange, date_condition, date_range, number_condition, prefixed
from .reaching import Filters, reaches
from .sessions import Session
from .splitting import split

OWNERS = {"patient", "subject", "beneficiary"}  # parameters that name whose a resource is


class Where:
    """The conditions of one search, with the values they bind."""

    def __init__(self, digests: Digests) -> None:
        self.texts: list[str] = []
        self.values: list[object] = []
        self._digests = digests

    def put(self, value: object) -> str:
        """A place for a value."""
        self.values.append(value)
        return f"${len(self.values)}"

    def add(self, text: str) -> None:
        """One more condition."""
        self.texts.append(text)

    @property
    def text(self) -> str:
        """All of them at once."""
        return " AND ".join(self.texts) or "true"

    def of_kind(self, kind: str, practice: UUID) -> None:
        """What there is of a type in a practice."""
        self.add(f"c.organisation = {self.put(practice)}::uuid AND c.type = {self.put(kind)}::text")

    def of_patients(self, patients: Iterable[UUID]) -> None:
        """Of these patients and of nobody else."""
        self.add(self._of(sorted(patients)))

    def _of(self, patients: Sequence[UUID]) -> str:
        if len(patients) == 1:
            return f"c.patient = {self.put(patients[0])}::uuid"
        return f"c.patient = ANY({self.put(list(patients))}::uuid[])"

    def narrow(self, actor: Actor, kind: str, letter: str) -> bool:
        """What the scopes of a program reach. Whether they narrow anything. Raises NotSearchable."""
        near, far = reaches(actor, kind, letter)
        if near is None:
            self.add("false")
        elif near == far:
            if () in near:
                return False
            self.add(self._either(kind, near))
        else:
            others = f"c.patient IS NOT NULL AND c.patient IS DISTINCT FROM {self.put(actor.patient)}::uuid"
            self.add(f"CASE WHEN {others} THEN {self._either(kind, far)} ELSE {self._either(kind, near)} END")
        return True

    def _either(self, kind: str, filters: Filters) -> str:
        texts = [" AND ".join(self._holds(kind, pair) for pair in each) or "true" for each in filters]
        return "(" + " OR ".join(f"({text})" for text in texts) + ")"

    def of_kinds(self, actor: Actor, wanted: frozenset[str], letter: str = "r") -> None:
        """Of every type, or of those wanted, what the scopes of a program reach."""
        plain, texts = [], []
        for kind in sorted(wanted & PARAMETERS.keys() if wanted else PARAMETERS):
            if reaches(actor, kind, letter)[0] is None:
                continue
            narrowed = Where(self._digests)
            narrowed.values = self.values
            if narrowed.narrow(actor, kind, letter):
                texts.append(f"(c.type = {self.put(kind)}::text AND {narrowed.text})")
            else:
                plain.append(kind)
        texts.append(f"c.type = ANY({self.put(plain)}::text[])")
        self.add(f"({' OR '.join(texts)})")

    def about(self, name: str, value: str) -> None:
        """What is about this time, and what says no time."""
        dated = self._dates(name, value, "c.low", "c.high")
        self.add(f"({dated} OR c.low < {self.put(FIRST)}::timestamptz)")

    def _holds(self, kind: str, pair: tuple[str, str]) -> str:
        return self._condition(kind, parameter(kind, pair[0]), "", pair[1])

    def param(self, kind: str, name: str, modifier: str, value: str) -> None:
        """One parameter of a search. Raises NotSearchable."""
        if modifier and name in {"_id", "_lastUpdated"}:
            raise no_modifier(name, modifier)
        self.add(self._special(name, value) or self._condition(kind, parameter(kind, name), modifier, value))

    def keys(self, kind: str, name: str, forms: Iterable[str]) -> None:
        """Any of these forms of a parameter."""
        self.add(self._any(kind, name, forms))

    def _special(self, name: str, value: str) -> str:
        if name == "_id":
            return f"c.logical_id = ANY({self.put(uuids(value))}::uuid[])"
        if name != "_lastUpdated":
            return ""
        return self._dates(name, value, "c.last_updated", "(c.last_updated + interval '1 millisecond')")

    def _condition(self, kind: str, param: Parameter, modifier: str, value: str) -> str:
        if modifier == "missing":
            present = self._any(kind, param.name, [PRESENT])
            return f"NOT ({present})" if truth(param.name, value) else present
        if modifier and param.type in {"date", "number", "quantity"}:
            raise no_modifier(param.name, modifier)
        if param.type == "date":
            return self._date(kind, param.name, value)
        if param.type in {"number", "quantity"}:
            return self._amount(kind, param, value)
        return self._coded(kind, param, modifier, value)

    def _coded(self, kind: str, param: Parameter, modifier: str, value: str) -> str:
        forms = [form for each in split(value, ",") for form in _forms(param, modifier, each)]
        text = self._any(kind, param.name, forms)
        if (
            param.type == "reference"
            and param.name in OWNERS
            and (owners := _patients(param, modifier, value))
        ):
            return self._of(owners)
        return f"NOT ({text})" if modifier == "not" else text

    def _any(self, kind: str, name: str, forms: Iterable[str]) -> str:
        hashes = sorted({self._hash(kind, name, form) for form in forms})
        place = self.put(hashes)
        return f"c.keys @> {place}::bigint[]" if len(hashes) == 1 else f"c.keys && {place}::bigint[]"

    def _hash(self, kind: str, name: str, form: str) -> int:
        place = f"{kind}.{name}"
        way, split_off, said = form.partition("\0")
        return self._digests.of(place, way, said) if split_off else self._digests.of(place, form)

    def _date(self, kind: str, name: str, value: str) -> str:
        if ABOUT.get(kind) == name:
            return (
                f"({self._dates(name, value, 'c.low', 'c.high')} AND c.low >= {self.put(FIRST)}::timestamptz)"
            )
        key = self.put(self._digests.of(f"{kind}.{name}"))
        said = self._dates(name, value, "m.low", "m.high")
        of_it = f"m.holder = c.id AND m.key = {key}::bigint"
        return f"EXISTS (SELECT FROM records_moment m WHERE {of_it} AND {said})"

    def _dates(self, name: str, value: str, low: str, high: str) -> str:
        try:
            said = [
                date_condition(prefix, date_range(text), low, high, self.put)
                for prefix, text in map(prefixed, split(value, ","))
            ]
        except NoRange as unknown:
            raise NotSearchable(f"The value of {name} is no date.") from unknown
        return f"({' OR '.join(said)})"

    def _amount(self, kind: str, param: Parameter, value: str) -> str:
        key = self.put(self._digests.of(f"{kind}.{param.name}"))
        try:
            said = [self._number(each) for each in split(value, ",")]
        except NoRange as unknown:
            raise NotSearchable(f"The value of {param.name} is no number.") from unknown
        either = " OR ".join(said)
        of_it = f"m.holder = c.id AND m.key = {key}::bigint"
        return f"EXISTS (SELECT FROM records_amount m WHERE {of_it} AND ({either}))"

    def _number(self, value: str) -> str:
        number, *unit = split(value, "|")
        said = number_condition(number, "m.number", self.put)
        if not unit or not unit[-1]:
            return said
        return f"({said} AND m.unit = {self.put(self._digests.of('unit', unit[-1]))}::bigint)"


def fits(  # noqa: PLR0917 - whose resource of which type, as the gate asks
    digests: Digests, actor: Actor, kind: str, letter: str, found: Found, patient: UUID | None
) -> bool:
    """Whether a resource of this patient that is found so is within what narrows a program's scopes."""
    near, far = reaches(actor, kind, letter)
    if near is None:
        return False
    filters = near if patient in {None, actor.patient} else far
    return any(all(_found(digests, kind, pair, found) for pair in each) for each in filters)


def _found(digests: Digests, kind: str, pair: tuple[str, str], found: Found) -> bool:
    param = parameter(kind, pair[0])
    forms = (form for each in split(pair[1], ",") for form in _forms(param, "", each))
    return any(digests.of(f"{kind}.{param.name}", form) in found.keys for form in forms)


async def matches(session: Session, where: Where, kind: str, logical_id: UUID, practice: UUID) -> bool:
    """Whether this one resource is among what is looked for."""
    place = where.put(holder_of(kind, logical_id))
    statement = f"SELECT 1 FROM records_found c WHERE c.id = {place}::uuid AND {where.text}"  # noqa: S608 - bound
    return bool(await session.ask(statement, where.values, practice=practice))


def _forms(param: Parameter, modifier: str, value: str) -> Sequence[str]:
    must_be_simple(param)
    if modifier and modifier not in (*MODIFIERS[param.type], *types(param), *sorts(param)):
        raise no_modifier(param.name, modifier)
    if modifier == OF_TYPE:
        return [f"{OF_TYPE}\0{_of_type(param, value)}"]
    return token_asked(param, value) if param.type == "token" else _said(param, modifier, value)


def _said(param: Parameter, modifier: str, value: str) -> Sequence[str]:
    if param.type == "reference":
        return [f"{modifier}/{value}" if modifier not in {"", "not", "identifier"} else _target(value)]
    if param.type == "string":
        return [f"exactly\0{value}" if modifier == "exact" else plain(value)[:24]]
    return [value]


def _of_type(param: Parameter, value: str) -> str:
    """`system|sort|number` (R4, search.html#token). Raises NotSearchable."""
    said = split(value, "|")
    if len(said) != 3 or not all(said):
        raise NotSearchable(f"{param.name}:of-type is asked as system|code|value, with all three.")
    return sorted_form(param.name, *said)


def token_asked(param: Parameter, value: str) -> Sequence[str]:
    """The forms of a token of which one is enough."""
    system, bar, code = value.rpartition("|")
    if not bar:
        return list(token_forms(param.name, "", value))[:1]
    if not code:
        return [f"{system}|"]
    return [form for form in token_forms(param.name, system, code) if "|" in form and not form.endswith("|")]


def _target(value: str) -> str:
    """`Patient/1`, `1`, or an absolute address of ours by its last two parts."""
    parts = value.split("/")
    return "/".join(parts[-2:]) if len(parts) > 1 else value


def _patients(param: Parameter, modifier: str, value: str) -> list[UUID]:
    """The patients that are named, where nothing but patients is."""
    if modifier not in {"", "Patient"}:
        return []
    parts = [each.split("/") for each in split(value, ",")]
    if any(len(part) > 1 and part[-2] != "Patient" for part in parts):
        return []
    named = uuids(",".join(part[-1] for part in parts))
    certain = modifier == "Patient" or param.name != "subject" or all(len(part) > 1 for part in parts)
    return named if certain and len(named) == len(parts) else []


def uuids(value: str) -> list[UUID]:
    """Those of the comma-separated values that are ids."""
    found = []
    for each in split(value, ","):
        try:
            found.append(UUID(each.strip()))
        except ValueError:
            continue
    return found
