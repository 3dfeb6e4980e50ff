"""Routes of flows, policies, templates, workflows, releases and apply. Never logic."""

from lockstep.api.routes import both
from promotions.api import apply, documents, events, flows, releases

urlpatterns = [
    *both("apply", apply.ApplyView, "api-apply"),
    *both("flows", flows.FlowListView, "api-flows"),
    *both("flows/<resource:name>", flows.FlowView, "api-flow"),
    *both("flows/<resource:name>/preview", flows.FlowPreviewView, "api-flow-preview"),
    *both("flows/<resource:name>/revisions", flows.FlowRevisionListView, "api-flow-revisions"),
    *both("flows/<resource:name>/revisions/<int:number>", flows.FlowRevisionView, "api-flow-revision"),
    *both("flows/<resource:name>/trigger", flows.FlowTriggerView, "api-flow-trigger"),
    *both("policies", documents.PolicyListView, "api-policies"),
    *both("policies/<resource:name>", documents.PolicyView, "api-policy"),
    *both("workflows", documents.WorkflowListView, "api-workflows"),
    *both("workflows/<resource:name>", documents.WorkflowView, "api-workflow"),
    *both("templates", documents.TemplateListView, "api-templates"),
    *both("templates/<resource:name>", documents.TemplateView, "api-template"),
    *both("inbox", releases.InboxView, "api-inbox"),
    *both("releases", releases.ReleaseListView, "api-releases"),
    *both("releases/<resource:release_id>", releases.ReleaseView, "api-release"),
    *both("releases/<resource:release_id>/events", events.ReleaseEventsView, "api-release-events"),
    *both("releases/<resource:release_id>/terminate", releases.ReleaseTerminateView, "api-release-terminate"),
    *both("releases/<resource:release_id>/retry", releases.ReleaseRetryView, "api-release-retry"),
    *both(
        "releases/<resource:release_id>/environments/<resource:environment>/retry",
        releases.ReleaseEnvironmentRetryView,
        "api-release-environment-retry",
    ),
    *both("products/<resource:name>/releases", releases.ProductReleaseListView, "api-product-releases"),
]
