"""What was said about a measurement of sugar, as components: codes of IEEE 11073-10417 (partition 128).

For bedtime public lists of the codes contradict each other: that is text alone. Exercise has a code for how
hard it was, which is not read: it stands in the note only.
"""

from collections.abc import Iterable

from teleward.devices.kinds.observing import MDC, Json, component, concept

PARTITION = 128 << 16
QUESTIONS: dict[int, tuple[str, dict[str, int]]] = {
    29156: (
        "Carbohydrate source",
        {
            "breakfast": 29160,
            "lunch": 29164,
            "dinner": 29168,
            "snack": 29172,
            "drink": 29176,
            "supper": 29180,
            "brunch": 29184,
        },
    ),
    29256: (
        "Meal",
        {"before-meal": 29260, "after-meal": 29264, "fasting": 29268, "casual": 29272, "bedtime": 0},
    ),
    29276: (
        "Tester",
        {"tested-by-oneself": 29280, "tested-by-professional": 29284, "tested-in-laboratory": 29288},
    ),
    29212: (
        "Health",
        {"slightly-ill": 29216, "seriously-ill": 29220, "menses": 29224, "stress": 29228, "well": 29232},
    ),
    29188: (
        "Medication",
        {
            "rapid-acting-insulin": 29192,
            "short-acting-insulin": 29196,
            "intermediate-acting-insulin": 29200,
            "long-acting-insulin": 29204,
            "premixed-insulin": 29208,
        },
    ),
    29236: ("Sample location", {"from-finger": 29240, "from-other-place": 29244, "from-earlobe": 29248}),
}


def said(flags: Iterable[str]) -> list[Json]:
    """One component for each question that these flags answer."""
    return [
        component(_coded(question, text), {"valueCodeableConcept": _coded(answers[flag], flag)})
        for flag in flags
        for question, (text, answers) in QUESTIONS.items()
        if flag in answers
    ]


def _coded(code: int, text: str) -> Json:
    return concept((MDC, str(PARTITION + code)), text=text) if code else {"text": text}
