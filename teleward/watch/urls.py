"""Addresses of the review desk, of one's own emergencies, and of what a patient reads about theirs."""

from django.urls import path

from .views import desk, own

app_name = "watch"
urlpatterns = [
    path("watch/", desk.desk, name="desk"),
    path("watch/cases/<uuid:case>/", desk.case, name="case"),
    path("watch/cases/<uuid:case>/review/", desk.review, name="review"),
    path("watch/mine/", own.mine, name="mine"),
    path("watch/mine/<uuid:emergency>/denial/", own.denial, name="denial"),
    path("window/emergencies/", own.emergencies, name="emergencies"),
]
