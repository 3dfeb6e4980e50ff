"""GET, PUT and DELETE /api/flows/NAME/: the text byte for byte, and nobody's save is lost."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client

from environments.models import Environment
from products.models import Product
from promotions.models import Flow, FlowRevision, Release
from tests.api import manifests

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("environments")]
URL = "/api/flows/to-prod/"
YAML = "application/yaml"


def put(client: Client, text: str | bytes, url: str = URL, **headers: str):
    return client.put(
        url, text, content_type=YAML, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


@pytest.fixture
def etag(as_promoter: Client) -> str:
    return put(as_promoter, manifests.flow()).headers["ETag"]


def test_a_new_flow_is_created_and_answered_with_its_etag(as_promoter: Client) -> None:
    answer = put(as_promoter, manifests.flow())
    assert answer.status_code == 201
    body = answer.json()
    assert body["manifest"] == manifests.flow()
    assert body["etag"] == hashlib.sha256(manifests.flow().encode()).hexdigest()
    assert answer.headers["ETag"] == f'"{body["etag"]}"'
    assert body["environments"] == ["dev", "qa", "prod"]
    assert (body["version"], body["updatedBy"]) == ("1.10", "paul")
    assert body["createdAt"].endswith("Z")
    assert set(body) == {
        "name", "manifest", "etag", "version", "description", "environments",
        "updatedAt", "updatedBy", "createdAt",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        manifests.flow().replace("\n", "\r\n"),
        manifests.flow().rstrip("\n"),
        "\ufeff" + manifests.flow(),
        "---\n" + manifests.flow() + "...\n",
        manifests.flow(comment="# Grüße, 日本, 🚢"),
    ],
    ids=["windows line ends", "no last newline", "byte order mark", "document marks", "beyond ascii"],
)
def test_the_text_comes_back_byte_for_byte(as_promoter: Client, text: str) -> None:
    assert put(as_promoter, text.encode()).status_code == 201
    answer = as_promoter.get(URL, headers={"accept": YAML})
    assert answer.content == text.encode()
    assert answer.headers["Content-Type"] == "application/yaml; charset=utf-8"
    assert as_promoter.get(URL).json()["manifest"] == text


def test_json_with_the_text_is_taken_like_the_text(as_promoter: Client) -> None:
    answer = as_promoter.put(URL, {"manifest": manifests.flow()}, content_type="application/json")
    assert answer.status_code == 201
    assert Flow.objects.get().manifest == manifests.flow()


def test_a_save_without_if_match_over_an_existing_flow_is_428(as_promoter: Client, etag: str) -> None:
    answer = put(as_promoter, manifests.flow(comment="# mine"))
    assert answer.status_code == 428
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert Flow.objects.get().manifest == manifests.flow()


def test_a_save_with_the_stored_etag_replaces_and_keeps_a_revision(as_promoter: Client, etag: str) -> None:
    answer = put(as_promoter, manifests.flow(comment="# mine"), if_match=etag)
    assert answer.status_code == 200
    assert answer.headers["ETag"] != etag
    assert [r.manifest for r in FlowRevision.objects.order_by("number")] == [
        manifests.flow(),
        manifests.flow(comment="# mine"),
    ]


def test_saving_the_same_text_again_keeps_no_second_revision(as_promoter: Client, etag: str) -> None:
    assert put(as_promoter, manifests.flow(), if_match=etag).status_code == 200
    assert FlowRevision.objects.count() == 1


def test_of_two_saves_from_one_text_the_second_is_412_with_the_current_text(
    as_promoter: Client, as_admin: Client, etag: str
) -> None:
    assert put(as_admin, manifests.flow(comment="# hers"), if_match=etag).status_code == 200
    answer = put(as_promoter, manifests.flow(comment="# mine"), if_match=etag)
    assert answer.status_code == 412
    current = answer.json()["current"]
    assert current["manifest"] == manifests.flow(comment="# hers")
    assert current["savedBy"] == "ada"
    assert current["savedAt"].endswith("Z")
    assert put(as_promoter, manifests.flow(comment="# mine"), if_match=current["etag"]).status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ("*", 200),
        ('"other", {etag}', 200),
        ("W/{etag}", 412),
        ('""', 412),
        ('"broken', 400),
    ],
)
def test_if_match_is_read_as_rfc_9110_says(as_promoter: Client, etag: str, sent: str, status: int) -> None:
    answer = put(as_promoter, manifests.flow(comment="# mine"), if_match=sent.format(etag=etag))
    assert answer.status_code == status, answer.content


def test_if_none_match_any_only_creates(as_promoter: Client) -> None:
    assert put(as_promoter, manifests.flow(), if_none_match="*").status_code == 201
    answer = put(as_promoter, manifests.flow(comment="# mine"), if_none_match="*")
    assert answer.status_code == 412
    assert answer.json()["current"]["manifest"] == manifests.flow()


def test_if_match_on_a_flow_that_is_gone_is_412_without_a_current_text(as_promoter: Client) -> None:
    answer = put(as_promoter, manifests.flow(), if_match='"abc"')
    assert answer.status_code == 412
    assert answer.json()["current"] is None


def test_another_name_than_the_address_is_422_at_its_line(as_promoter: Client) -> None:
    answer = put(as_promoter, manifests.flow("other"))
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert (problem["code"], problem["line"], problem["suggestion"]) == ("another-name", 5, "to-prod")


def test_an_unknown_environment_is_422_with_line_and_suggestion(as_promoter: Client) -> None:
    answer = put(as_promoter, manifests.flow(last="prd"))
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert set(problem) == {
        "message", "line", "column", "endLine", "endColumn", "severity", "code", "path", "suggestion",
    }  # fmt: skip
    assert (problem["line"], problem["suggestion"], problem["severity"]) == (14, "prod", "error")
    assert not Flow.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"\xff\xfe", 422),
        (b"", 422),
        (b"[" * 100_000, 422),
        (b"kind: PromotionFlow\n\tspec: 1", 422),
        (b"#" * (1024 * 1024 + 1), 413),
        (manifests.flow().encode() + b"---\nkind: Product\n", 422),
    ],
    ids=["no utf-8", "empty", "deep", "tab", "too large", "two documents"],
)
def test_a_text_that_is_no_flow_is_refused_and_nothing_is_stored(
    as_promoter: Client, body: bytes, status: int
) -> None:
    answer = put(as_promoter, body)
    assert answer.status_code == status, answer.content[:300]
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not Flow.objects.exists()


CYCLE = (
    "apiVersion: codefresh.io/v1beta1\nkind: PromotionFlow\nmetadata: {name: to-prod}\nspec:\n"
    "  triggerEnvironment: dev\n  steps:\n"
    "    - environment: qa\n      dependsOn: [prod]\n    - environment: prod\n      dependsOn: [qa]\n"
)
ALIASES = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)


@pytest.mark.parametrize(
    ("text", "status", "line"),
    [
        (CYCLE, 422, None),
        (CYCLE.replace("[prod]", "[dev]").replace("environment: prod", "environment: nowhere"), 422, 9),
        (CYCLE.replace("[prod]", "[dev]").replace("environment: prod", "environment: qa"), 422, 9),
        ("kind: PromotionFlow\n  spec: 1\n", 422, 2),
        ("[" * 100_000, 422, 1),
        (ALIASES, 422, None),
        ("# a\n" * (512 * 1024), 413, 262_145),
    ],
    ids=["cycle", "unknown environment", "duplicate step", "bad YAML", "100 kB of [", "alias bomb", "2 MiB"],
)
@pytest.mark.parametrize("as_json", [False, True], ids=["YAML", "JSON"])
def test_hostile_and_wrong_flows_are_refused_with_their_line_and_the_server_goes_on(
    as_promoter: Client, text: str, status: int, line: int | None, as_json: bool
) -> None:
    if as_json:
        answer = as_promoter.put(URL, {"manifest": text}, content_type="application/json")
    else:
        answer = put(as_promoter, text.encode())
    assert answer.status_code == status, answer.content[:300]
    problems = [problem for problem in answer.json()["problems"] if problem["severity"] == "error"]
    assert problems and all(problem["line"] >= 1 and problem["message"] for problem in problems)
    if line is not None:
        assert line in {problem["line"] for problem in problems}
    assert not Flow.objects.exists()
    assert as_promoter.get("/api/flows/").status_code == 200


def test_another_content_type_is_415(as_promoter: Client) -> None:
    assert as_promoter.put(URL, b"x", content_type="application/xml").status_code == 415


def test_json_without_the_text_is_422(as_promoter: Client) -> None:
    assert as_promoter.put(URL, {"text": "x"}, content_type="application/json").status_code == 422


def test_a_get_with_the_held_etag_is_304(as_viewer: Client, etag: str) -> None:
    answer = as_viewer.get(URL, headers={"if-none-match": f"W/{etag}"})
    assert answer.status_code == 304
    assert answer.content == b""


def test_an_accept_that_nobody_can_serve_is_a_problem(as_viewer: Client, etag: str) -> None:
    answer = as_viewer.get(URL, headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_error_is_json_also_for_somebody_who_wants_yaml(as_viewer: Client) -> None:
    answer = as_viewer.get(URL, headers={"accept": YAML})
    assert answer.status_code == 404
    assert answer.json()["code"] == "not-found"


def test_delete(as_promoter: Client, etag: str) -> None:
    assert as_promoter.delete(URL, headers={"if-match": '"old"'}).status_code == 412
    assert as_promoter.delete(URL).status_code == 204
    assert as_promoter.delete(URL).status_code == 404
    assert not FlowRevision.objects.exists()


def test_delete_is_409_while_a_release_of_it_runs(as_promoter: Client, etag: str, release: Release) -> None:
    Release.objects.update(flow_name="to-prod", status="RUNNING")
    answer = as_promoter.delete(URL)
    assert answer.status_code == 409
    assert "trio #1" in answer.json()["detail"]
    Release.objects.update(status="SUCCEEDED")
    assert as_promoter.delete(URL).status_code == 204


def test_delete_is_409_while_a_product_uses_it(as_promoter: Client, etag: str) -> None:
    Product.objects.create(name="trio", flows=[{"name": "to-prod"}])
    answer = as_promoter.delete(URL)
    assert answer.status_code == 409
    assert "trio" in answer.json()["detail"]


def test_rename_keeps_revisions_and_products_follow(as_promoter: Client, etag: str) -> None:
    text = manifests.product(flows=("to-prod", "other"))
    Product.objects.create(name="trio", flows=[{"name": "to-prod"}, {"name": "other"}], manifest=text)
    answer = put(
        as_promoter, manifests.flow("renamed"), "/api/flows/renamed/?renameFrom=to-prod", if_match=etag
    )
    assert answer.status_code == 200, answer.content
    assert list(Flow.objects.values_list("name", flat=True)) == ["renamed"]
    assert FlowRevision.objects.count() == 2
    product = Product.objects.get()
    assert product.flows == [{"name": "renamed"}, {"name": "other"}]
    assert product.manifest == text.replace("to-prod", "renamed")


def test_rename_with_a_stale_etag_or_onto_another_flow_changes_nothing(
    as_promoter: Client, etag: str
) -> None:
    put(as_promoter, manifests.flow("taken"), "/api/flows/taken/")
    onto = put(as_promoter, manifests.flow("taken"), "/api/flows/taken/?renameFrom=to-prod", if_match=etag)
    assert onto.status_code == 409
    stale = put(
        as_promoter, manifests.flow("fresh"), "/api/flows/fresh/?renameFrom=to-prod", if_match='"old"'
    )
    assert stale.status_code == 412
    assert sorted(Flow.objects.values_list("name", flat=True)) == ["taken", "to-prod"]


def test_a_viewer_reads_and_may_not_save_or_delete(as_viewer: Client, etag: str) -> None:
    assert as_viewer.get(URL).status_code == 200
    answer = put(as_viewer, manifests.flow(comment="# mine"), if_match=etag)
    assert answer.status_code == 403
    assert "promoter" in answer.json()["detail"]
    assert as_viewer.delete(URL).status_code == 403


def test_an_environment_that_a_save_names_is_read_inside_its_transaction(as_promoter: Client) -> None:
    Environment.objects.get(name="prod").delete()
    assert put(as_promoter, manifests.flow()).status_code == 422


def test_a_product_that_names_a_renamed_flow_in_a_block_of_lines_can_still_be_read(
    as_promoter: Client, as_admin: Client, environments: list[Environment]
) -> None:
    etag = put(as_promoter, manifests.flow())["ETag"]
    block = manifests.product(flows=("to-prod",)).replace(
        "to-prod  # chosen", ">-  # chosen\n        to-prod"
    )
    text = f"{block}      gitTriggerSelectors:\n        - {{key: commitMessage, operator: In, values: [a]}}\n"
    assert as_admin.post("/api/apply/", text, content_type="application/yaml").status_code == 200
    put(as_promoter, manifests.flow("renamed"), "/api/flows/renamed/?renameFrom=to-prod", if_match=etag)
    expected = text.replace(">-  # chosen\n        to-prod", "renamed  # chosen")
    assert Product.objects.get(name="trio").manifest == expected
