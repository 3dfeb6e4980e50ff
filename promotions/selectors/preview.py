"""What a release would write, exactly, before anything runs. Reads rows and Git; never writes either."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from environments.repositories import RepositoryRefused
from promotions.errors import PlanProblem, PlanRefused
from promotions.mirrors import mirror_open
from promotions.properties import PropertyError
from promotions.repos import GitError, Mirror
from promotions.selectors.plan import GitTarget, Plan, PlannedApplication, PlannedEnvironment, release_plan
from promotions.selectors.versions import is_downgrade
from promotions.steps.change import NothingToPromote, plan_change, promotion_from_json
from promotions.steps.commit import commit_reader
from promotions.steps.file_diff import file_diff
from promotions.steps.freeze import Source, SourceUnusable, in_directory, source_read, version_of


def release_preview(
    *, flow_name: str, product_name: str, application: str | None = None, source_revision: str | None = None
) -> dict[str, Any]:
    """The plan with every diff and `planDigest`. Raises NotFound and PlanRefused (Git's troubles too)."""
    plan = release_plan(
        flow_name=flow_name,
        product_name=product_name,
        application=application,
        source_revision=source_revision,
    )
    try:
        with ExitStack() as stack:
            return _Preview(plan, stack).as_json()
    except (GitError, RepositoryRefused) as error:
        raise PlanRefused([PlanProblem("GIT", str(error))]) from error
    except SourceUnusable as error:
        raise PlanRefused([PlanProblem(error.reason, str(error))]) from error
    except PropertyError as error:
        raise PlanRefused([PlanProblem("CANNOT_READ_SOURCE", str(error))]) from error


class _Preview:
    """One preview: each repository is opened and each branch fetched once."""

    def __init__(self, plan: Plan, stack: ExitStack) -> None:
        self.plan = plan
        self.stack = stack
        self.mirrors: dict[str, Mirror] = {}
        self.tips: dict[tuple[str, str], str | None] = {}

    def as_json(self) -> dict[str, Any]:
        plan = self.plan
        target = plan.source.target
        source = source_read(
            self._mirror(target.repository),
            branch=target.branch,
            path=target.path,
            revision=plan.source_revision,
            template=plan.template.frozen,
        )
        environments = [self._environment(env, source) for env in plan.environments if env.role == "TARGET"]
        waves: dict[int, list[str]] = {}
        for env in plan.environments[1:]:
            waves.setdefault(env.wave, []).append(env.name)
        return {
            "flow": plan.flow.name,
            "product": plan.product.name,
            "planDigest": self._digest(source, environments),
            "source": {
                "application": plan.source.row.identity,
                "environment": plan.spec.trigger_environment,
                "revision": source.revision,
                "commit": source.commit,
                "version": source.version,
                "message": source.message,
                "author": source.author,
                "date": source.committed_at.isoformat(),
            },
            "template": plan.template.as_json(),
            "waves": [waves[index] for index in sorted(waves)],
            "environments": environments,
        }

    def _mirror(self, repository: str) -> Mirror:
        if repository not in self.mirrors:
            self.mirrors[repository] = self.stack.enter_context(mirror_open(repository))
        return self.mirrors[repository]

    def _tip(self, target: GitTarget) -> str | None:
        key = (target.repository, target.branch)
        if key not in self.tips:
            self.tips[key] = self._mirror(target.repository).fetch([target.branch]).get(target.branch)
        return self.tips[key]

    def _environment(self, env: PlannedEnvironment, source: Source) -> dict[str, Any]:
        applications = [self._application(env, application, source) for application in env.applications]
        first = applications[0]
        return {
            "name": env.name,
            "kind": env.kind,
            "role": env.role,
            "wave": env.wave,
            "dependsOn": list(env.depends_on),
            "policy": {name: env.policy[name].as_json() if name in env.policy else None for name in _POLICY},
            "template": {"name": self.plan.template.name, "origin": self.plan.template.origin},
            "application": first["name"],
            "versionFrom": first["versionFrom"],
            "versionTo": first["versionTo"],
            "downgrade": any(item["downgrade"] for item in applications),
            "files": [file for item in applications for file in item["files"]],
            "problems": [problem for item in applications for problem in item["problems"]],
            "applications": applications,
        }

    def _application(
        self, env: PlannedEnvironment, planned: PlannedApplication, source: Source
    ) -> dict[str, Any]:
        target = planned.target
        shown: dict[str, Any] = {
            "name": planned.row.name,
            "identity": planned.row.identity,
            "versionFrom": planned.row.version,
            "versionTo": source.version,
            "downgrade": is_downgrade(planned.row.version, source.version),
            "files": [],
            "skipped": [],
            "problems": [],
        }
        tip = self._tip(target)
        if tip is None:
            message = f"{target.repository} has no branch {target.branch}; promotions write to branches."
            shown["problems"] = [PlanProblem("NO_BRANCH", message, env.name).as_json()]
            return shown
        read = commit_reader(self._mirror(target.repository), tip, target.path)
        try:
            shown["versionFrom"] = version_of(self.plan.template.frozen, read) or planned.row.version
            change = plan_change(source.files, promotion_from_json(self.plan.template.frozen), read)
        except (PropertyError, NothingToPromote) as error:
            shown["problems"] = [PlanProblem("CANNOT_EDIT", str(error), env.name).as_json()]
            return shown
        shown["downgrade"] = is_downgrade(shown["versionFrom"], source.version)
        shown["skipped"] = list(change.skipped)
        shown["files"] = [file_diff(in_directory(target.path, f.path), f.old, f.new) for f in change.files]
        return shown

    def _digest(self, source: Source, environments: Sequence[Mapping[str, Any]]) -> str:
        """Changes with anything that decides what is written: flow, source, policies, diffs."""
        parts = {
            "flow": self.plan.flow.etag,
            "source": source.revision,
            "environments": environments,
            "template": self.plan.template.as_json(),
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


_POLICY = ("action", "preAction", "postAction")
