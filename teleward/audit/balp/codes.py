"""The codes of FHIR R4, DICOM and BALP that the ledger's events need."""

from typing import Any

Coding = dict[str, str]
Element = dict[str, Any]

HL7 = "http://terminology.hl7.org/CodeSystem"
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
BALP = "https://profiles.ihe.net/ITI/BALP"
INTERACTION = "http://hl7.org/fhir/restful-interaction"
RESOURCES = "http://hl7.org/fhir/resource-types"
OURS = "urn:teleward"  # systems of our own ids and roles


def coding(system: str, code: str, display: str = "") -> Coding:
    """A FHIR Coding; a display only where the code system has just this one."""
    return {"system": system, "code": code} | ({"display": display} if display else {})


def concept(system: str, code: str, display: str = "") -> Element:
    """A FHIR CodeableConcept with one coding."""
    return {"coding": [coding(system, code, display)]}


def canonical(profile: str) -> str:
    """The address of a BALP profile by its name, such as `PatientRead`."""
    return f"{BALP}/StructureDefinition/IHE.BasicAudit.{profile}"


REST = coding(f"{HL7}/audit-event-type", "rest", "Restful Operation")
EXPORT = coding(DICOM, "110106", "Export")
SECURITY_ALERT = coding(DICOM, "110113", "Security Alert")
USER_AUTHENTICATION = coding(DICOM, "110114", "User Authentication")
LOGIN = coding(DICOM, "110122", "Login")
LOGOUT = coding(DICOM, "110123", "Logout")
OVERRIDE_BEGUN = coding(DICOM, "110127", "Emergency Override Started")
OVERRIDE_ENDED = coding(DICOM, "110128", "Emergency Override Stopped")
BY_CONSENT = coding(f"{BALP}/CodeSystem/AuthZsubType", "AuthZ-Consent")
BY_ROLE = coding(f"{BALP}/CodeSystem/AuthZsubType", "AuthZ-Role")
DISCLOSE = coding(f"{HL7}/iso-21089-lifecycle", "disclose", "Disclose Record Lifecycle Event")

APPLICATION = concept(DICOM, "110150", "Application")
DESTINATION = concept(DICOM, "110152", "Destination Role ID")
SOURCE = concept(DICOM, "110153", "Source Role ID")
CUSTODIAN = concept(f"{HL7}/provenance-participant-type", "custodian", "Custodian")
RECIPIENT = concept(f"{HL7}/v3-ParticipationType", "IRCP", "information recipient")
AUTHOR = concept(f"{HL7}/v3-ParticipationType", "AUT", "author (originator)")
PROVIDER = concept(f"{HL7}/v3-RoleClass", "PROV", "healthcare provider")
AUTHORISER = concept(f"{HL7}/extra-security-role-type", "authserver", "authorization server")

PERSON = coding(f"{HL7}/audit-entity-type", "1", "Person")
SYSTEM_OBJECT = coding(f"{HL7}/audit-entity-type", "2", "System Object")
PATIENT_ROLE = coding(f"{HL7}/object-role", "1", "Patient")
DOMAIN_RESOURCE = coding(f"{HL7}/object-role", "4", "Domain Resource")
QUERY_ROLE = coding(f"{HL7}/object-role", "24", "Query")
REQUEST_ID = coding(f"{BALP}/CodeSystem/BasicAuditEntityType", "XrequestId")
CONSENT = coding(RESOURCES, "Consent", "Consent")
LEDGER_ENTRY = coding(f"{OURS}:audit-entity", "ledger-entry")
APPLICATION_SERVER = coding(f"{HL7}/security-source-type", "4", "Application Server")
