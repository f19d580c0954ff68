"""Which types are written, into which files, and what is added to a type by hand."""

_NAMES = """
    AllergyIntolerance Appointment AuditEvent Binary Bundle CapabilityStatement CareTeam ChargeItem
    Claim Communication Condition Consent Coverage Device DeviceMetric DiagnosticReport
    DocumentReference Encounter Endpoint Group HealthcareService Immunization Location Medication
    MedicationRequest MedicationStatement Observation OperationOutcome Organization Parameters
    Patient Practitioner PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse
    RelatedPerson Schedule ServiceRequest Slot Specimen Subscription Substance Task
"""
RESOURCES = tuple(_NAMES.split())

# Files of data types, lowest first: a file names only types of itself and of files before it.
DATATYPES = {
    "extension": ("Element", "BackboneElement", "Extension"),
    "coded": ("Coding", "CodeableConcept", "Period"),
    "quantities": (
        "Quantity",
        "SimpleQuantity",
        "Age",
        "Count",
        "Distance",
        "Duration",
        "Money",
        "Range",
        "Ratio",
        "SampledData",
    ),
    "referring": ("Identifier", "Reference"),
    "people": ("Address", "ContactPoint", "ContactDetail", "Contributor", "HumanName"),
    "texts": ("Annotation", "Attachment", "Meta", "Narrative", "Signature"),
    "times": ("Timing", "Dosage"),
    "artifacts": (
        "Expression",
        "RelatedArtifact",
        "UsageContext",
        "DataRequirement",
        "ParameterDefinition",
        "TriggerDefinition",
    ),
    "resource": ("Resource", "DomainResource"),
}

PRIMITIVES = {
    "base64Binary": "Base64Binary",
    "boolean": "Boolean",
    "canonical": "Canonical",
    "code": "Code",
    "date": "Date",
    "dateTime": "DateTime",
    "decimal": "Decimal",
    "id": "Id",
    "instant": "Instant",
    "integer": "Integer",
    "markdown": "Markdown",
    "oid": "Oid",
    "positiveInt": "PositiveInt",
    "reference": "Pointer",
    "string": "String",
    "time": "Time",
    "unsignedInt": "UnsignedInt",
    "uri": "Uri",
    "url": "Url",
    "uuid": "Uuid",
    "xhtml": "Xhtml",
}

# Rules written by hand: type -> (module, rule).
RULES = {
    "Extension": ("extending", "valued"),
    "Narrative": ("narrative", "harmless"),
}

# Long lists of codes with a file of their own: value set -> (file, name).
SHARED = {
    "http://hl7.org/fhir/ValueSet/all-types": ("type_names", "TypeName"),
    "http://hl7.org/fhir/ValueSet/resource-types": ("resource_names", "ResourceName"),
}
