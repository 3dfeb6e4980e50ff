"""The Releases tab, a release's page, Home, the products and the flows."""

from __future__ import annotations

import json
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from products.models import Product
from promotions.models import ReleaseEnvironment
from promotions.selectors_pages import ReleaseFilter
from promotions.selectors_pages import release_page as page_of_releases
from tests.pages.html import Node, read
from tests.pages.scene import ALL_WELL, DEGRADED, MIXED, PARALLEL, WAITS, Scene


def rows(client: Client, query: str = "") -> list[Node]:
    root = read(client.get(f"/products/demo-trioapp/releases/{query}").content)
    return [row for row in root.all("tr") if row.attrs.get("id", "").startswith("release-row-")]


def numbers(client: Client, query: str = "") -> list[int]:
    return [int(row.attrs["id"].removeprefix("release-row-")) for row in rows(client, query)]


def test_releases_come_newest_first_a_page_at_a_time(promoter: Client, scene: Scene) -> None:
    demo = scene.product("demo-trioapp")
    for number in range(1, 31):
        scene.release(demo, number, ALL_WELL)
    assert numbers(promoter) == list(range(30, 5, -1))
    assert numbers(promoter, "?before=6") == [5, 4, 3, 2, 1]
    # A page that is read again must not lose its last row to a new one above.
    scene.release(demo, 31, ALL_WELL, "RUNNING")
    assert numbers(promoter, "?floor=6") == list(range(31, 5, -1))


def test_a_column_of_an_environment_that_is_gone_keeps_its_newest_kind(
    promoter: Client, scene: Scene
) -> None:
    demo = scene.product("demo-trioapp")
    for number, kind in ((1, "PROD"), (2, "NON_PROD"), (3, "PROD")):
        release = scene.release(demo, number, ALL_WELL)
        ReleaseEnvironment.objects.create(release=release, name="gone", kind=kind, role="TARGET", position=9)
    columns = page_of_releases(demo, ReleaseFilter()).environments
    assert [column["name"] for column in columns] == [*scene.environments, "gone"]
    assert columns[-1]["kind"] == "PROD"


def test_releases_are_filtered_by_status_flow_and_date(promoter: Client, scene: Scene) -> None:
    demo = scene.product("demo-trioapp")
    scene.release(demo, 1, ALL_WELL, started=timezone.now() - timedelta(days=3))
    scene.release(demo, 2, ALL_WELL, "FAILED", flow_name="other")
    scene.release(demo, 3, ALL_WELL)
    assert numbers(promoter, "?status=FAILED") == [2]
    assert numbers(promoter, "?flow=other") == [2]
    assert numbers(promoter, "?date=1") == [3, 2]
    assert numbers(promoter, "?status=nonsense&date=x") == [3, 2, 1]
    assert "No release matches" in read(promoter.get("/products/demo-trioapp/releases/?flow=no").content).text


def test_a_row_has_a_mark_per_environment_and_the_reason_of_a_bad_end(promoter: Client, scene: Scene) -> None:
    demo = scene.product("demo-trioapp")
    scene.release(demo, 7, {"dev": "SUCCEEDED", "qa": "FAILED"}, "FAILED", message="qa failed: no quota")
    scene.release(demo, 8, ALL_WELL)
    failed = rows(promoter)[1]
    marks = [
        [m.attrs["aria-label"] for m in cell.all("svg", role="img")]
        for cell in failed.all("td", class_="env")
    ]
    assert marks[:5] == [["Succeeded"], ["Failed"], [], [], []]
    assert failed.all(class_="none")[0].attrs["aria-label"] == "Not in this release"
    assert "qa failed: no quota" in failed.text


def test_a_product_without_releases_says_how_one_starts(promoter: Client, scene: Scene) -> None:
    scene.product("demo-trioapp")
    assert "No releases yet" in read(promoter.get("/products/demo-trioapp/releases/").content).text


def release_page(client: Client, number: int) -> Node:
    return read(client.get(f"/products/demo-trioapp/releases/{number}/").content)


def test_a_failing_release_names_application_cause_and_what_happens(promoter: Client, scene: Scene) -> None:
    demo = scene.product("demo-trioapp")
    scene.release(demo, 1, MIXED, "RUNNING", messages={"prod-eu": DEGRADED, "prod": WAITS})
    root = release_page(promoter, 1)
    assert root.one(id="release-problem").text == (
        "prod-eu failed. Deployment demo-trioapp-eu-ctrlr is Degraded. "
        "prod and prod-asia go on; then this release ends as Failed. Show the cause"
    )
    assert "prod and prod-asia stop after the running step" in root.one(id="terminate-effects").text
    assert "v1.184.6" in root.one("h1").text and "v1.184.7" in root.one("h1").text


def test_an_ended_release_says_how_to_go_on(promoter: Client, scene: Scene) -> None:
    demo = scene.product("demo-trioapp")
    states = {"dev": "SUCCEEDED", "qa": "FAILED", "prod": "PENDING"}
    said = {"qa": ("CONFLICT", "values.yaml was changed by abc1234, Ada")}
    scene.release(demo, 1, states, "FAILED", messages=said)
    root = release_page(promoter, 1)
    problem = root.one(id="release-problem").text
    assert "demo-trioapp-qa: values.yaml was changed by abc1234, Ada." in problem
    assert "Retry takes the present values as the new base." in problem
    assert root.one(id="retry-effects").text == (
        "qa goes on from the step that did not succeed. prod follows once what it depends on succeeded. "
        "dev is not done again."
    )
    assert root.all("button", id="retry") and not root.all("button", id="terminate")


def test_the_graph_gets_its_first_snapshot_with_the_page(promoter: Client, scene: Scene) -> None:
    made = scene.release(scene.product("demo-trioapp"), 1, MIXED, "RUNNING")
    root = release_page(promoter, 1)
    assert root.one(id="release-graph").attrs["data-release"] == made.pk
    snapshot = json.loads(root.one("script", id="release-data").children[0])
    assert [e["name"] for e in snapshot["environments"]] == list(PARALLEL)
    assert root.one("main").attrs["data-feed"] == f"/ws/releases/{made.pk}/"


def test_home_shows_what_runs_what_waits_and_what_was_not_made_good(promoter: Client, scene: Scene) -> None:
    demo, other = scene.product("demo-trioapp"), scene.product("ledger")
    scene.release(demo, 1, MIXED, "RUNNING", messages={"prod": WAITS})
    scene.release(demo, 2, ALL_WELL, "QUEUED")
    scene.release(other, 1, {"dev": "SUCCEEDED", "qa": "FAILED"}, "FAILED", message="no quota")
    text = read(promoter.get("/").content).text
    assert "demo-trioapp waits in prod" in text and "Waits for a person to approve prod" in text
    assert "1 more is queued" in text
    assert "no quota" in text
    scene.release(other, 2, ALL_WELL)
    assert "no quota" not in read(promoter.get("/").content).text


def test_an_empty_home_leads_on(promoter: Client) -> None:
    text = read(promoter.get("/").content).text
    assert "Open a flow and trigger it" in text and "No runtime reports applications yet" in text


def test_products_show_their_latest_release_and_a_version_per_environment(
    promoter: Client, scene: Scene
) -> None:
    demo = scene.product("demo-trioapp")
    scene.product("quiet")
    demo.applications.filter(name="demo-trioapp-qa").update(version="v2")
    scene.release(demo, 3, ALL_WELL, initiator="ada")
    root = read(promoter.get("/products/").content)
    row = root.one("tr", id="product-row-demo-trioapp")
    assert [cell.text for cell in row.all("td", class_="env")] == ["v1.184.7", "v2"] + ["v1.184.7"] * 3
    assert row.one("a", href="/products/demo-trioapp/releases/3/").text == "3"
    assert "Succeeded" in row.text and "ada" in row.text
    assert "No releases yet" in root.one("tr", id="product-row-quiet").text


def test_a_dashboard_shows_each_place_with_its_promotion(promoter: Client, scene: Scene) -> None:
    demo = scene.product("demo-trioapp")
    scene.release(demo, 4, MIXED, "RUNNING")
    root = read(promoter.get("/products/demo-trioapp/").content)
    card = root.one("section", id="column-prod-eu").one("article")
    assert card.one("b").text == "demo-trioapp-eu"
    assert "Failed" in card.text and card.one("a", href="/products/demo-trioapp/releases/4/")
    assert not root.one("section", id="column-dev").one("article").all("a")


def test_flows_show_their_strip_users_and_last_release(promoter: Client, scene: Scene) -> None:
    scene.flow("parallel", PARALLEL)
    demo = scene.product("demo-trioapp", flows=[{"name": "parallel"}])
    scene.release(demo, 5, ALL_WELL, flow_name="parallel")
    row = read(promoter.get("/flows/").content).one("tr", id="flow-row-parallel")
    stages = [[m.text for m in stage.all(class_="m")] for stage in row.all(class_="stage")]
    assert stages == [["dev"], ["qa"], ["prod", "prod-eu", "prod-asia"]]
    assert "v1.00" in row.text and row.one("a", href="/products/demo-trioapp/")
    assert row.one("a", href="/products/demo-trioapp/releases/5/")


def test_deleting_a_flow_names_who_uses_it(promoter: Client, viewer: Client, scene: Scene) -> None:
    scene.flow("parallel", PARALLEL)
    Product.objects.create(name="shop", flows=[{"name": "parallel"}])
    dialog = read(promoter.get("/flows/parallel/delete/").content)
    assert "shop uses it and stands in the way" in dialog.text
    assert dialog.one("form").attrs["data-api"] == "/api/flows/parallel/"
    assert "You need the role promoter" in read(viewer.get("/flows/parallel/delete/").content).text


def test_the_flow_builder_learns_what_to_open(promoter: Client, scene: Scene) -> None:
    scene.flow("parallel", PARALLEL)
    mount = read(promoter.get("/flows/parallel/?product=shop&trigger=1").content).one(id="flow-builder")
    assert (mount.attrs["data-flow"], mount.attrs["data-product"], mount.attrs["data-trigger"]) == (
        "parallel",
        "shop",
        "1",
    )
    mount = read(promoter.get("/flows/new/?from=parallel").content).one(id="flow-builder")
    assert (mount.attrs["data-new"], mount.attrs["data-from"]) == ("1", "parallel")


def test_a_release_that_never_reached_an_environment_leaves_it_pending(
    promoter: Client, scene: Scene
) -> None:
    scene.release(scene.product("demo-trioapp"), 1, {"dev": "FAILED", "qa": "PENDING"}, "FAILED")
    assert ReleaseEnvironment.objects.get(name="qa").started_at is None
    qa = rows(promoter)[0].all("td", class_="env")[1]
    assert [m.attrs["aria-label"] for m in qa.all("svg", role="img")] == ["Pending"]
    assert qa.text == ""
