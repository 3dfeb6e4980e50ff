"""Stored policies that cannot be read: what they may concern is refused by name, all else goes on."""

from __future__ import annotations

import pytest

from products.models import PromotionTemplate
from promotions.errors import ManifestUnreadable
from promotions.models import Policy
from promotions.selectors.deployed_versions import template_version
from promotions.selectors.flows import flow_get
from promotions.selectors.plan import plan_draft
from promotions.selectors.templates import template_for
from tests.promotions.services.plan_rows import policy, site

pytestmark = pytest.mark.django_db
EVERYWHERE = {""}
PRODUCTION = {"prod", "prod-eu"}
FIELDS = ", ".join(f"f{number}: 1" for number in range(120))


def refused_at(product: str = "shop") -> set[str]:
    """Where the plan is refused for a policy; "" stands for the whole of it."""
    draft = plan_draft(flow=flow_get("fan"), product_name=product)
    found = [problem for problem in draft.problems if problem.code == "POLICY_UNREADABLE"]
    assert all("stored policy freeze cannot be read" in problem.message for problem in found)
    return {problem.environment for problem in found}


# The priority is what cannot be read, unless said otherwise.
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("{priority: low, policy: {}}", EVERYWHERE, id="applies to all"),
        pytest.param("{priority: low, policy: {}, selector: {product: {names: []}}}", EVERYWHERE, id="empty"),
        pytest.param("{priority: low, policy: {}, selector: {product: {names: [other]}}}", set(), id="other product"),
        pytest.param("{priority: low, policy: {}, selector: {product: {tags: [team-b]}}}", set(), id="other tag"),
        pytest.param(
            "{priority: low, policy: {}, selector: {product: {names: [shop]}}}",
            {"qa", *PRODUCTION}, id="this product",
        ),
        pytest.param(
            "{priority: low, policy: {}, selector: {targetEnvironment: {types: [PROD]}}}", PRODUCTION, id="production"
        ),
        pytest.param(
            "{priority: low, policy: {}, selector: {targetEnvironment: {tags: [qa]}}}", {"qa"}, id="environment's tag"
        ),
        pytest.param(
            "{priority: 1, policy: {action: merge}, selector: {targetEnvironment: {names: [qa]}}}",
            {"qa"}, id="an action that is none",
        ),
        pytest.param(
            "{properties: {priority: low, policy: {}, selector: {targetEnvironment: {names: [qa]}}}}",
            {"qa"}, id="the older form",
        ),
        pytest.param(
            "{properties: {priority: 1, policy: {}}, selector: {targetEnvironment: {names: [qa]}}}",
            EVERYWHERE, id="a selector beside the older form",
        ),
        pytest.param(
            "{priority: 1, policy: {}, selector: {targetEnvironment: {name: qa}}}", EVERYWHERE, id="unknown criterion"
        ),
        pytest.param(
            "{priority: 1, policy: {}, selektor: {product: {names: [other]}}}", EVERYWHERE, id="misspelt selector"
        ),
        pytest.param("{priority: 1, policy: {}, selector: {product: {names: [[x]]}}}", EVERYWHERE, id="odd criterion"),
        pytest.param(
            "{priority: 1, policy: {}, selector: {product: {names: [other], names: [shop]}}}",
            EVERYWHERE, id="a criterion twice",
        ),
        pytest.param(
            f"{{{FIELDS}, priority: 1, policy: {{}}, selector: {{product: {{names: [[x]]}}}}}}",
            EVERYWHERE, id="more errors than are told",
        ),
        pytest.param("[", EVERYWHERE, id="no YAML"),
        pytest.param("{}\n---\nkind: PromotionPolicy\n", EVERYWHERE, id="two documents"),
    ],
)  # fmt: skip
def test_a_plan_is_refused_where_an_unreadable_policy_may_apply(body: str, expected: set[str]) -> None:
    site()
    policy("freeze", body)
    policy("other", "{priority: 2, policy: {action: commit}}")
    assert refused_at() == expected


def test_a_stored_text_of_another_kind_concerns_everything() -> None:
    site()
    Policy.objects.create(name="freeze", manifest="kind: PromotionTemplate\n", etag="1")
    assert refused_at() == EVERYWHERE


def test_a_template_that_cannot_be_read_stops_those_alone_who_may_need_it() -> None:
    shop = site()
    head = "apiVersion: codefresh.io/v1beta1\nkind: PromotionTemplate\nmetadata: {name: %s}\n"
    PromotionTemplate.objects.create(
        name="first",
        priority=1,
        etag="1",
        manifest=f"{head % 'first'}spec: {{priority: 1, applicationSourceSelector: {{matchLabels: {{app: shop}}}}}}\n",
    )
    PromotionTemplate.objects.create(name="second", priority=2, etag="2", manifest=head % "second")
    assert template_for(shop, {"app": "shop"}).name == "first"
    with pytest.raises(ManifestUnreadable, match="The stored template second cannot be read"):
        template_for(shop, {})
    assert template_version(shop, {}, lambda name: b"") == ""
    shop.inline_template = "promotion: {values.yaml: {jsonPaths: [$.a]}}"
    assert template_for(shop, {}).origin == "inline"
