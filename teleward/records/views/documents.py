"""The documents of a patient: a part of a page that works alone and beside a call."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from teleward.access.grants import Action, Grant, gate, would_allow
from teleward.access.grants.loaded import loaded_for_them
from teleward.records.documents.forms import DocumentForm
from teleward.records.documents.problems import DocumentRefused, TitleMissing
from teleward.records.operations.documents import keep_document
from teleward.records.queries import documents as kept
from teleward.records.views.asking import that_patient
from teleward.records.views.parts import part

TITLE = _("Documents")
LIST, ONE = "records/documents/list.html", "records/documents/one.html"


@require_http_methods(["GET", "HEAD", "POST"])
@gate(Action.RECORD_WRITE, reading=Action.RECORD_READ, subject=that_patient)
@loaded_for_them
def documents(request: HttpRequest, *, grant: Grant, patient: UUID) -> HttpResponse:
    """The list; and a new one, by whoever may write in the record."""
    if request.method != "POST":
        return _listed(request, grant, patient, DocumentForm())
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid() and filed(form, grant=grant, patient=patient):
        return _listed(request, grant, patient, DocumentForm(), saved=True)
    return _listed(request, grant, patient, form, status=422)


@require_safe
@gate(Action.RECORD_READ, subject=that_patient)
def one(request: HttpRequest, *, grant: Grant, patient: UUID, document: UUID) -> HttpResponse:
    """One document: a picture is shown, a PDF is fetched."""
    found = kept.document(grant=grant, patient=patient, document=document)
    context = {"document": found, "patient_id": patient}
    return part(request, ONE, context, grant=grant, title=TITLE)


@require_safe
@gate(Action.RECORD_READ, subject=that_patient)
def content(request: HttpRequest, *, grant: Grant, patient: UUID, document: UUID) -> HttpResponse:
    """The bytes. No page of ours ever runs them: they are a download, or a picture in an `img`."""
    found = kept.content(grant=grant, patient=patient, document=document)
    request.is_apart = True  # type: ignore[attr-defined]  # the safety headers read it
    response = HttpResponse(found.content, content_type=found.kind)
    response.headers["Content-Disposition"] = f'attachment; filename="document{found.ending}"'
    return response


def filed(
    form: DocumentForm, *, grant: Grant, patient: UUID, by: Callable[..., UUID] = keep_document
) -> bool:
    """Whether the file was kept; where not, the form says why. `by` is who keeps it."""
    file = form.cleaned_data["file"]
    try:
        by(
            grant=grant,
            patient=patient,
            title=form.cleaned_data["title"],
            content=file.read(),
            name=file.name,
        )
    except DocumentRefused as refused:
        form.add_error("title" if isinstance(refused, TitleMissing) else "file", str(refused.message))
        return False
    return True


def _listed(
    request: HttpRequest,
    grant: Grant,
    patient: UUID,
    form: DocumentForm,
    *,
    saved: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "documents": kept.documents(grant=grant, patient=patient),
        "form": form,
        "saved": saved,
        "writes": would_allow(grant=grant, action=Action.RECORD_WRITE),
        "patient_id": patient,
    }
    return part(request, LIST, context, grant=grant, title=TITLE, status=status)
