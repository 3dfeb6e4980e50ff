"""Manifests as documents: parsed, kept verbatim and judged; never stored or looked up anywhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from promotions.manifests import flow_rules, kind_rules
from promotions.manifests.names import closest
from promotions.manifests.problems import ManifestError, Problem, Source, in_order, quoted
from promotions.manifests.schema import KINDS, schema_problems
from promotions.manifests.tree import Mapping, Tree, decode, read_trees
from promotions.manifests.view import View, view_of

_RULES: dict[str, Callable[[View], Iterable[Problem]]] = {
    "PromotionFlow": flow_rules.flow_problems,
    "PromotionPolicy": kind_rules.policy_problems,
    "PromotionTemplate": kind_rules.template_problems,
    "Product": kind_rules.product_problems,
    "WorkflowTemplate": kind_rules.workflow_problems,
    "Application": kind_rules.application_problems,
}


@dataclass(frozen=True)
class Document:
    """One manifest of a text.

    `data` is plain JSON data without the old `spec.properties` wrapper. `text` is the document's own
    part of the text, byte for byte, beginning on `line` (from 1); the lines of `problems` count in the
    whole text. Kind, name and version are "" where the text has none.
    """

    kind: str
    name: str
    api_version: str
    data: dict[str, Any]
    text: str
    line: int
    problems: tuple[Problem, ...]
    view: View = field(repr=False, compare=False)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.is_error)


def parse_documents(text: str | bytes, *, stored: bool = False) -> list[Document]:
    """Every document of a YAML text, empty ones left out, each with the problems that its text alone
    shows. Raises ManifestError when the text is no YAML at all, or too large, deep or explosive.

    `stored` says that the text was taken in before: what only new texts are refused for, because other
    readers of YAML take it otherwise, is let be, and the text means what it always meant here.
    """
    source = decode(text, stored=stored)
    return [_document(source, tree, stored) for tree in read_trees(source)]


def parse_one(text: str | bytes, kind: str, *, stored: bool = False) -> Document:
    """The only document of a text, which must be of a kind and without errors; it may have warnings.
    `stored` as in `parse_documents`. Raises ManifestError with all problems."""
    documents = parse_documents(text, stored=stored)
    if not documents:
        message = f"There is no manifest in the text. Write a {kind}."
        raise ManifestError([Problem("error", message, 1, 1, 1, 1, "", "empty")])
    document = documents[0]
    if len(documents) > 1:
        second = documents[1].view
        message = f"A second document begins here, and one {kind} is meant. Remove the others."
        raise ManifestError([second.problem("several-documents", message, (), on_key=True)])
    if document.kind != kind and document.kind in KINDS:
        message = f"The kind is {document.kind}; {kind} is meant here."
        raise ManifestError([document.view.problem("wrong-kind", message, ("kind",), suggestion=kind)])
    if document.errors:
        raise ManifestError(document.problems)
    return document


def validate_flow(
    document: Document,
    *,
    known_environments: Collection[str] | None = None,
    known_workflows: Collection[str] | None = None,
) -> list[Problem]:
    """All problems of a promotion flow, in the order of its text: those of the document itself, then
    environments (errors) and workflows (warnings) that are not among the known ones, where those are
    given."""
    problems = list(document.problems)
    if known_environments is not None:
        problems += flow_rules.unknown_environments(document.view, known_environments)
    if known_workflows is not None:
        problems += flow_rules.unknown_workflows(document.view, known_workflows)
    return list(in_order(problems))


def _document(source: Source, tree: Tree, stored: bool) -> Document:
    kind = _text(tree.root, "kind")
    view = view_of(source, tree.root, kind)
    problems = [*tree.problems, *_kind_problems(view, kind)]
    if kind == "PromotionFlow" and not stored:
        problems += tree.let_pass
    if kind in KINDS:
        problems += [*schema_problems(view, kind), *_RULES[kind](view)]
    metadata = view.data.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else None
    return Document(
        kind=kind,
        name=name if isinstance(name, str) else "",
        api_version=_text(tree.root, "apiVersion"),
        data=view.data,
        text=source.text[tree.start : tree.end],
        line=source.position(tree.start)[0],
        problems=in_order(flow_rules.without_repeats(problems)),
        view=view,
    )


def _text(root: object, name: str) -> str:
    pair = root.pairs.get(name) if isinstance(root, Mapping) else None
    value = getattr(pair.value, "value", None) if pair else None
    return value if isinstance(value, str) else ""


def _kind_problems(view: View, kind: str) -> list[Problem]:
    if not isinstance(view.root, Mapping):
        message = 'This is no manifest. Begin with "apiVersion:", "kind:", "metadata:" and "spec:".'
        return [view.problem("not-a-manifest", message, ())]
    if kind in KINDS:
        return []
    if "kind" not in view.root.pairs:
        message = f'The manifest lacks "kind". Add one of {", ".join(KINDS)}.'
        return [view.problem("missing-field", message, (), on_key=True, suggestion="kind:")]
    meant = closest(kind, KINDS)
    message = f"The kind {quoted(kind)} is not known here. " + (
        f"Did you mean {meant}?" if meant else f"Known kinds: {', '.join(KINDS)}."
    )
    return [view.problem("unknown-kind", message, ("kind",), suggestion=meant)]
