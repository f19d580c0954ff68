"""A reading as the chart has it: Observations, the Device that measured, and the Provenance of both."""
