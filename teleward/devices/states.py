"""The states of an alert. Each change is a row with who, when and why; this table says which can follow."""

from teleward.kernel.states import StateTable

RAISED, ACKNOWLEDGED, ESCALATED, CLOSED = "raised", "acknowledged", "escalated", "closed"
ACKNOWLEDGE, ESCALATE, CLOSE = "acknowledge", "escalate", "close"
OPEN = (RAISED, ESCALATED, ACKNOWLEDGED)
WAITING = (RAISED, ESCALATED)  # for somebody to take care of it

ALERT = StateTable(
    name="alert",
    initial=RAISED,
    transitions={
        (RAISED, ACKNOWLEDGE): ACKNOWLEDGED,
        (RAISED, ESCALATE): ESCALATED,
        (RAISED, CLOSE): CLOSED,
        (ESCALATED, ACKNOWLEDGE): ACKNOWLEDGED,
        (ESCALATED, ESCALATE): ESCALATED,
        (ESCALATED, CLOSE): CLOSED,
        (ACKNOWLEDGED, ACKNOWLEDGE): None,
        (ACKNOWLEDGED, ESCALATE): None,
        (ACKNOWLEDGED, CLOSE): CLOSED,
        (CLOSED, ACKNOWLEDGE): None,
        (CLOSED, ESCALATE): None,
        (CLOSED, CLOSE): None,
    },
)
