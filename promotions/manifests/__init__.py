"""YAML manifests: parse, validate with line and column, keep verbatim; never touches a database."""

from promotions.manifests.documents import Document, parse_documents, parse_one, validate_flow
from promotions.manifests.edit import with_name, with_version
from promotions.manifests.names import closest, is_label, is_name
from promotions.manifests.problems import ManifestError, Problem
from promotions.manifests.schema import KINDS, schema
from promotions.manifests.specs import (
    FlowSpec,
    GitTrigger,
    HooksSpec,
    InlineTemplate,
    LabelRequirement,
    PolicyBinding,
    PolicySelector,
    PolicySpec,
    ProductFlow,
    ProductSpec,
    StepSpec,
    TemplateSpec,
    VersionSource,
    flow_spec,
    policy_selector,
    policy_spec,
    product_spec,
    template_spec,
)

__all__ = [
    "KINDS",
    "Document",
    "FlowSpec",
    "GitTrigger",
    "HooksSpec",
    "InlineTemplate",
    "LabelRequirement",
    "ManifestError",
    "PolicyBinding",
    "PolicySelector",
    "PolicySpec",
    "Problem",
    "ProductFlow",
    "ProductSpec",
    "StepSpec",
    "TemplateSpec",
    "VersionSource",
    "closest",
    "flow_spec",
    "is_label",
    "is_name",
    "parse_documents",
    "parse_one",
    "policy_selector",
    "policy_spec",
    "product_spec",
    "schema",
    "template_spec",
    "validate_flow",
    "with_name",
    "with_version",
]
