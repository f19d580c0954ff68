"""The addresses of the chart's pages. The API has its own, in `api/routes.py`."""

from django.urls import path

from teleward.records.views import documents, elsewhere, panels, stuck, systems

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
    path("patients/<uuid:patient>/elsewhere/", elsewhere.held, name="elsewhere"),
    path("systems/", systems.overview, name="systems"),
    path("systems/new/<slug:kind>/", systems.new, name="new-system"),
    path("systems/<uuid:system>/", systems.one, name="system"),
    path("systems/<uuid:system>/change/", systems.change, name="change-system"),
    path("systems/<uuid:system>/test/", systems.test, name="test-system"),
    path("systems/<uuid:system>/pause/", systems.pause, name="pause-system"),
    path("systems/<uuid:system>/resume/", systems.resume, name="resume-system"),
    path("systems/<uuid:system>/end/", systems.end, name="end-system"),
    path("systems/<uuid:system>/keys/", systems.keys, name="system-keys"),
    path("systems/<uuid:system>/send/", stuck.send_all, name="send-all"),
    path("systems/stuck/<uuid:outgoing>/send/", stuck.send, name="send-stuck"),
    path("systems/stuck/<uuid:outgoing>/leave/", stuck.leave, name="leave-stuck"),
]
