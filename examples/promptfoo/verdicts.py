"""promptfoo's assertion: every figure proved, and what matters told. The scores are named, so its table shows them apart."""

from __future__ import annotations

import json
from typing import Any

NAMED = ("proved", "coverage", "structure", "citations")


def get_assert(output: str, context: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001  promptfoo's signature
    told = json.loads(output)
    measures = told["measures"]
    proved = measures["proved"] if measures["proved"] is not None else 1.0
    return {
        "pass": not told["held"],
        "score": proved,
        "reason": "；".join(told["held"]) or "每个数字都有据",
        "namedScores": {name: measures[name] for name in NAMED if measures[name] is not None},
    }
