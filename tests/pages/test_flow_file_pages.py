"""What the server tells the Flow Builder about its file: who may save, and what deleting takes with it."""

from __future__ import annotations

from django.test import Client

from tests.pages.html import read
from tests.pages.scene import ALL_WELL, PARALLEL, Scene


def test_deleting_a_flow_names_its_releases_that_are_not_over(promoter: Client, scene: Scene) -> None:
    scene.flow("parallel", PARALLEL)
    demo = scene.product("demo-trioapp")
    scene.release(demo, 1, ALL_WELL, flow_name="parallel")
    scene.release(demo, 2, ALL_WELL, "RUNNING", flow_name="another")
    assert "not over" not in read(promoter.get("/flows/parallel/delete/").content).text
    scene.release(demo, 3, ALL_WELL, "SUSPENDED", flow_name="parallel")
    dialog = read(promoter.get("/flows/parallel/delete/").content)
    assert "demo-trioapp #3 is not over and stands in the way" in dialog.text
    assert [link.attrs["href"] for link in dialog.all("a")] == ["/products/demo-trioapp/releases/3/"]
    scene.release(demo, 4, ALL_WELL, "QUEUED", flow_name="parallel")
    dialog = read(promoter.get("/flows/parallel/delete/").content)
    assert "demo-trioapp #4 , demo-trioapp #3 are not over and stand in the way" in dialog.text


def test_the_builder_leaves_for_the_list_and_is_told_of_its_unsaved_text(
    promoter: Client, scene: Scene
) -> None:
    scene.flow("parallel", PARALLEL)
    from_list = read(promoter.get("/flows/parallel/delete/").content)
    assert "data-next" not in from_list.one("form").attrs
    saved = read(promoter.get("/flows/parallel/delete/?builder=saved").content)
    assert saved.one("form").attrs["data-next"] == "/flows/"
    assert "unsaved" not in saved.text
    unsaved = read(promoter.get("/flows/parallel/delete/?builder=unsaved").content)
    assert "Your unsaved changes go with it." in unsaved.text


def test_a_new_flow_begins_with_the_first_name_that_is_free(promoter: Client, scene: Scene) -> None:
    def name(address: str) -> str | None:
        return read(promoter.get(address).content).one(id="flow-builder").attrs["data-name"]

    assert name("/flows/new/") == "new-flow"
    for taken in ("parallel", "new-flow", "new-flow-3", "new-flowers"):
        scene.flow(taken, PARALLEL)
    assert name("/flows/new/") == "new-flow-2"
    scene.flow("new-flow-2", PARALLEL)
    assert name("/flows/new/") == "new-flow-4"
    assert name("/flows/new/?from=parallel") == "parallel-copy"
    scene.flow("parallel-copy", PARALLEL)
    assert name("/flows/new/?from=parallel") == "parallel-copy-2"
    assert name("/flows/parallel/") == ""


def test_the_builder_learns_who_may_not_save(promoter: Client, viewer: Client, scene: Scene) -> None:
    scene.flow("parallel", PARALLEL)
    needed = "You need the role promoter to save a promotion flow; your role is viewer. Ask an administrator."
    for client, refused in ((promoter, ""), (viewer, needed)):
        for address in ("/flows/parallel/", "/flows/new/"):
            mount = read(client.get(address).content).one(id="flow-builder")
            assert mount.attrs["data-refused"] == refused
