"""The parallel quick start, word by word, in Chromium against an installation just started with --demo."""

from __future__ import annotations

import re
import subprocess
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignIn, start_site
from tests.browser.pages import (
    add_after,
    add_environment,
    card,
    column,
    expect_live,
    expect_stayed,
    node,
    overall,
    stay,
    trigger,
    yaml_of,
)
from tests.faults.quick_start import EXAMPLES, PARALLEL, TARGETS, Site

pytestmark = pytest.mark.browser

SEQUENTIAL = "multi-env-sequential-promotion"
PRODUCT = "demo-trioapp"
REGIONS = {"prod-eu": "eu", "prod-asia": "asia"}
WAVE = ("prod", "prod-eu", "prod-asia")
EVERYWHERE = ("dev", *TARGETS)
NEW, OLD = "v1.184.7", "v1.184.6"
# The values that the demo's template promotes, as the lines of the demo's files show them.
PROMOTED = {"Chart.yaml": r"(?m)^(?:v|appV)ersion: \S+", "values.yaml": r"(?m)^    tag: \S+"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo as `up --demo` leaves it: nothing of the quick start has been done."""
    site = start_site(tmp_path_factory.mktemp("quick-start") / "data")
    try:
        yield site
    finally:
        site.close()


def test_the_parallel_quick_start_word_by_word(site: Site, signed_in: SignIn) -> None:
    before = files_of(site)
    sequential = site.client.get(f"flows/{SEQUENTIAL}/", headers={"Accept": "application/yaml"}).content
    page, colleague = signed_in(site), signed_in(site)

    create_two_production_environments(page)
    bring_in_the_applications(page)
    make_the_parallel_flow(page)
    see_chart_and_yaml(page)
    after = site.client.get(f"flows/{SEQUENTIAL}/", headers={"Accept": "application/yaml"}).content
    assert after == sequential

    colleague.goto(f"/products/{PRODUCT}/releases/")
    expect(colleague.get_by_role("heading", name="No releases yet")).to_be_visible()
    stay(colleague)
    hold(site)
    pushes = len(site.git("reflog", "show", "main").splitlines())
    trigger_the_flow(page)
    watch_the_release(site, page, colleague)

    release = release_of(site)
    commits_are_right(site, release, pushes)
    only_promoted_values_changed(before, files_of(site))
    every_environment_shows_the_version(page)


# -- the steps, in the words of the quick start


def create_two_production_environments(page: Page) -> None:
    page.get_by_role("link", name="Environments").click()
    expect(page.get_by_role("heading", name="Environments", level=1)).to_be_visible()
    expect_live(page)
    stay(page)
    for name, region in REGIONS.items():
        namespace = f"demo-trioapp-{name}"
        add_environment(page, name, kind="Production", cluster=f"{region}-1", namespaces=namespace)
        expect(column(page, name)).to_contain_text("Production")
        expect(column(page, name)).to_contain_text("No applications yet")


def bring_in_the_applications(page: Page) -> None:
    """One by paste, one by upload; both come to the board without a reload."""
    add_applications(page, "demo-trioapp-eu", paste=example("prod-eu").read_text())
    add_applications(page, "demo-trioapp-asia", upload=example("prod-asia"))
    for name, region in REGIONS.items():
        row = column(page, name).locator("[data-row]", has_text=f"demo-trioapp-{region}")
        expect(row).to_contain_text(OLD)
        expect(row.get_by_role("img", name="Healthy")).to_be_visible()
    expect_stayed(page)


def example(environment: str) -> Path:
    return EXAMPLES / "applications" / f"trio-{environment}.yaml"


def add_applications(page: Page, name: str, *, paste: str = "", upload: Path | None = None) -> None:
    page.locator("#add-applications").click()
    dialog = page.get_by_role("dialog", name="Add applications")
    if paste:
        dialog.get_by_label("Manifests").fill(paste)
    if upload:
        dialog.get_by_label("Files").set_input_files(upload)
    dialog.get_by_role("button", name="Add applications").click()
    expect(dialog.get_by_role("list", name="Result per document")).to_contain_text(f"Application {name}")
    expect(dialog.get_by_role("img", name="Taken")).to_be_visible()
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(dialog).to_be_hidden()


def make_the_parallel_flow(page: Page) -> None:
    page.get_by_role("link", name="Flows").click()
    page.get_by_role("main").get_by_role("link", name=SEQUENTIAL).click()
    settings = page.get_by_role("complementary", name="Settings")
    settings.get_by_label("Name").fill(PARALLEL)
    settings.get_by_label("Version").fill("1.00")
    add_after(page, "qa", ["prod-eu", "prod-asia"])
    page.get_by_role("button", name="Save as new flow").click()
    dialog = page.get_by_role("dialog", name=f"Save as {PARALLEL}")
    expect(dialog.get_by_role("radio", name="Save as a new flow")).to_be_checked()
    dialog.get_by_role("button", name="Save as new flow").click()
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(re.compile(rf"/flows/{PARALLEL}/$"))


def see_chart_and_yaml(page: Page) -> None:
    for environment in EVERYWHERE:
        expect(node(page, environment)).to_be_visible()
    edges = page.get_by_role("region", name="Chart").locator("button[data-edge]")
    expect(edges).to_have_count(4)
    shown = yaml.safe_load(yaml_of(page))
    reference = yaml.safe_load((EXAMPLES / "flows" / f"{PARALLEL}.yaml").read_text())
    assert shown["spec"] == reference["spec"]
    assert shown["metadata"]["name"] == PARALLEL
    assert shown["metadata"]["annotations"]["version"] == "1.00"
    assert [step["dependsOn"] for step in shown["spec"]["steps"]] == [["dev"], ["qa"], ["qa"], ["qa"]]
    assert {step["policy"]["action"] for step in shown["spec"]["steps"]} == {"commit"}
    # What is saved is what is shown, to the byte.
    saved = page.request.get(f"/api/flows/{PARALLEL}/", headers={"Accept": "application/yaml"})
    assert saved.text() == yaml_of(page)


def hold(site: Site) -> None:
    """Each wave stands until it was seen."""
    site.hold(*(f"demo-trioapp-{name}" for name in ("qa", "prod", "eu", "asia")))


def trigger_the_flow(page: Page) -> None:
    dialog = trigger(page, product=PRODUCT, application="demo-trioapp-dev")
    for name in TARGETS:
        dialog.get_by_role("tab", name=re.compile(rf"^{name}\b(?!-)")).click()
        detail = dialog.get_by_role("tabpanel")
        expect(detail.get_by_role("heading", name=name, exact=True)).to_be_visible()
        expect(detail).to_contain_text(f"{OLD}{NEW}")
        expect(detail.locator(".dl.rem", has_text=f"appVersion: {OLD}")).to_be_visible()
        expect(detail.locator(".dl.ins", has_text=f"appVersion: {NEW}")).to_be_visible()
    dialog.get_by_role("button", name="Trigger 4 environments").click()
    page.get_by_role("link", name="View release details").click()
    expect(page).to_have_url(re.compile(rf"/products/{PRODUCT}/releases/1/$"))


def watch_the_release(site: Site, page: Page, colleague: Page) -> None:
    """dev, then qa, then the three at once, then success; all of it comes to the pages by itself."""
    stay(page)
    row = colleague.get_by_role("row", name=re.compile("Release 1"))
    expect(row).to_contain_text("Running")
    expect(card(page, "dev", "Succeeded")).to_be_visible()
    expect(card(page, "qa", "Running")).to_be_visible()
    expect(card(page, "prod", "Pending")).to_be_visible()
    expect(overall(page)).to_contain_text("Running")
    site.let_go("demo-trioapp-qa")
    expect(page.get_by_role("article", name=re.compile("^prod.*: Running$"))).to_have_count(3)
    expect(card(page, "qa", "Succeeded")).to_be_visible()
    site.let_go()
    for name in WAVE:
        expect(card(page, name, "Succeeded")).to_be_visible()
    expect(overall(page)).to_contain_text("Succeeded")
    expect_stayed(page)
    expect(row).to_contain_text("Succeeded")
    expect(row.get_by_role("img", name="Succeeded")).to_have_count(5)
    expect_stayed(colleague)


# -- what the remote and the other pages say afterwards


def release_of(site: Site) -> dict[str, Any]:
    rows: list[dict[str, Any]] = site.call("GET", f"releases/?product={PRODUCT}")["results"]
    assert len(rows) == 1
    return site.release(rows[0]["id"])


def commits_are_right(site: Site, release: dict[str, Any], pushes_before: int) -> None:
    assert release["status"] == "SUCCEEDED"
    assert site.commits_of(release["id"]) == dict.fromkeys(TARGETS, 1)
    reflog = site.git("reflog", "show", "--format=%H", "main").splitlines()
    assert len(reflog) - pushes_before == 2, "qa is one push, the three together another"
    last_push = site.git("rev-list", f"{reflog[1]}..{reflog[0]}").splitlines()
    assert {environment_of(site, sha) for sha in last_push} == set(WAVE)
    assert [
        environment_of(site, sha) for sha in site.git("rev-list", f"{reflog[2]}..{reflog[1]}").split()
    ] == ["qa"]


def environment_of(site: Site, sha: str) -> str:
    return site.git("show", "-s", "--format=%(trailers:key=Lockstep-Environment,valueonly)", sha)


def files_of(site: Site) -> dict[str, str]:
    """Path -> content, to the byte, of every file at the tip of the remote."""
    command = ["git", "-C", str(site.repository), "archive", "main"]
    packed = subprocess.run(command, check=True, capture_output=True).stdout
    found = {}
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                found[member.name] = content.read().decode()
    return found


def only_promoted_values_changed(before: dict[str, str], after: dict[str, str]) -> None:
    """Every other byte of the repository is what it was; new are the two manifests, as they were given."""
    given = {
        f"argocd-app-manifests/demo-trioapp-{region}/application.yaml": example(name).read_text()
        for name, region in REGIONS.items()
    }
    assert {path: after[path] for path in after.keys() - before.keys()} == given
    changed = {path for path in before if after[path] != before[path]}
    assert changed == {f"demo-applications/trioapp-{name}/{file}" for name in TARGETS for file in PROMOTED}
    for path in changed:
        file = Path(path).name
        source = re.findall(PROMOTED[file], before[f"demo-applications/trioapp-dev/{file}"])
        # The values are dev's, in dev's order; what stands around them is the environment's own.
        assert re.findall(PROMOTED[file], after[path]) == source
        assert re.sub(PROMOTED[file], "", after[path]) == re.sub(PROMOTED[file], "", before[path])


def every_environment_shows_the_version(page: Page) -> None:
    def shows(columns: Locator) -> None:
        expect(columns).to_contain_text(NEW)
        expect(columns).not_to_contain_text(OLD)

    for address in ("/environments/", f"/products/{PRODUCT}/"):
        page.goto(address)
        for name in EVERYWHERE:
            shows(column(page, name))
