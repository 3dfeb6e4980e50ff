"""Manifests that the API's tests save. Never imported by the product."""

from __future__ import annotations

ENVIRONMENTS = [("dev", "NON_PROD"), ("qa", "NON_PROD"), ("prod", "PROD")]


def flow(name: str = "to-prod", *, comment: str = "# kept as it is", last: str = "prod") -> str:
    """dev -> qa -> prod"""
    return f"""\
{comment}
apiVersion: codefresh.io/v1beta1
kind: PromotionFlow
metadata:
  name: {name}
  annotations:
    description: "From dev to production"
    version: "1.10"
spec:
  triggerEnvironment: dev
  steps:
    - environment: qa
      dependsOn: [dev]
    -   environment: {last}   # odd spacing is kept
        dependsOn: [ qa ]
"""


def policy(name: str = "by-commit") -> str:
    return f"""\
apiVersion: codefresh.io/v1beta1
kind: PromotionPolicy
metadata:
  name: {name}
spec:
  priority: 10
  policy:
    action: commit
"""


def template(name: str = "image-tag", priority: int = 7) -> str:
    return f"""\
apiVersion: codefresh.io/v1beta1
kind: PromotionTemplate
metadata:
  name: {name}
spec:
  applicationSourceSelector:
    matchLabels: {{app: trio}}
  priority: {priority}
  versionSource: {{file: Chart.yaml, jsonPath: $.appVersion}}
  promotion:
    values.yaml:
      jsonPaths: [$.image.tag]
"""


def workflow(name: str = "smoke") -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata:
  name: {name}
  annotations:
    codefresh.io/workflow-origin: promotion
spec:
  entrypoint: main
  templates:
    - name: main
      container: {{image: "alpine:3", command: ["true"]}}
"""


def product(name: str = "trio", *, template_ref: str = "", flows: tuple[str, ...] = ()) -> str:
    reference = f"  promotionTemplateRef: {template_ref}\n" if template_ref else ""
    listed = "".join(f"    - name: {flow_name}  # chosen\n" for flow_name in flows)
    return (
        "apiVersion: codefresh.io/v1beta1\nkind: Product\nmetadata:\n"
        f"  name: {name}\nspec:\n{reference}"
        + (f"  promotionFlows:\n{listed}" if listed else "  concurrency: queue\n")
    )
