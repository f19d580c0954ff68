"""The addresses of the chart's pages. The API has its own, in `api/routes.py`."""

from django.urls import path

from teleward.records.views import (
    bringing,
    documents,
    elsewhere,
    imports,
    messages,
    panels,
    questionnaires,
    stuck,
    systems,
)

app_name = "records"
urlpatterns = [
    path("records/messages/", messages.messages, name="messages"),
    path("records/messages/refused/", messages.messages, {"state": "refused"}, name="messages-refused"),
    path("records/messages/done/", messages.messages, {"state": "done"}, name="messages-done"),
    path("records/messages/<uuid:message>/again/", messages.again, name="message-again"),
    path("records/messages/<uuid:message>/aside/", messages.put_aside, name="message-aside"),
    path("records/senders/", messages.systems, name="senders"),
    path("records/senders/new/", messages.new_system, name="new-sender"),
    path("records/senders/<uuid:sender_id>/", messages.system, name="sender"),
    path("records/senders/<uuid:sender_id>/end/", messages.end_system, name="end-sender"),
    path("records/senders/<uuid:sender_id>/assigners/", messages.speak_for, name="speak-for"),
    path("records/senders/<uuid:sender_id>/called/", messages.name_somebody, name="call"),
    path(
        "records/senders/<uuid:sender_id>/called/<uuid:called_id>/removal/",
        messages.forget_somebody,
        name="forget-called",
    ),
    path("imports/", imports.overview, name="imports"),
    path("imports/new/", imports.new, name="new-import"),
    path("imports/<uuid:brought>/", imports.one, name="import"),
    path("patients/<uuid:patient>/summary/", panels.summary, name="summary"),
    path("window/documents/", bringing.bringing, name="bring-document"),
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
    path("questionnaires/", questionnaires.overview, name="questionnaires"),
    path("questionnaires/starters/", questionnaires.starting, name="questionnaire-starters"),
    path("questionnaires/<uuid:questionnaire>/", questionnaires.one, name="questionnaire"),
    path(
        "questionnaires/<uuid:questionnaire>/retirement/",
        questionnaires.retirement,
        name="questionnaire-retirement",
    ),
]
