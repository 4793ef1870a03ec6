"""`breachkit exercise`: tabletop exercises. Each part of the group stands in a module of its own, which adds its commands."""

from __future__ import annotations

from breachkit.cli import common, exercise_debrief, exercise_run, exercise_scenarios

exercise_app = common.app("Tabletop exercises: list, run, debrief.", example="breachkit exercise show mail-merge")

exercise_scenarios.add(exercise_app)
exercise_run.add(exercise_app)
exercise_debrief.add(exercise_app)
