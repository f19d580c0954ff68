"""Addresses of the patient's window and of the privacy officer's desk."""

from django.urls import path

from .views import desk, window

app_name = "trust"
urlpatterns = [
    path("window/", window.window, name="window"),
    path("window/accesses/", window.who_saw, name="who-saw"),
    path("window/accesses/<uuid:entry>/objection/", window.objection, name="objection"),
    path("objections/", desk.objections, name="objections"),
    path("objections/<uuid:objection>/", desk.objection, name="desk-objection"),
    path("objections/<uuid:objection>/answer/", desk.answer, name="answer"),
]
