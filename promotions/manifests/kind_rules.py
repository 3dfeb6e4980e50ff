"""The rules of the other kinds that no schema can say; never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator

from promotions.manifests.names import LABEL_RULE, is_label, is_name, nearest_label
from promotions.manifests.problems import Problem, quoted
from promotions.manifests.view import Path, View

ORIGIN_ANNOTATION = "codefresh.io/workflow-origin"


def template_problems(view: View) -> Iterator[Problem]:
    """A promotion template: the operators of its selector and the files that it names."""
    selector = view.spec.get("applicationSourceSelector")
    written = selector.get("matchExpressions") if isinstance(selector, dict) else None
    for index, term in enumerate(written if isinstance(written, list) else []):
        if not isinstance(term, dict):
            continue
        path: Path = ("spec", "applicationSourceSelector", "matchExpressions", index)
        operator, values = term.get("operator"), term.get("values")
        if operator in ("In", "NotIn") and not values and (values is None or values == []):
            message = f"{operator} compares with a list. Add values to it."
            yield view.problem("no-values", message, (*path, "operator"))
        elif operator in ("Exists", "DoesNotExist") and values:
            message = f"{operator} asks only whether the label is there. Remove the values."
            yield view.problem("needless-values", message, (*path, "values"), on_key=True)
    yield from _file_problems(view, ("spec",))


def product_problems(view: View) -> Iterator[Problem]:
    """A product: where its template comes from, each flow once, the files of its own template."""
    if "promotionTemplate" in view.spec and "promotionTemplateRef" in view.spec:
        message = (
            "This template is not used, because promotionTemplateRef is there too and wins. Remove one of "
            "the two."
        )
        path: Path = ("spec", "promotionTemplate")
        yield view.problem("template-twice", message, path, on_key=True, severity="warning")
    yield from _product_name(view)
    flows = view.spec.get("promotionFlows")
    lines: dict[str, int] = {}
    for index, flow in enumerate(flows if isinstance(flows, list) else []):
        name = flow.get("name") if isinstance(flow, dict) else None
        if not isinstance(name, str):
            continue
        path = ("spec", "promotionFlows", index, "name")
        if name in lines:
            message = f"The flow {quoted(name)} is listed twice, first on line {lines[name]}. Keep one."
            yield view.problem("duplicate-flow", message, path)
        lines.setdefault(name, view.line(path))
    yield from _file_problems(view, ("spec", "promotionTemplate"))


def _product_name(view: View) -> Iterator[Problem]:
    """A product's name is a label, while the metadata that all kinds share allow dots."""
    metadata = view.data.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    if isinstance(name, str) and is_name(name) and not is_label(name):
        nearest = nearest_label(name)
        message = f"metadata.name is {quoted(name)}, which is no name of a product: {LABEL_RULE}."
        message += f' Did you mean "{nearest}"?' if nearest else ""
        yield view.problem("bad-name", message, ("metadata", "name"), suggestion=nearest)


def policy_problems(view: View) -> Iterator[Problem]:
    """A promotion policy: the action `none` needs a pre-action from somewhere."""
    policy = view.spec.get("policy")
    if isinstance(policy, dict) and policy.get("action") == "none" and "preAction" not in policy:
        message = (
            'The action "none" leaves the change to a pre-action workflow, and none is named here. Add '
            "preAction, unless another policy supplies it."
        )
        path = ("spec", "policy", "action")
        yield view.problem("none-without-pre-action", message, path, severity="warning")


def workflow_problems(view: View) -> Iterator[Problem]:
    """A workflow template: it is offered in flows only with the annotation that says what it is for."""
    metadata = view.data.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    origin = annotations.get(ORIGIN_ANNOTATION) if isinstance(annotations, dict) else None
    if isinstance(metadata, dict) and origin != "promotion":
        message = (
            "This workflow is not offered in promotions. To change that, add the annotation "
            f'"{ORIGIN_ANNOTATION}: promotion".'
        )
        yield view.problem("not-for-promotion", message, ("metadata",), on_key=True, severity="warning")


def application_problems(view: View) -> Iterator[Problem]:
    """An Argo CD application: it says where it comes from and where it goes."""
    spec = view.spec
    if spec and "source" not in spec and "sources" not in spec:
        message = 'spec lacks "source". Say with repoURL, path and targetRevision where the manifests are.'
        yield view.problem("missing-field", message, ("spec",), on_key=True, suggestion="source:")
    destination = spec.get("destination")
    if isinstance(destination, dict) and "name" not in destination and "server" not in destination:
        message = "spec.destination names no cluster. Add name or server."
        path = ("spec", "destination")
        yield view.problem("missing-field", message, path, on_key=True, suggestion="name:")


def _file_problems(view: View, holder: Path) -> Iterator[Problem]:
    """Files are looked up below the directory of an application, and nothing outside it is promoted."""
    part = view.spec if holder == ("spec",) else view.spec.get(str(holder[-1]))
    if not isinstance(part, dict):
        return
    version, promotion = part.get("versionSource"), part.get("promotion")
    if isinstance(version, dict) and isinstance(name := version.get("file"), str) and not _is_inside(name):
        yield _file_problem(view, (*holder, "versionSource", "file"), name)
    for name in promotion if isinstance(promotion, dict) else ():
        if not _is_inside(name):
            yield _file_problem(view, (*holder, "promotion", name), name)


def _file_problem(view: View, path: Path, name: str) -> Problem:
    message = (
        f"{quoted(name)} is no file below the application's directory. Write its path relative to that "
        'directory, without "..".'
    )
    return view.problem("bad-file", message, path, on_key=path[-1] == name)


def _is_inside(name: str) -> bool:
    parts = name.split("/")
    return bool(name) and not re.search(r"[\\\x00-\x1f]", name) and not {"", ".", ".."} & set(parts)
