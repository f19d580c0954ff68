"""Addresses of the devices' room."""

from django.urls import path

from .views import sharing

app_name = "devices"
urlpatterns = [
    path("devices/sharing/", sharing.begin, name="sharing"),
    path("devices/sharing/<uuid:sharing>/stop/", sharing.stop, name="sharing-stop"),
    path("devices/keep/", sharing.keep, name="keep"),
]
