"""Steps of a release's environments and every attempt at them. Never runs anything."""

from __future__ import annotations

from django.db import models

from promotions.models.release import Release, ReleaseApplication, ReleaseEnvironment


class StepStatus(models.TextChoices):
    PENDING = "PENDING", "Pending"
    RUNNING = "RUNNING", "Running"
    WAITING = "WAITING", "Waiting"
    SUCCEEDED = "SUCCEEDED", "Succeeded"
    SKIPPED = "SKIPPED", "Skipped"
    FAILED = "FAILED", "Failed"
    ERROR = "ERROR", "Error"
    TERMINATED = "TERMINATED", "Terminated"


class Step(models.Model):
    """One unit of work. PENDING + published_at set = handed to the broker, not yet claimed.

    A claim is a compare-and-swap on (status, claim) that counts `claim` up; a finish is one on the
    number that the claim got, so that the result of a worker that lost its lease is refused. A
    WAITING step that is being looked at keeps its status and holds a lease meanwhile.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="steps")
    environment = models.ForeignKey(ReleaseEnvironment, on_delete=models.CASCADE, related_name="steps")
    application = models.ForeignKey(
        ReleaseApplication, null=True, on_delete=models.CASCADE, related_name="steps"
    )
    kind = models.CharField(max_length=20)  # a key of promotions.steps.registry
    title = models.CharField(max_length=200)
    phase = models.PositiveIntegerField()  # all steps of a phase end before the next phase starts
    status = models.CharField(max_length=10, choices=StepStatus.choices, default=StepStatus.PENDING)
    reason = models.CharField(max_length=60, blank=True)
    message = models.TextField(blank=True)
    attempt = models.PositiveIntegerField(default=0)
    claim = models.PositiveIntegerField(default=0)  # fences: every claim or check counts it up
    errors = models.PositiveIntegerField(default=0)  # retryable errors in a row, bounds the retries
    losses = models.PositiveIntegerField(default=0)  # workers lost in a row, bounds them likewise
    outputs = models.JSONField(default=dict)
    state = models.JSONField(default=dict)  # what a waiting step keeps between checks
    generation = models.PositiveIntegerField(
        default=1
    )  # part of the effect key; a retry that writes anew counts it up
    is_ready = models.BooleanField(default=False)  # the engine let it start
    published_at = models.DateTimeField(null=True)
    publish_count = models.PositiveIntegerField(default=0)
    publish_again_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    next_check_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["environment__position", "phase", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["environment", "kind", "phase", "application"], name="step_once")
        ]
        indexes = [
            models.Index(fields=["status", "next_check_at"]),
            models.Index(fields=["status", "lease_until"]),
            models.Index(fields=["status", "publish_again_at"]),
        ]


class StepAttempt(models.Model):
    """One claim of a step by one worker, kept for people: who, when, how it ended."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    task_id = models.CharField(max_length=64)
    worker = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, blank=True)  # done, waiting, retryable, terminal, lost
    message = models.TextField(blank=True)

    class Meta:
        ordering = ["step", "number"]
        constraints = [models.UniqueConstraint(fields=["step", "number"], name="step_attempt_once")]
