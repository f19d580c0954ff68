"""Addresses of the patient's window and of the privacy officer's desk."""

from django.urls import path

from .views import desk, erasures, exports, keeping, ledger_export, objecting, sharing, window

app_name = "trust"
urlpatterns = [
    path("window/", window.window, name="window"),
    path("window/of/<uuid:patient>/", window.window, name="window-of"),
    path("window/accesses/", window.who_saw, name="who-saw"),
    path("window/of/<uuid:patient>/accesses/", window.who_saw, name="who-saw-of"),
    path("window/accesses/proofs/", window.entries, name="proofs"),
    path("window/of/<uuid:patient>/accesses/proofs/", window.entries, name="proofs-of"),
    path("window/accesses/proof-file/", window.proof_file, name="proof-file"),
    path("window/accesses/<uuid:entry>/objection/", objecting.objection, name="objection"),
    path("window/accesses/<uuid:entry>/name/", objecting.name_request, name="name-request"),
    path("window/consents/", sharing.consents, name="consents"),
    path("window/consents/<uuid:visit>/withdrawal/", sharing.consent_withdrawal, name="consent-withdrawal"),
    path("window/sharing/", sharing.sharing, name="sharing"),
    path("window/sharing/new/", sharing.offer, name="offer"),
    path("window/sharing/<uuid:proxy>/withdrawal/", sharing.proxy_withdrawal, name="proxy-withdrawal"),
    path("window/sharing/links/<uuid:offer>/withdrawal/", sharing.offer_withdrawal, name="offer-withdrawal"),
    path("window/access/<str:token>/", sharing.taking, name="take-access"),
    path("window/kept/", keeping.kept, name="kept"),
    path("window/erasure/", keeping.erasure, name="erasure"),
    path("window/export/", exports.export, name="export"),
    path("window/export/pdf/", exports.pdf, name="export-pdf"),
    path("window/export/fhir/", exports.fhir, name="export-fhir"),
    path("objections/", desk.objections, name="objections"),
    path("objections/naming/", desk.naming, name="naming"),
    path("objections/<uuid:objection>/", desk.objection, name="desk-objection"),
    path("objections/<uuid:objection>/proof/", desk.proof, name="desk-proof"),
    path("objections/<uuid:objection>/proof-file/", desk.proof_file, name="desk-proof-file"),
    path("objections/<uuid:objection>/answer/", desk.answer, name="answer"),
    path("ledger/export/", ledger_export.ledger_export, name="ledger-export"),
    path("erasures/", erasures.erasures, name="erasures"),
    path("erasures/<uuid:erasure>/", erasures.erasure, name="desk-erasure"),
]
