"""Routes of flows, policies, templates, workflows, releases and apply. Never logic."""

from lockstep.api.routes import both
from promotions.api import documents, flows

urlpatterns = [
    *both("flows", flows.FlowListView, "api-flows"),
    *both("flows/<resource:name>", flows.FlowView, "api-flow"),
    *both("policies", documents.PolicyListView, "api-policies"),
    *both("policies/<resource:name>", documents.PolicyView, "api-policy"),
    *both("workflows", documents.WorkflowListView, "api-workflows"),
    *both("workflows/<resource:name>", documents.WorkflowView, "api-workflow"),
    *both("templates", documents.TemplateListView, "api-templates"),
    *both("templates/<resource:name>", documents.TemplateView, "api-template"),
]
