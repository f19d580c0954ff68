"""Addresses of the devices' room."""

from django.urls import path

from .views import guest, host, sharing, shown

app_name = "devices"
urlpatterns = [
    path("devices/measure/", guest.measure, name="measure"),
    path("devices/beside/<uuid:visit>/", host.beside, name="beside"),
    path("devices/beside/<uuid:visit>/going/", host.going, name="going"),
    path("devices/sharing/", sharing.begin, name="sharing"),
    path("devices/sharing/<uuid:sharing>/stop/", sharing.stop, name="sharing-stop"),
    path("devices/keep/", sharing.keep, name="keep"),
    path("devices/shown/", shown.guest_shown, name="guest-shown"),
    path("devices/shown/<uuid:visit>/", shown.visit_shown, name="visit-shown"),
]
