"""The addresses of this room."""

from django.urls import path

from teleward.access.views import account, credentials, invited, lock, signin, staff

app_name = "access"

urlpatterns = [
    path("sign-in/", signin.sign_in, name="sign-in"),
    path("sign-in/code/", signin.code, name="code"),
    path("sign-in/passkey/question/", signin.passkey_question, name="sign-in-question"),
    path("sign-in/passkey/", signin.passkey, name="sign-in-passkey"),
    path("sign-in/once/<str:token>/", signin.once, name="once"),
    path("sign-in/invitation/<str:token>/", invited.invitation, name="invitation"),
    path(
        "sign-in/invitation/<str:token>/passkey/question/",
        invited.first_passkey_question,
        name="first-question",
    ),
    path("sign-in/invitation/<str:token>/passkey/", invited.first_passkey, name="first-passkey"),
    path("sign-in/invitation/<str:token>/password/", invited.first_password, name="first-password"),
    path("sign-out/", signin.sign_out, name="sign-out"),
    path("account/", account.account, name="account"),
    path("account/sessions/others/end/", account.end_others, name="end-others"),
    path("account/sessions/<uuid:session>/end/", account.end_one, name="end-session"),
    path("account/passkeys/new/", credentials.new_passkey, name="new-passkey"),
    path("account/passkeys/question/", credentials.passkey_question, name="new-passkey-question"),
    path("account/passkeys/", credentials.add_passkey, name="add-passkey"),
    path("account/passkeys/<uuid:passkey>/removal/", credentials.remove_passkey, name="remove-passkey"),
    path("account/password/", credentials.password_and_app, name="password-and-app"),
    path("account/password/change/", credentials.change_password, name="change-password"),
    path("account/password/removal/", credentials.remove_password, name="remove-password"),
    path("account/recovery-codes/", credentials.recovery_codes, name="recovery-codes"),
    path("account/recovery-codes/saved/", credentials.recovery_codes_saved, name="recovery-codes-saved"),
    path("account/here/", lock.here, name="here"),
    path("account/lock/", lock.lock, name="lock"),
    path("account/unlock/", lock.unlock, name="unlock"),
    path("account/unlock/question/", lock.unlock_question, name="unlock-question"),
    path("account/confirm/", lock.confirm, name="confirm"),
    path("staff/", staff.staff, name="staff"),
    path("staff/invitations/new/", staff.invite, name="invite"),
    path("staff/invitations/<uuid:invitation>/again/", staff.invite_again, name="invite-again"),
    path("staff/invitations/<uuid:invitation>/withdrawal/", staff.withdraw, name="withdraw-invitation"),
    path("staff/<uuid:person>/way-back/", staff.way_back, name="way-back"),
    path("staff/<uuid:person>/deactivation/", staff.deactivation, name="deactivate"),
    path("patients/<uuid:patient_id>/account/", staff.patient_account, name="patient-account"),
]
