"""`python -m bench [NAME]`: all benches, or one. The last lines are the figures, one a line."""

import importlib
import sys

from bench.figures import Figure

NAMES = (
    "gate",
    "ledger",
    "proof",
    "browser_verify",
    "list",
    "join",
    "weight",
    "slow_join",
    "recovery",
    "ended_access",
    "relay",
    "prompts",
    "fhir",
    "fhir_validation",
    "hl7",
    "intake",
    "trend",
    "frames",
    "waveform",
    "stop",
)


def main() -> int:
    chosen = sys.argv[1].replace("-", "_") if len(sys.argv) > 1 else ""
    if chosen and chosen not in NAMES:
        print(f"There is no bench of that name. There are: {', '.join(NAMES).replace('_', '-')}.")
        return 2
    figures: list[Figure] = []
    for name in [chosen] if chosen else NAMES:
        print(f"# {name.replace('_', '-')}", flush=True)
        figures += importlib.import_module(f"bench.{name}").measure()
    for figure in figures:
        print(figure)
    return 0


sys.exit(main())
