"""Everything that can be asked for, and why."""

from enum import StrEnum


class Purpose(StrEnum):
    """Why: codes of HL7 v3 ActReason, as IHE BALP wants them."""

    TREATMENT = "TREAT"
    OPERATIONS = "HOPERAT"
    PAYMENT = "HPAYMT"
    PATIENT_REQUEST = "PATRQT"
    ADMINISTRATION = "HSYSADMIN"
    COMPLIANCE = "HCOMPL"
    CARE_MANAGEMENT = "CAREMGT"
    FAMILY_REQUEST = "FAMRQT"
    BREAK_THE_GLASS = "BTG"
    RESEARCH = "HRESCH"


class Action(StrEnum):
    """`room:subject:verb`. Cedar knows each by this value; `policies/schema.cedarschema` lists them."""

    VISIT_LIST = "consult:visit:list"
    VISIT_BOOK = "consult:visit:book"
    VISIT_READ = "consult:visit:read"
    VISIT_INVITE = "consult:visit:invite"
    VISIT_CANCEL = "consult:visit:cancel"
    VISIT_HOST = "consult:visit:host"
    VISIT_ADMIT = "consult:visit:admit"
    VISIT_IDENTIFY = "consult:visit:identify"
    VISIT_CONSENT = "consult:visit:consent"
    VISIT_END = "consult:visit:end"
    VISIT_PREPARE = "consult:visit:prepare"
    VISIT_JOIN = "consult:visit:join"
    VISIT_CLAIM = "consult:visit:claim"
    RECEIPT_READ = "consult:receipt:read"
    NOTE_READ = "consult:note:read"
    NOTE_WRITE = "consult:note:write"
    MESSAGE_READ = "consult:message:read"
    PATIENT_LIST = "access:patient:list"
    PATIENT_READ = "access:patient:read"
    PATIENT_CREATE = "access:patient:create"
    PATIENT_CHANGE = "access:patient:change"
    PATIENT_MERGE = "access:patient:merge"
    TEAM_CHANGE = "access:team:change"
    PROXY_CHANGE = "access:proxy:change"
    REASON_GIVE = "access:reason:give"
    GLASS_ASK = "access:glass:ask"
    GLASS_BREAK = "access:glass:break"
    GLASS_SECOND = "access:glass:second"
    GLASS_END = "access:glass:end"
    TIER_LIST = "access:tier:list"
    TIER_CHANGE = "access:tier:change"
    TIER_SECOND = "access:tier:second"
    SAFEGUARD = "access:safeguard:change"
    POLICY_READ = "access:policy:read"
    POLICY_CHANGE = "access:policy:change"
    STAFF_LIST = "access:staff:list"
    STAFF_INVITE = "access:staff:invite"
    STAFF_CHANGE = "access:staff:change"
    STAFF_RECERTIFY = "access:staff:recertify"
    KIN_NAME = "access:kin:name"
    KIN_CHANGE = "access:kin:change"
    STAFF_READMIT = "access:staff:readmit"
    BROWSER_TRUST = "access:browser:trust"
    STAFF_DEACTIVATE = "access:staff:deactivate"
    SIGN_IN = "access:session:begin"
    SIGN_OUT = "access:session:end"
    LOCK = "access:session:lock"
    UNLOCK = "access:session:unlock"
    SESSION_LIST = "access:session:list"
    SESSION_REVOKE = "access:session:revoke"
    CREDENTIAL_READ = "access:credential:read"
    CREDENTIAL_CHANGE = "access:credential:change"
    ACCOUNT_OPEN = "access:account:open"
    ACCOUNT_SECOND = "access:account:second"
    APP_LIST = "access:app:list"
    APP_CHANGE = "access:app:change"
    APP_ALLOW = "access:app:allow"
    APP_WITHDRAW = "access:app:withdraw"
    TOKEN_ISSUE = "access:token:issue"  # noqa: S105 - a name, not a secret
    RECORD_READ = "records:resource:read"
    RECORD_WRITE = "records:resource:write"
    RECORD_PRINT = "records:resource:print"
    RECORD_EXPORT = "records:resource:export"
    RECORD_SEND = "records:resource:send"
    ELSEWHERE_READ = "records:elsewhere:read"
    DIRECTORY_READ = "records:directory:read"
    DIRECTORY_WRITE = "records:directory:write"
    MESSAGE_TAKE = "records:message:take"
    PRACTICE_SEARCH = "records:practice:search"
    PRACTICE_EXPORT = "records:practice:export"
    PRESCRIPTION_READ = "records:prescription:read"
    FORM_CHANGE = "records:form:change"
    DOCUMENT_BRING = "records:document:bring"
    READING_READ = "devices:reading:read"
    READING_SHARE = "devices:reading:share"
    READING_KEEP = "devices:reading:keep"
    READING_WRITE = "devices:reading:write"
    PAIRING_CHANGE = "devices:pairing:change"
    THRESHOLD_CHANGE = "devices:threshold:change"
    ALERT_LIST = "devices:alert:list"
    ALERT_ACKNOWLEDGE = "devices:alert:acknowledge"
    CLAIM_READ = "billing:claim:read"
    COUNT_ASK = "research:count:ask"
    WINDOW_OPEN = "trust:window:open"
    WINDOW_EXPORT = "trust:window:export"
    LEDGER_READ = "trust:ledger:read"
    LEDGER_EXPORT = "audit:ledger:export"
    CLOCK_CHANGE = "audit:clock:change"
    ERASURE_ASK = "trust:erasure:ask"
    ERASURE_LIST = "trust:erasure:list"
    ERASURE_ANSWER = "trust:erasure:answer"
    OBJECTION_OPEN = "trust:objection:open"
    OBJECTION_LIST = "trust:objection:list"
    OBJECTION_READ = "trust:objection:read"
    OBJECTION_ANSWER = "trust:objection:answer"
    CASE_LIST = "watch:case:list"
    CASE_READ = "watch:case:read"
    CASE_REVIEW = "watch:case:review"
    CASE_ANSWER = "watch:case:answer"
    FIGURES_READ = "watch:figures:read"

    @property
    def kind(self) -> str:
        """The kind of data it touches, the key of a word in the patient's window."""
        return KINDS.get(self, self.value.split(":")[1])


KINDS = {
    Action.VISIT_LIST: "appointment",
    Action.VISIT_BOOK: "appointment",
    Action.VISIT_READ: "appointment",
    Action.VISIT_INVITE: "appointment",
    Action.VISIT_CANCEL: "appointment",
    Action.VISIT_PREPARE: "appointment",
    Action.VISIT_CLAIM: "appointment",
    Action.VISIT_HOST: "call",
    Action.VISIT_ADMIT: "call",
    Action.VISIT_IDENTIFY: "call",
    Action.VISIT_JOIN: "call",
    Action.VISIT_END: "call",
    Action.VISIT_CONSENT: "consent",
    Action.PRACTICE_SEARCH: "resource",
    Action.PRACTICE_EXPORT: "resource",
    Action.ELSEWHERE_READ: "resource",
    Action.DOCUMENT_BRING: "resource",
    Action.PAIRING_CHANGE: "reading",
    Action.THRESHOLD_CHANGE: "reading",
    Action.ALERT_LIST: "reading",
    Action.ALERT_ACKNOWLEDGE: "reading",
}

PURPOSES = {
    "consult": Purpose.TREATMENT,
    "records": Purpose.TREATMENT,
    "trust": Purpose.PATIENT_REQUEST,
    "access": Purpose.ADMINISTRATION,
    "audit": Purpose.COMPLIANCE,
    "watch": Purpose.COMPLIANCE,
    "devices": Purpose.TREATMENT,
    "billing": Purpose.PAYMENT,
    "research": Purpose.RESEARCH,
}
DESK = frozenset(
    {
        Action.VISIT_LIST,
        Action.VISIT_BOOK,
        Action.VISIT_INVITE,
        Action.VISIT_CANCEL,
        Action.PATIENT_LIST,
        Action.PATIENT_CREATE,
        Action.PATIENT_READ,
        Action.PATIENT_CHANGE,
        Action.PATIENT_MERGE,
    }
)


def usual_purpose(action: Action) -> Purpose:
    """The purpose recorded for an action unless the caller knows a better one."""
    return Purpose.OPERATIONS if action in DESK else PURPOSES[action.value.split(":")[0]]
