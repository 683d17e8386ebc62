"""What the judging process is told about one submission, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from nbjudge.model import Exercise, Limits
from nbjudge.notebook.plan import JudgeExercise, RunCell


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One notebook to judge."""

    student: str
    assignment: str
    notebook: str
    steps: tuple[RunCell | JudgeExercise, ...]
    view: str
    limits: Limits
    seed: bytes
    """Key of the round's random inputs."""
    probes: str
    """Path of the public probes; may not exist."""

    def to_json(self) -> bytes:
        """Encode for the judging process."""
        document = {
            **asdict(self),
            "seed": self.seed.hex(),
            "steps": [
                {"run" if isinstance(step, RunCell) else "judge": asdict(step)}
                for step in self.steps
            ],
        }
        return json.dumps(document).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Job:
        """Decode what `to_json` wrote; both ends are trusted."""
        document = json.loads(data)
        return cls(
            **{
                **document,
                "limits": Limits(**document["limits"]),
                "seed": bytes.fromhex(document["seed"]),
                "steps": tuple(_step(step) for step in document["steps"]),
            }
        )


def _step(document: dict[str, dict[str, object]]) -> RunCell | JudgeExercise:
    if "run" in document:
        return RunCell(**document["run"])  # type: ignore[arg-type]
    judge = document["judge"]
    exercise = Exercise(**judge["exercise"])  # type: ignore[arg-type]
    return JudgeExercise(exercise=exercise, untouched=bool(judge["untouched"]))
