"""The addresses of the chart's pages. The API has its own, in `api/routes.py`."""

from django.urls import path

from teleward.records.views import documents, panels

app_name = "records"
urlpatterns = [
    path("patients/<uuid:patient>/summary/", panels.summary, name="summary"),
    path("records/documents/<uuid:patient>/", documents.documents, name="documents"),
    path("records/documents/<uuid:patient>/<uuid:document>/", documents.one, name="document"),
    path(
        "records/documents/<uuid:patient>/<uuid:document>/content/",
        documents.content,
        name="document-content",
    ),
]
