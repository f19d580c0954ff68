"""Names as they are compared: one spelling for umlauts and accents, sounds, short forms."""

import re
import unicodedata

SPELLED = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe"}
SPELLED |= {"ł": "l", "đ": "d", "ð": "d", "\u0131": "i", "þ": "th"}
BESIDE = frozenset(
    ["dr", "prof", "med", "dent", "dipl", "ing", "von", "van", "vom", "zu", "zur", "der", "den", "de", "di"]
)
SHORT_FORMS = (
    "alexander alexandra alex sascha sandra",
    "andreas andrew andrea andi andy drew",
    "anna anne anja annette anita hanna hannah",
    "barbara babs baerbel",
    "benjamin benedikt ben benny",
    "charles karl carl charlie chuck",
    "christian christopher christoph chris kit",
    "christine christina kristina kirsten tina chris",
    "daniel daniela dan danny dani",
    "edward eduard ed eddie ted",
    "elisabeth elizabeth liz lisa betty beth elsa elli lilli sissi ilse",
    "franz franziska frank francis franz fanny",
    "friedrich frederick fred fritz friedhelm",
    "georg george joerg juergen",
    "gertrud gertrude trude gerti",
    "guenter guenther gunther",
    "heinrich henry harry heinz hendrik henrik hinnerk",
    "james jim jimmy jamie",
    "johannes johann john jonny hans hannes jan jens jean",
    "josef joseph jo joe sepp jupp josip",
    "katharina katherine catherine katja kathrin katrin kate kathy katie kaethe",
    "ludwig louis lewis lutz",
    "margarete margaret margarethe greta grete gretel maggie peggy meg rita",
    "maria marie mary mia maja",
    "matthias matthew matt matze",
    "maximilian max maxim",
    "michael michaela mike michel mick",
    "mohammed muhammad mohamed mehmet mohammad mo",
    "nikolaus nicholas klaus nick nils nico niklas claus",
    "patricia patrick pat",
    "richard dick rick rich",
    "robert bob rob robbie bert",
    "stefan stephan steven stephen steve steffen",
    "susanne susan susanna suse sue susi",
    "therese theresa tess tessa resi",
    "thomas tom tommy",
    "ulrich ulrike uli ulli",
    "wilhelm william willi willy will bill helmut",
    "wolfgang wolf",
)
LETTERS = {  # the table of the method; the first that fits counts
    "vowel": "[aeijouy]",
    "ph": "p(?=h)|[fvw]",
    "b": "[bp]",
    "dc": "[dt](?=[csz])",
    "d": "[dt]",
    "first": "^c(?=[ahkloqrux])",
    "hard": "(?<![sz])c(?=[ahkoqux])|[gkq]",
    "kx": "(?<=[ckq])x",
    "x": "x",
    "l": "l",
    "m": "[mn]",
    "r": "r",
    "s": "[csz]",
    "h": "h",
}
SOUNDS = dict(
    zip(LETTERS, ("0", "3", "1", "8", "2", "4", "4", "8", "48", "5", "6", "7", "8", ""), strict=True)
)
_LETTERS = re.compile(r"[^a-z]+")


def plain(text: str) -> str:
    """Small letters a to z and spaces: umlauts written out, accents taken off."""
    spelled = unicodedata.normalize("NFC", text).casefold().translate(_SPELLED)
    bare = unicodedata.normalize("NFKD", spelled)
    return _LETTERS.sub(" ", "".join(each for each in bare if not unicodedata.combining(each))).strip()


def parts(text: str) -> tuple[str, ...]:
    """The parts of a name without titles and little words, unless nothing else is left."""
    every = tuple(plain(text).split())
    return tuple(each for each in every if each not in BESIDE) or every


def sound(word: str) -> str:
    """How a word sounds in German: Kölner Phonetik (Postel 1969), as digits."""
    letters = plain(word).replace(" ", "")
    codes = "".join(SOUNDS[found.lastgroup or ""] for found in _SOUNDS.finditer(letters))
    single = re.sub(r"(.)\1+", r"\1", codes)
    return single[:1] + single[1:].replace("0", "")


def short_form_of(one: str, other: str) -> bool:
    """Whether both are forms of one given name, such as Hans and Johannes."""
    return bool(_FORMS.get(one, frozenset()) & _FORMS.get(other, frozenset()))


def one_slip(one: str, other: str) -> bool:
    """Whether one letter was missed, added, mistaken or changed places with its neighbour."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    pairs = enumerate(zip(one, other, strict=False))
    at = next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
    left, right = one[at:], other[at:]
    turned = left[1:2] + left[:1] + left[2:]
    return right in {turned, left[1:]} or left == right[1:] or left[1:] == right[1:]


_SPELLED = str.maketrans(SPELLED)
_SOUNDS = re.compile("|".join(f"(?P<{name}>{letters})" for name, letters in LETTERS.items()))
_FORMS: dict[str, frozenset[int]] = {}
for _number, _group in enumerate(SHORT_FORMS):
    for _name in _group.split():
        _FORMS[_name] = _FORMS.get(_name, frozenset()) | {_number}
