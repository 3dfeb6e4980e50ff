"""The Environments board and its dialogs."""

from __future__ import annotations

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from environments.models import Environment
from products.models import Application, Favourite, Product
from promotions.models import Flow
from tests.pages.html import Node, read
from tests.pages.scene import PARALLEL, Scene, flow_text


def board(client: Client) -> Node:
    return read(client.get("/environments/").content)


def column(client: Client, name: str) -> Node:
    return board(client).one("section", id=f"column-{name}")


def names(node: Node) -> list[str]:
    return [row.one(class_="name").text for row in node.all("div", data_row=None)]


def test_columns_stand_in_their_order_and_tell_production_apart(promoter: Client, scene: Scene) -> None:
    Environment.objects.filter(name="prod").update(position=9)
    columns = board(promoter).all("section", class_="col")
    assert [c.attrs["data-environment"] for c in columns] == ["dev", "qa", "prod-eu", "prod-asia", "prod"]
    assert [bool(c.all(class_="rule")[0].attrs["class"] == "rule prod") for c in columns] == [False] * 2 + [
        True
    ] * 3
    assert columns[0].one(class_="kind").text == "Non-production"
    assert columns[4].one(class_="kind").text == "Production"


def test_six_counters_say_how_healthy_a_column_is(promoter: Client, scene: Scene) -> None:
    for index, status in enumerate(["Healthy", "Healthy", "Degraded", "Unheard-of"]):
        scene.application(f"a-{index}", "qa", health_status=status)
    counters = column(promoter, "qa").all("button", data_health_filter=None)
    assert [(c.attrs["data-health-filter"], c.text) for c in counters] == [
        ("Healthy", "2"),
        ("Progressing", "0"),
        ("Degraded", "1"),
        ("Suspended", "0"),
        ("Missing", "0"),
        ("Unknown", "1"),
    ]


def test_a_person_s_favourites_come_first_and_what_has_no_product_last(
    promoter: Client, viewer: Client, person: User, scene: Scene
) -> None:
    product = Product.objects.create(name="shop")
    for name in ("a", "b", "c"):
        scene.application(name, "dev", product=product)
    scene.application("loose", "dev")
    promoter.post(f"/environments/favourites/{Application.objects.get(name='c').pk}/")
    assert names(column(promoter, "dev")) == ["c", "a", "b", "loose"]
    assert names(column(promoter, "dev").one("details")) == ["loose"]
    assert names(column(viewer, "dev")) == ["a", "b", "c", "loose"]
    promoter.post(f"/environments/favourites/{Application.objects.get(name='c').pk}/")
    assert not Favourite.objects.exists()


def test_an_application_outside_of_every_environment_is_not_lost(promoter: Client, scene: Scene) -> None:
    scene.application("stray", None)
    note = board(promoter).one("div", id="board-notes").text
    assert "1 application in no environment: stray (elsewhere / nowhere)" in note


def test_empty_places_say_what_to_do_next(promoter: Client, scene: Scene) -> None:
    assert "Nothing is deployed to in-cluster / demo-qa" in column(promoter, "qa").one(class_="empty").text
    Environment.objects.all().delete()
    assert "No environments yet" in board(promoter).one(class_="empty").text


def test_an_environment_is_added_with_its_places(promoter: Client, scene: Scene) -> None:
    response = promoter.post(
        "/environments/new/",
        {
            "name": "staging",
            "kind": "PROD",
            "tags": "eu, fast",
            "cluster": ["in-cluster", "eu-1"],
            "namespaces": ["demo-staging, demo-two", ""],
        },
    )
    assert response.status_code == 204
    assert json.loads(response["HX-Trigger"])["toast"]["title"] == "staging was added"
    made = Environment.objects.get(name="staging")
    assert (made.kind, made.tags, made.position) == ("PROD", ["eu", "fast"], 5)
    assert sorted(map(str, made.targets.all())) == [
        "eu-1/*",
        "in-cluster/demo-staging",
        "in-cluster/demo-two",
    ]


def test_a_refused_environment_keeps_what_was_typed_and_names_the_field(
    promoter: Client, scene: Scene
) -> None:
    typed = {"name": "Bad Name", "kind": "PROD", "cluster": "in-cluster", "namespaces": "demo-x"}
    response = promoter.post("/environments/new/", typed)
    form = read(response.content)
    assert response.status_code == 422
    assert "lower-case letters" in form.one(id="environment_name_error").text
    assert form.one("input", id="environment_name").attrs["value"] == "Bad Name"
    assert form.all("input", name="namespaces")[0].attrs["value"] == "demo-x"
    typed = {"name": "copy", "kind": "PROD", "cluster": "in-cluster", "namespaces": "demo-qa"}
    refused = read(promoter.post("/environments/new/", typed).content).one(role="alert").text
    assert "qa already has the namespace demo-qa of in-cluster" in refused


def test_an_environment_is_edited_where_it_stands(promoter: Client, scene: Scene) -> None:
    form = read(promoter.get("/environments/qa/edit/").content)
    assert form.one("input", id="environment_name").attrs["value"] == "qa"
    assert form.all("input", name="namespaces")[0].attrs["value"] == "demo-qa"
    typed = {"name": "test", "kind": "NON_PROD", "cluster": "in-cluster", "namespaces": "demo-qa"}
    assert promoter.post("/environments/qa/edit/", typed).status_code == 204
    assert [e.name for e in Environment.objects.all()] == ["dev", "test", "prod", "prod-eu", "prod-asia"]


def test_deleting_asks_for_the_name_and_for_the_role(
    promoter: Client, administrator: Client, scene: Scene
) -> None:
    dialog = read(promoter.get("/environments/qa/delete/").content)
    assert "You need the role administrator to delete environments" in dialog.one(class_="note").text
    refused = promoter.post("/environments/qa/delete/", {"confirm": "qa"})
    assert refused.status_code == 403
    assert administrator.post("/environments/qa/delete/", {"confirm": "q"}).status_code == 422
    assert Environment.objects.filter(name="qa").exists()
    assert administrator.post("/environments/qa/delete/", {"confirm": "qa"}).status_code == 204
    assert not Environment.objects.filter(name="qa").exists()


def test_a_viewer_reads_which_role_adding_needs(viewer: Client, scene: Scene) -> None:
    for path in ("/environments/new/", "/environments/applications/"):
        assert "You need the role promoter" in read(viewer.get(path).content).one(class_="note").text


def test_pasted_manifests_are_judged_document_by_document(promoter: Client, scene: Scene) -> None:
    good = flow_text("good", PARALLEL)
    bad = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: x\n"
    response = promoter.post("/environments/applications/", {"manifests": f"{good}---\n{bad}"})
    form = read(response.content)
    results = [item.text for item in form.one("ul", class_="results").all("li")]
    assert response.status_code == 422
    assert "PromotionFlow good" in results[0] and "not applied" in results[0]
    line = good.count("\n") + 2
    assert f"Application x pasted, line {line}" in results[1] and 'lacks "spec"' in results[1]
    assert "name: x" in form.one("textarea").text
    assert not Flow.objects.exists()


def test_uploaded_files_keep_their_names_in_the_results(promoter: Client, scene: Scene) -> None:
    file = SimpleUploadedFile("flow.yaml", flow_text("good", PARALLEL).encode())
    response = promoter.post("/environments/applications/", {"files": file})
    assert response.status_code == 200
    assert "PromotionFlow good flow.yaml Created." in read(response.content).one("ul", class_="results").text
    assert Flow.objects.get().name == "good"
    broken = SimpleUploadedFile("broken.yaml", b"a: 1\n\tb: 2\n")
    text = (
        read(promoter.post("/environments/applications/", {"files": broken}).content)
        .one(class_="results")
        .text
    )
    assert "broken.yaml" in text and "Line 2" in text


def test_of_very_many_documents_the_wrong_ones_are_listed_and_the_others_counted(
    promoter: Client, scene: Scene
) -> None:
    good = flow_text("good", PARALLEL)
    text = f"{good}---\n".join(["---\n", *["a: 1\n---\n" * 250]])
    lines = read(promoter.post("/environments/applications/", {"manifests": text}).content)
    results = [item.text for item in lines.one("ul", class_="results").all("li")]
    assert len(results) == 201
    assert all("kind" in result for result in results[:200])
    assert "51 more documents" in results[200]


def test_a_problem_stands_with_the_document_that_its_line_is_in() -> None:
    from environments.views.manifests import refused_results
    from promotions.manifests import Problem
    from promotions.services.apply import FileProblem, Text

    text = Text("x", "# note\na: 1\n---\nb: 1\n\n---\nc: 1\n")
    found = [FileProblem("x", Problem("error", str(n), n, 1, n, 2, "", "code")) for n in range(1, 8)]
    results = refused_results([text], found)
    assert [[p.message for p in result.problems] for result in results] == [
        ["1", "2", "3"],
        ["4", "5", "6"],
        ["7"],
    ]


def test_nothing_pasted_is_said_at_the_field(promoter: Client, scene: Scene) -> None:
    response = promoter.post("/environments/applications/", {"manifests": "  \n"})
    assert response.status_code == 422
    assert "Paste a manifest, or choose a file." in read(response.content).text
