"""Movements: flows, policies, workflows, releases and what the engine keeps in rows."""

from promotions.models.flow import Flow, FlowRevision
from promotions.models.idempotency import IdempotencyKey
from promotions.models.policy import Policy
from promotions.models.push import PushIntent
from promotions.models.release import (
    Release,
    ReleaseApplication,
    ReleaseEnvironment,
    SourceBlob,
    SourceFile,
)
from promotions.models.step import Step, StepAttempt
from promotions.models.workflow import Workflow

__all__ = [
    "Flow",
    "FlowRevision",
    "IdempotencyKey",
    "Policy",
    "PushIntent",
    "Release",
    "ReleaseApplication",
    "ReleaseEnvironment",
    "SourceBlob",
    "SourceFile",
    "Step",
    "StepAttempt",
    "Workflow",
]
