"""What a valid manifest says, as typed values; never reads a document that has errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from promotions.manifests.documents import Document
from promotions.manifests.problems import MOST_PROBLEMS, ManifestError, Problem, path_text

DEFAULT_TIMEOUT_MINUTES = 1440

Action = Literal["commit", "pr", "none"]
OnFailure = Literal["continue", "halt", "revert"]
Concurrency = Literal["queue", "terminate"]
# The JSONPaths that are promoted in a file, or "*" for the whole file.
FilePaths = tuple[str, ...] | Literal["*"]


@dataclass(frozen=True)
class PolicyBinding:
    """Settings of one policy; None means that it leaves the setting to others."""

    action: Action | None = None
    pre_action: str | None = None
    post_action: str | None = None


@dataclass(frozen=True)
class HooksSpec:
    on_start: str | None = None
    on_success: str | None = None
    on_fail: str | None = None


@dataclass(frozen=True)
class StepSpec:
    """One environment of a flow. `policy_lines` says where each setting of its policy stands in the whole
    text, by the setting's name there, lines from 1."""

    environment: str
    depends_on: tuple[str, ...]
    policy: PolicyBinding
    hooks: HooksSpec
    policy_lines: Mapping[str, int] = field(compare=False)


@dataclass(frozen=True)
class FlowSpec:
    name: str
    api_version: str
    description: str
    version: str
    trigger_environment: str
    post_trigger: str | None
    steps: tuple[StepSpec, ...]
    hooks: HooksSpec
    timeout_minutes: int
    on_failure: OnFailure

    @property
    def environments(self) -> tuple[str, ...]:
        """The trigger environment, then the steps' in the order of the text."""
        return (self.trigger_environment, *(step.environment for step in self.steps))


@dataclass(frozen=True)
class PolicySelector:
    """What a policy applies to. Empty criteria match all."""

    product_names: tuple[str, ...]
    product_tags: tuple[str, ...]
    environment_names: tuple[str, ...]
    environment_types: tuple[str, ...]
    environment_tags: tuple[str, ...]


@dataclass(frozen=True)
class PolicySpec(PolicySelector):
    """The lowest priority wins. `gates` holds the manifest's own fields."""

    name: str
    priority: int
    policy: PolicyBinding
    gates: Mapping[str, Any]


@dataclass(frozen=True)
class LabelRequirement:
    key: str
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist"]
    values: tuple[str, ...]


@dataclass(frozen=True)
class VersionSource:
    file: str
    json_path: str


@dataclass(frozen=True)
class InlineTemplate:
    """What is promoted: `promotion` is None where all files of the source's directory are copied."""

    version_source: VersionSource | None
    promotion: Mapping[str, FilePaths] | None


@dataclass(frozen=True)
class TemplateSpec(InlineTemplate):
    name: str
    match_labels: Mapping[str, str]
    match_expressions: tuple[LabelRequirement, ...]
    priority: int


@dataclass(frozen=True)
class GitTrigger:
    key: Literal["commitMessage", "gitRevision"]
    operator: Literal["In", "NotIn"]
    values: tuple[str, ...]


@dataclass(frozen=True)
class ProductFlow:
    """A flow of a product; without triggers it never starts by itself."""

    name: str
    triggers: tuple[GitTrigger, ...]


@dataclass(frozen=True)
class ProductSpec:
    """`template_ref` wins over `template` where both are there."""

    name: str
    template_ref: str | None
    template: InlineTemplate | None
    flows: tuple[ProductFlow, ...]
    concurrency: Concurrency


def flow_spec(document: Document) -> FlowSpec:
    """The flow that a document describes. Raises ManifestError when it has errors or is no flow."""
    spec = _spec(document, "PromotionFlow")
    annotations = document.data["metadata"].get("annotations") or {}
    return FlowSpec(
        name=document.name,
        api_version=document.api_version,
        description=annotations.get("description", ""),
        version=annotations.get("version", ""),
        trigger_environment=spec["triggerEnvironment"],
        post_trigger=spec.get("postTrigger"),
        steps=tuple(_step(document, index, step) for index, step in enumerate(spec["steps"])),
        hooks=_hooks(spec.get("hooks", {})),
        timeout_minutes=int(spec.get("promotionTimeoutLimit", DEFAULT_TIMEOUT_MINUTES)),
        on_failure=spec.get("onFailure", "continue"),
    )


def policy_spec(document: Document) -> PolicySpec:
    """The policy that a document describes. Raises ManifestError when it has errors or is no policy."""
    spec = _spec(document, "PromotionPolicy")
    return PolicySpec(
        **vars(_selector(spec)),
        name=document.name,
        priority=int(spec["priority"]),
        policy=_binding(spec["policy"]),
        gates=spec.get("gates", {}),
    )


def policy_selector(document: Document) -> PolicySelector | None:
    """What a policy applies to, although its document may have errors elsewhere; None where one of them
    could change that."""
    if document.kind != "PromotionPolicy" or len(document.problems) >= MOST_PROBLEMS:
        return None
    selector = path_text(document.view.written(("spec", "selector")))
    for problem in document.errors:
        # Of the text itself, such as a field that stands twice, or of the selector.
        if not problem.path or problem.path.startswith((selector, "spec.selector")):
            return None
    return _selector(document.view.spec)


def template_spec(document: Document) -> TemplateSpec:
    """The template that a document describes. Raises ManifestError when it has errors or is none."""
    spec = _spec(document, "PromotionTemplate")
    selector = spec["applicationSourceSelector"]
    inline = _inline_template(spec)
    return TemplateSpec(
        version_source=inline.version_source,
        promotion=inline.promotion,
        name=document.name,
        match_labels=selector.get("matchLabels") or {},
        match_expressions=tuple(
            LabelRequirement(term["key"], term["operator"], tuple(term.get("values") or ()))
            for term in selector.get("matchExpressions") or ()
        ),
        priority=int(spec["priority"]),
    )


def product_spec(document: Document) -> ProductSpec:
    """The product that a document describes. Raises ManifestError when it has errors or is no product."""
    spec = _spec(document, "Product")
    return ProductSpec(
        name=document.name,
        template_ref=spec.get("promotionTemplateRef"),
        template=_inline_template(spec["promotionTemplate"]) if "promotionTemplate" in spec else None,
        flows=tuple(_product_flow(flow) for flow in spec.get("promotionFlows") or ()),
        concurrency=spec.get("concurrency", "queue"),
    )


def _spec(document: Document, kind: str) -> dict[str, Any]:
    if document.errors:
        raise ManifestError(document.problems)
    if document.kind != kind:
        message = f"The kind is {document.kind}; {kind} is meant here."
        line = document.line
        raise ManifestError([Problem("error", message, line, 1, line, 1, "kind", "wrong-kind", kind)])
    return document.view.spec


def _selector(spec: dict[str, Any]) -> PolicySelector:
    selector = spec.get("selector") or {}
    product, environment = selector.get("product") or {}, selector.get("targetEnvironment") or {}
    return PolicySelector(
        product_names=tuple(product.get("names") or ()),
        product_tags=tuple(product.get("tags") or ()),
        environment_names=tuple(environment.get("names") or ()),
        environment_types=tuple(environment.get("types") or ()),
        environment_tags=tuple(environment.get("tags") or ()),
    )


def _step(document: Document, index: int, step: dict[str, Any]) -> StepSpec:
    policy = step.get("policy", {})
    at = ("spec", "steps", index, "policy")
    return StepSpec(
        environment=step["environment"],
        depends_on=tuple(dict.fromkeys(step["dependsOn"])),
        policy=_binding(policy),
        hooks=_hooks(step.get("hooks", {})),
        policy_lines={setting: document.view.line((*at, setting)) for setting in policy},
    )


def _binding(policy: dict[str, Any]) -> PolicyBinding:
    return PolicyBinding(policy.get("action"), policy.get("preAction"), policy.get("postAction"))


def _hooks(hooks: dict[str, Any]) -> HooksSpec:
    return HooksSpec(hooks.get("onStart"), hooks.get("onSuccess"), hooks.get("onFail"))


def _inline_template(part: dict[str, Any]) -> InlineTemplate:
    source, promotion = part.get("versionSource"), part.get("promotion")
    return InlineTemplate(
        version_source=VersionSource(source["file"], source["jsonPath"]) if source else None,
        promotion=None
        if promotion is None
        else {name: _file_paths(chosen["jsonPaths"]) for name, chosen in promotion.items()},
    )


def _file_paths(paths: list[str]) -> FilePaths:
    return "*" if "*" in paths else tuple(paths)


def _product_flow(flow: dict[str, Any]) -> ProductFlow:
    selectors = flow.get("gitTriggerSelectors") or ()
    triggers = (GitTrigger(s["key"], s["operator"], tuple(s["values"])) for s in selectors)
    return ProductFlow(flow["name"], tuple(triggers))
