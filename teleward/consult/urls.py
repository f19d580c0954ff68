"""The addresses of the consulting room."""

from django.urls import path

from teleward.consult.views import booking, copies, day, guest, join, patients, receipts, room, sheets, visits

app_name = "consult"
urlpatterns = [
    path("day/", day.day_page, name="day"),
    path("patients/", patients.patient_list, name="patients"),
    path("patients/new/", patients.new_patient, name="new-patient"),
    path("patients/<uuid:patient>/", patients.patient_page, name="patient"),
    path("patients/<uuid:patient>/visits/", patients.patient_visits, name="patient-visits"),
    path("patients/<uuid:patient>/notes/", patients.patient_notes, name="patient-notes"),
    path("patients/<uuid:patient>/contact/", patients.patient_contact, name="patient-contact"),
    path("patients/<uuid:patient>/print/", copies.printed_notes, name="patient-print"),
    path("patients/<uuid:patient>/export/", copies.exported_record, name="patient-export"),
    path("patients/<uuid:patient>/call/", booking.call_now, name="call-now"),
    path("visits/new/", booking.new_visit, name="new-visit"),
    path("visits/<uuid:visit>/", visits.visit_page, name="visit"),
    path("visits/<uuid:visit>/invitations/", visits.invitations, name="invitations"),
    path("visits/<uuid:visit>/guests/", visits.new_guest, name="guests"),
    path("visits/<uuid:visit>/guests/<uuid:guest>/removal/", visits.guest_removal, name="guest-removal"),
    path("visits/<uuid:visit>/cancellation/", visits.cancellation, name="cancellation"),
    path("visits/<uuid:visit>/appointment.ics", visits.calendar, name="calendar"),
    path("visits/<uuid:visit>/room/", room.room_host, name="room"),
    path("visits/<uuid:visit>/purpose/", sheets.purpose, name="purpose"),
    path("visits/<uuid:visit>/identity/", sheets.identity, name="identity"),
    path("visits/<uuid:visit>/consent/", sheets.consent, name="consent"),
    path("visits/<uuid:visit>/note/", sheets.note, name="note"),
    path("visits/<uuid:visit>/note/<uuid:author>/versions/", sheets.note_versions, name="note-versions"),
    path("visits/<uuid:visit>/ending/", sheets.ending, name="ending"),
    path("visits/<uuid:visit>/telephone-call/", sheets.telephone_call, name="telephone-call"),
    path("receipts/<uuid:visit>/", receipts.visit_receipt, name="receipt"),
    path("join/<str:token>/", join.join, name="join"),
    path("visit/", room.room_guest, name="guest-room"),
    path("visit/mode/", guest.mode, name="guest-mode"),
    path("visit/choice/", guest.choice, name="guest-choice"),
    path("visit/consent/", guest.consent, name="guest-consent"),
    path("visit/consent/withdrawal/", guest.withdrawal, name="guest-withdrawal"),
    path("visit/receipt/", receipts.guest_receipt, name="guest-receipt"),
    path("visit/appointment.ics", guest.calendar, name="guest-calendar"),
]
