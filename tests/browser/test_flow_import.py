"""The Flow Builder's text from a file and into one, to the byte."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.builder import (
    DESCRIBED,
    TEXT,
    YAML,
    describe,
    dismiss,
    editor,
    open_flow,
    opened,
    save,
    stored,
)
from tests.browser.conftest import SignIn
from tests.browser.pages import choose_more, yaml_of
from tests.faults.quick_start import PARALLEL, Site

pytestmark = pytest.mark.browser


def import_file(page: Page, name: str, content: bytes) -> None:
    with page.expect_file_chooser() as chooser:
        choose_more(page, "Import YAML…")
    chooser.value.set_files({"name": name, "mimeType": "application/yaml", "buffer": content})


def test_an_imported_file_is_one_step_to_undo_and_another_name_is_asked_about(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, before = opened(prepared_site, signed_in, "imports")
    other = TEXT.replace(f"name: {PARALLEL}", "name: imported").replace(DESCRIBED, "From a file")
    import_file(page, "other.yaml", other.encode())
    dismiss(page, "The text of other.yaml is in the editor")
    assert yaml_of(page) == other
    page.keyboard.press("ControlOrMeta+Z")
    expect(editor(page)).to_contain_text("name: imports")
    assert yaml_of(page) == before
    page.keyboard.press("ControlOrMeta+Shift+Z")
    expect(editor(page)).to_contain_text("name: imported")
    page.keyboard.press("ControlOrMeta+S")
    dialog = page.get_by_role("dialog", name="Save as imported")
    expect(dialog.get_by_role("radio", name="Save as a new flow")).to_be_checked()
    dialog.get_by_role("button", name="Save as new flow").click()
    dismiss(page, "Saved imported")
    assert stored(prepared_site, "imported") == other
    assert stored(prepared_site, "imports") == before


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"#" * (1024 * 1024 + 1), "larger than 1 MiB", id="too-large"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\xff", "It is not text", id="no-text"),
        pytest.param(f"{TEXT}---\n{TEXT}".encode(), "the second from line 32 on", id="several-documents"),
        pytest.param(
            TEXT.replace("PromotionFlow", "Product").encode(), "The kind is Product", id="another-kind"
        ),
    ],
)
def test_a_file_that_is_no_flow_is_refused_with_the_reason(
    prepared_site: Site, signed_in: SignIn, content: bytes, sentence: str
) -> None:
    page = signed_in(prepared_site)
    open_flow(page, PARALLEL)
    before = yaml_of(page)
    import_file(page, "wrong.yaml", content)
    message = page.get_by_role("alert").filter(has_text="wrong.yaml was not imported")
    expect(message).to_contain_text(sentence)
    assert yaml_of(page) == before
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()


def test_a_file_that_is_dropped_on_the_editor_replaces_its_text(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page = signed_in(prepared_site)
    open_flow(page, PARALLEL)
    before = yaml_of(page)
    held = page.evaluate_handle(
        """text => {
          const held = new DataTransfer();
          held.items.add(new File([text], "dropped.yaml", { type: "application/yaml" }));
          return held;
        }""",
        TEXT.replace(DESCRIBED, "Dropped"),
    )
    editor(page).dispatch_event("dragenter", {"dataTransfer": held})
    expect(page.get_by_text("Drop a YAML file to put its text here")).to_be_visible()
    editor(page).dispatch_event("drop", {"dataTransfer": held})
    dismiss(page, "The text of dropped.yaml is in the editor")
    expect(page.get_by_text("Drop a YAML file to put its text here")).to_be_hidden()
    assert yaml_of(page) == TEXT.replace(DESCRIBED, "Dropped")
    page.keyboard.press("ControlOrMeta+Z")
    expect(editor(page)).to_contain_text(DESCRIBED)
    assert yaml_of(page) == before


def test_a_file_with_other_line_ends_takes_the_place_of_unsaved_text_only_when_told_to(
    prepared_site: Site, signed_in: SignIn
) -> None:
    page, _ = opened(prepared_site, signed_in, "windows")
    describe(page, "Not saved yet")
    content = (
        TEXT.replace(PARALLEL, "windows").replace(DESCRIBED, "From Windows").replace("\n", "\r\n").encode()
    )
    import_file(page, "windows.yaml", content)
    dialog = page.get_by_role("dialog", name="Replace the text?")
    expect(dialog.get_by_role("button", name="Keep my text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    assert "Not saved yet" in yaml_of(page)
    import_file(page, "windows.yaml", content)
    dialog.get_by_role("button", name="Replace text").click()
    expect(editor(page)).to_contain_text("From Windows")
    save(page)
    dismiss(page, "Saved windows")
    assert stored(prepared_site, "windows").encode() == content


FORMS = {
    "as people write it": TEXT,
    "Windows line ends": TEXT.replace("\n", "\r\n"),
    "no newline at the end": TEXT.rstrip("\n"),
    "a byte order mark": f"\ufeff{TEXT}",
    "mixed line ends": TEXT.replace("\n", "\r\n", 3),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_downloaded_file_has_the_bytes_that_are_saved(
    prepared_site: Site, signed_in: SignIn, tmp_path: Path, form: str
) -> None:
    name = f"exported-{list(FORMS).index(form)}"
    text = FORMS[form].replace(PARALLEL, name)
    headers = {**YAML, "If-None-Match": "*"}
    prepared_site.call("PUT", f"flows/{name}/", content=text.encode(), headers=headers)
    page = signed_in(prepared_site)
    open_flow(page, name)
    for content in (text.encode(), text.replace('"1.00"', '"1.01"').encode()):
        with page.expect_download() as download:
            choose_more(page, "Download YAML")
        assert download.value.suggested_filename == f"{name}.yaml"
        download.value.save_as(tmp_path / "flow.yaml")
        assert (tmp_path / "flow.yaml").read_bytes() == content
        choose_more(page, re.compile("^Raise version to "))
