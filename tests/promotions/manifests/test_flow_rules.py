"""What a person reads when a flow breaks a rule: what is wrong, where, and what to do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promotions.manifests import Problem, parse_documents, validate_flow
from promotions.manifests.names import LABEL_RULE


def flow(*steps: str, trigger: str = "dev", more: str = "") -> str:
    lines = "".join(f"    - {step}\n" for step in steps)
    return (
        "apiVersion: codefresh.io/v1beta1\nkind: PromotionFlow\nmetadata: {name: x}\nspec:\n"
        f"  triggerEnvironment: {trigger}\n  steps:\n{lines}{more}"
    )


def step(name: str, *needs: str) -> str:
    return f"{{environment: {name}, dependsOn: [{', '.join(needs)}]}}"


def problems(text: str, **known: set[str]) -> list[Problem]:
    (document,) = parse_documents(text)
    return validate_flow(document, **known)


def only(text: str, **known: set[str]) -> Problem:
    (problem,) = problems(text, **known)
    return problem


def test_cycle_is_spelt_out_from_its_first_step() -> None:
    #  dev -> qa <-> prod
    problem = only(flow(step("prod", "qa"), step("qa", "dev", "prod")))
    assert problem.code == "cycle"
    assert "prod -> qa -> prod" in problem.message
    assert (problem.line, problem.column, problem.end_column) == (7, 39, 41)


def test_the_shortest_cycle_of_a_knot_is_told_once() -> None:
    #  a -> b -> c -> a, and b -> a
    found = problems(flow(step("a", "b"), step("b", "c", "a"), step("c", "a")))
    assert [p.code for p in found] == ["cycle"]
    assert "a -> b -> a." in found[0].message


def test_a_step_behind_a_cycle_names_what_it_waits_for() -> None:
    #  a <-> b,  dev -> c <- a
    found = problems(flow(step("a", "b"), step("b", "a"), step("c", "dev", "a")))
    assert [p.code for p in found] == ["cycle", "unreachable"]
    assert 'it waits for "a"' in found[1].message
    assert found[1].path == "spec.steps[2].dependsOn[1]"


def test_unknown_dependency_offers_the_nearest_name() -> None:
    problem = only(flow(step("staging", "dev"), step("prod", "stagin")))
    assert problem.suggestion == "staging"
    assert problem.message == (
        '"prod" depends on "stagin", which is neither the trigger environment nor a step of this flow. '
        'Did you mean "staging"?'
    )


def test_a_dependency_that_is_no_name_at_all_is_told_once_with_what_a_name_may_be() -> None:
    problem = only(flow(step("qa", "dev"), step("prod", "Bad_Name!")))
    assert problem.message == (
        '"prod" depends on "Bad_Name!", which is neither the trigger environment nor a step of this flow. '
        f"No environment can have that name: {LABEL_RULE}."
    )


def test_what_is_no_name_at_all_is_not_looked_up() -> None:
    text = flow(step("Q_A", "dev"), more="  postTrigger: No Name\n")
    found = problems(text, known_environments={"dev"}, known_workflows={"smoke"})
    assert [p.code for p in found] == ["bad-name", "bad-name"]


def test_a_step_without_a_name_makes_no_other_step_look_wrong() -> None:
    text = flow("{enviroment: qa, dependsOn: [dev]}", step("prod", "qa"))
    assert [p.code for p in problems(text)] == ["missing-field", "unknown-field"]


def test_duplicate_environment_names_the_line_of_the_first() -> None:
    problem = only(flow(step("qa", "dev"), step("prod", "qa"), step("qa", "prod")))
    assert problem.code == "duplicate-environment"
    assert "(line 7)" in problem.message
    assert problem.line == 9


def test_unknown_environments_are_judged_only_where_the_known_ones_are_given() -> None:
    text = flow(step("prod-eu", "dev"))
    assert problems(text) == []
    problem = only(text, known_environments={"dev", "prod-us"})
    assert (problem.code, problem.severity, problem.suggestion) == ("unknown-environment", "error", "prod-us")


def test_unknown_workflows_of_every_place_are_warnings() -> None:
    text = flow(
        "{environment: qa, dependsOn: [dev], policy: {preAction: a, postAction: b}, hooks: {onStart: c}}",
        more="  postTrigger: d\n  hooks: {onFail: e}\n",
    )
    found = problems(text, known_workflows={"b"})
    assert [(p.path, p.severity) for p in found] == [
        ("spec.steps[0].policy.preAction", "warning"),
        ("spec.steps[0].hooks.onStart", "warning"),
        ("spec.postTrigger", "warning"),
        ("spec.hooks.onFail", "warning"),
    ]


def test_extension_names_the_way_out() -> None:
    problem = only(flow(step("qa", "dev"), more="  onFailure: halt\n"))
    assert problem.message == (
        "spec.onFailure is an extension of Lockstep that codefresh.io/v1beta1 does not have. Write "
        '"apiVersion: lockstep.dev/v1" on line 1, or remove the field.'
    )


def test_unknown_field_offers_the_closest_known_one() -> None:
    problem = only(flow("{environment: qa, dependsOn: [dev], polcy: {}}"))
    assert problem.message == '"polcy" is not a field of spec.steps[0]. Did you mean "policy"?'
    assert (problem.line, problem.column, problem.end_column) == (7, 43, 48)


def test_a_field_like_no_other_is_answered_with_the_known_ones() -> None:
    problem = only(flow("{environment: qa, dependsOn: [dev], zzz: 1}"))
    assert problem.message.endswith("Known here: dependsOn, environment, hooks, policy.")
    assert problem.suggestion is None


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("Prod_EU", "prod-eu"), ("-x-", "x"), ("Über", "uber"), ("Prod.EU", "prod-eu"), ('"!"', None)],
)
def test_bad_name_offers_the_nearest_good_one(name: str, nearest: str | None) -> None:
    found = problems(flow(step("qa", "dev"), trigger=name))
    assert found[0].code == "bad-name"
    assert found[0].suggestion == nearest


NAMES = ["dev", "a", "b", "c", "d", "e"]
GRAPHS = st.lists(
    st.tuples(
        st.sampled_from(NAMES[1:]), st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda pair: pair[0],
)


def starts_all(graph: list[tuple[str, list[str]]]) -> bool:
    """Whether every step of a flow can start: the plain meaning of the rules, step by step."""
    done = {"dev"}
    for _ in graph:
        done |= {name for name, needs in graph if done.issuperset(needs)}
    return done.issuperset(name for name, _ in graph)


@settings(max_examples=200)
@given(GRAPHS)
def test_a_flow_is_accepted_exactly_when_every_step_can_start(graph: list[tuple[str, list[str]]]) -> None:
    found = problems(flow(*(step(name, *needs) for name, needs in graph)))
    assert (not found) == starts_all(graph)


@pytest.mark.parametrize(
    ("good", "empty", "message"),
    [
        (
            "triggerEnvironment: dev",
            "triggerEnvironment:",
            "spec.triggerEnvironment is empty. Name the environment that the promotion starts from.",
        ),
        (
            "dependsOn: [dev]",
            "dependsOn:",
            'spec.steps[0].dependsOn is empty. Write it as a list, one environment a line, each after "- ". '
            "Name the environments that must succeed first, the trigger environment perhaps.",
        ),
        ("name: x", "name:", "metadata.name is empty. Give it a value."),
        (
            "spec:\n",
            "spec:\n  promotionTimeoutLimit:\n",
            "spec.promotionTimeoutLimit is empty. It counts minutes. Give it a value or remove the line.",
        ),
    ],
)
def test_only_of_what_may_be_missing_the_line_is_to_be_removed(good: str, empty: str, message: str) -> None:
    """The browser's tests expect the same sentences."""
    text = flow("{environment: qa, dependsOn: [dev]}").replace("{name: x}", "\n  name: x")
    text = text.replace("{environment: qa, dependsOn: [dev]}", "environment: qa\n      dependsOn: [dev]")
    assert message in [problem.message for problem in problems(text.replace(good, empty, 1))]
