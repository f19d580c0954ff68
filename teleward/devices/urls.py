"""Addresses of the devices' room."""

from django.urls import path

from .views import guest, sharing, shown

app_name = "devices"
urlpatterns = [
    path("devices/measure/", guest.measure, name="measure"),
    path("devices/sharing/", sharing.begin, name="sharing"),
    path("devices/sharing/<uuid:sharing>/stop/", sharing.stop, name="sharing-stop"),
    path("devices/keep/", sharing.keep, name="keep"),
    path("devices/shown/", shown.guest_shown, name="guest-shown"),
    path("devices/shown/<uuid:visit>/", shown.visit_shown, name="visit-shown"),
]
