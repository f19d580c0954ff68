"""Jobs of this room."""

from teleward.access.actions import Action
from teleward.access.operations.forgetting import forget_what_is_over
from teleward.access.operations.glass import end_what_is_over
from teleward.access.operations.leaving import end_who_have_left
from teleward.access.operations.matching import propose, without_keys
from teleward.access.operations.people import system_grant
from teleward.access.operations.recertification import end_unconfirmed
from teleward.access.queries.glass import glass_subject, glass_that_is_over
from teleward.access.queries.patients import patient_subject
from teleward.access.queries.people import organisation_ids
from teleward.kernel.jobs import job


@job(
    "access.forget",
    passes="It removes rows that are over and reads nothing of anybody.",
    periodic="17 * * * *",
)
def forget(timestamp: int) -> None:
    """Every hour: what is over goes."""
    del timestamp
    forget_what_is_over()


@job("access.end_glass", passes=Action.GLASS_END.value, periodic="*/5 * * * *")
def end_glass(timestamp: int) -> None:
    """Every five minutes: emergency accesses that are over are noted as ended."""
    del timestamp
    for glass in glass_that_is_over():
        subject = glass_subject(glass=glass)
        grant = system_grant(
            action=Action.GLASS_END, organisation=subject.organisation, subject=subject, via="job"
        )
        end_what_is_over(grant=grant, glass=glass)


@job("access.compare", passes=Action.PATIENT_MERGE.value, periodic="23 2 * * *")
def compare_files(timestamp: int) -> None:
    """Every night: patients who were entered before files were compared."""
    del timestamp
    for practice in organisation_ids():
        listing = system_grant(action=Action.PATIENT_LIST, organisation=practice, via="job")
        for patient in without_keys(grant=listing):
            about = patient_subject(patient=patient)
            propose(
                grant=system_grant(
                    action=Action.PATIENT_MERGE, organisation=practice, subject=about, via="job"
                )
            )


@job("access.leave", passes="access:staff:deactivate", periodic="* * * * *")
def leave(timestamp: int) -> None:
    """Every minute: whose day has come loses what is still open."""
    del timestamp
    end_who_have_left()


@job("access.recertify", passes="access:staff:recertify", periodic="41 3 * * *")
def recertify(timestamp: int) -> None:
    """Every night: roles that nobody confirmed in time, where the policy says that they end."""
    del timestamp
    end_unconfirmed()
