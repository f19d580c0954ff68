"""A questionnaire while it is built: its JSON, changed question by question, with everything else kept."""
