"""Valid manifests as typed values."""

import pytest

from promotions.manifests import (
    GitTrigger,
    HooksSpec,
    InlineTemplate,
    LabelRequirement,
    ManifestError,
    PolicyBinding,
    ProductFlow,
    VersionSource,
    flow_spec,
    parse_documents,
    parse_one,
    policy_spec,
    product_spec,
    template_spec,
)

FLOW = """apiVersion: lockstep.dev/v1
kind: PromotionFlow
metadata:
  name: parallel
  annotations: {description: Four at once, version: "1.00"}
spec:
  triggerEnvironment: dev
  postTrigger: smoke
  steps:
    - environment: qa
      dependsOn: [dev, dev]
      policy: {action: pr, preAction: before, postAction: after}
      hooks: {onStart: a, onSuccess: b, onFail: c}
    - environment: prod
      dependsOn: [qa]
  hooks: {onFail: d}
  promotionTimeoutLimit: 2
  onFailure: revert
"""


def test_flow_says_everything_that_its_text_says() -> None:
    spec = flow_spec(parse_one(FLOW, "PromotionFlow"))
    assert (spec.name, spec.description, spec.version) == ("parallel", "Four at once", "1.00")
    assert spec.environments == ("dev", "qa", "prod")
    assert (spec.post_trigger, spec.timeout_minutes, spec.on_failure) == ("smoke", 2, "revert")
    assert spec.hooks == HooksSpec(None, None, "d")
    qa, prod = spec.steps
    assert qa.policy == PolicyBinding("pr", "before", "after")
    assert qa.hooks == HooksSpec("a", "b", "c")
    assert (qa.depends_on, qa.policy_lines["action"]) == (("dev",), 12)
    assert (prod.depends_on, prod.policy, prod.policy_lines) == (("qa",), PolicyBinding(), {})


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        (
            "policy:\n        preAction: before\n        # why\n        action: pr\n",
            {"preAction": 13, "action": 15},
        ),
        (
            "policy: &all\n        action: pr\n    - environment: prod-eu\n      dependsOn: [dev]\n"
            "      policy: *all\n",
            {"action": 13},
        ),
    ],
    ids=["each on its own line", "where the anchor stands"],
)
def test_each_setting_of_a_step_has_the_line_that_says_it(written: str, lines: dict[str, int]) -> None:
    text = FLOW.replace("policy: {action: pr, preAction: before, postAction: after}\n", written, 1)
    text = text.replace("      hooks: {onStart: a, onSuccess: b, onFail: c}\n", "")
    for step in flow_spec(parse_one(text, "PromotionFlow")).steps[:-1]:
        assert step.policy_lines == lines


def test_flow_has_a_day_and_goes_on_where_nothing_else_is_written() -> None:
    text = FLOW.replace("  promotionTimeoutLimit: 2\n  onFailure: revert\n", "")
    spec = flow_spec(parse_one(text, "PromotionFlow"))
    assert (spec.timeout_minutes, spec.on_failure) == (1440, "continue")


def test_older_form_says_the_same() -> None:
    head, body = FLOW.split("spec:\n")
    older = head + "spec:\n  properties:\n" + "".join(f"  {line}\n" for line in body.splitlines())
    assert flow_spec(parse_one(older, "PromotionFlow")) == flow_spec(parse_one(FLOW, "PromotionFlow"))


def test_policy() -> None:
    text = """apiVersion: lockstep.dev/v1
kind: PromotionPolicy
metadata: {name: careful}
spec:
  priority: -3
  selector:
    product: {names: [trio], tags: [web]}
    targetEnvironment: {names: , types: [PROD]}
  policy: {action: pr}
  gates: {approvals: 2}
"""
    spec = policy_spec(parse_one(text, "PromotionPolicy"))
    assert (spec.name, spec.priority, spec.policy) == ("careful", -3, PolicyBinding("pr"))
    assert (spec.product_names, spec.product_tags) == (("trio",), ("web",))
    assert (spec.environment_names, spec.environment_types, spec.environment_tags) == ((), ("PROD",), ())
    assert spec.gates == {"approvals": 2}


def test_template() -> None:
    text = """apiVersion: codefresh.io/v1beta1
kind: PromotionTemplate
metadata: {name: base}
spec:
  applicationSourceSelector:
    matchLabels: {team: trio}
    matchExpressions: [{key: tier, operator: In, values: [web, api]}]
  priority: 0
  versionSource: {file: Chart.yaml, jsonPath: $.appVersion}
  promotion:
    Chart.yaml: {jsonPaths: [$.appVersion, $.version]}
    values.yaml: {jsonPaths: ["*"]}
"""
    spec = template_spec(parse_one(text, "PromotionTemplate"))
    assert spec.version_source == VersionSource("Chart.yaml", "$.appVersion")
    assert spec.promotion == {"Chart.yaml": ("$.appVersion", "$.version"), "values.yaml": "*"}
    assert spec.match_labels == {"team": "trio"}
    assert spec.match_expressions == (LabelRequirement("tier", "In", ("web", "api")),)


def test_product() -> None:
    text = """apiVersion: codefresh.io/v1beta2
kind: Product
metadata: {name: trio}
spec:
  promotionTemplate: {versionSource: {file: v.yaml, jsonPath: $v}}
  promotionFlows:
    - name: to-prod
      gitTriggerSelectors: [{key: commitMessage, operator: NotIn, values: ["*wip*"]}]
    - name: by-hand
"""
    spec = product_spec(parse_one(text, "Product"))
    assert (spec.template_ref, spec.concurrency) == (None, "queue")
    assert spec.template == InlineTemplate(VersionSource("v.yaml", "$v"), None)
    trigger = GitTrigger("commitMessage", "NotIn", ("*wip*",))
    assert spec.flows == (ProductFlow("to-prod", (trigger,)), ProductFlow("by-hand", ()))


def test_a_document_with_errors_has_no_spec() -> None:
    (document,) = parse_documents(FLOW.replace("[qa]", "[nowhere]"))
    with pytest.raises(ManifestError) as caught:
        flow_spec(document)
    assert [p.code for p in caught.value.problems if p.is_error] == ["unknown-dependency"]


def test_a_document_of_another_kind_has_no_such_spec() -> None:
    with pytest.raises(ManifestError, match="The kind is PromotionFlow; Product is meant"):
        product_spec(parse_one(FLOW, "PromotionFlow"))
