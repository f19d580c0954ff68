"""Addresses of the devices' room."""

from django.urls import path

from .views import alerts, colleague, guest, host, limits, pairings, presence, sharing, shown, trends, wrong

app_name = "devices"
urlpatterns = [
    path("devices/measure/", guest.measure, name="measure"),
    path("devices/flags/", guest.flags, name="flags"),
    path("devices/typing/", guest.typing, name="typing"),
    path("devices/beside/<uuid:visit>/", host.beside, name="beside"),
    path("devices/beside/<uuid:visit>/going/", host.going, name="going"),
    path("devices/watch/", colleague.watch, name="watch"),
    path("devices/watch/going/", colleague.watch_going, name="watch-going"),
    path("devices/sharing/", sharing.begin, name="sharing"),
    path("devices/sharing/<uuid:sharing>/stop/", sharing.stop, name="sharing-stop"),
    path("devices/keep/", sharing.keep, name="keep"),
    path("devices/patients/<uuid:patient>/trend/", trends.trend, name="trend"),
    path("devices/patients/<uuid:patient>/trend/<int:days>/", trends.trend, name="trend-of"),
    path(
        "devices/patients/<uuid:patient>/trend/<int:days>/<int:number>-<int:check>.csv",
        trends.trend_file,
        name="trend-file",
    ),
    path("devices/patients/<uuid:patient>/limits/", limits.limits, name="limits"),
    path("devices/patients/<uuid:patient>/limits/<uuid:limits>/end/", limits.limits_end, name="limits-end"),
    path("devices/alerts/", alerts.alert_list, name="alerts"),
    path("devices/alerts/quiet/", alerts.quiet, name="quiet-hours"),
    path("devices/alerts/<uuid:alert>/", alerts.alert, name="alert"),
    path("devices/patients/<uuid:patient>/spent/", presence.spent, name="spent"),
    path("devices/patients/<uuid:patient>/pairings/", pairings.of_patient, name="pairings"),
    path("devices/patients/<uuid:patient>/pairings/<uuid:pairing>/end/", pairings.end, name="pairing-end"),
    path("window/devices/", pairings.own, name="own-pairings"),
    path("window/devices/<uuid:pairing>/end/", pairings.end_own, name="own-pairing-end"),
    path("window/readings/wrong/", wrong.own_day, name="own-day"),
    path("window/readings/wrong/mark/", wrong.mark, name="own-mark"),
    path("window/readings/wrong/back/", wrong.take_back, name="own-take-back"),
    path("window/of/<uuid:patient>/readings/", trends.given_trend, name="given-trend"),
    path("window/of/<uuid:patient>/readings/<int:days>/", trends.given_trend, name="given-trend-of"),
    path("window/readings/", trends.own_trend, name="own-trend"),
    path("window/readings/<int:days>/", trends.own_trend, name="own-trend-of"),
    path(
        "window/readings/<int:days>/<int:number>-<int:check>.csv",
        trends.own_trend_file,
        name="own-trend-file",
    ),
    path("devices/shown/", shown.guest_shown, name="guest-shown"),
    path("devices/shown/<uuid:visit>/", shown.visit_shown, name="visit-shown"),
]
