"""A rule or a policy is added by one object and one registration, nowhere else."""

import json

import pytest
import yaml

from sim.errors import ScenarioError
from sim.parts.policies import POLICIES, Policy
from sim.parts.rules import RULES, Rule
from sim.scenario import from_data, json_schema, load
from sim.scenario.schema import reference
from sim.scenario.shapes import WordShape, shape_at
from tests.builders import NEVER, START, terms, two_sides_data
from tests.commands import call
from tests.logs import crossings, held, run
from tests.reasons import sentence

RULE_AT = ("agreements", "deal", "rule")
POLICY_AT = ("agreements", "deal", "parties", "north", "policy", "kind")


@pytest.fixture
def by_twos():
    """A rule of its own: tranches open two at a time, counted from the slowest."""

    def opens(terms, side, standing):
        return standing.done[standing.slowest_other(side)] // 2 * 2 + 2

    RULES.register("by-twos", Rule(opens, "tranches open two at a time"))
    yield "by-twos"
    RULES.forget("by-twos")


@pytest.fixture
def wary():
    """A policy of its own: the side goes on only if it is not ahead of the others."""

    def holds_back(choice):
        return choice.standing.done[choice.side] > choice.standing.least

    POLICIES.register("wary", Policy(holds_back, "never goes ahead of the others"))
    yield "wary"
    POLICIES.forget("wary")


def north_alone(**deal):
    """North has four buses at its gate at 70; south does not come."""
    return two_sides_data(
        4,
        1,
        terms("lockstep", 1, 1, 1, 1) | deal,
        sites__north__groups__civilians__people=200,
        flows__north__at_once=4,
        flows__south__opens=NEVER,
    )


def written(tmp_path, data):
    """Return the folder of a scenario file."""
    (tmp_path / "scenario.yaml").write_text(yaml.safe_dump(data, sort_keys=False))
    return tmp_path


def allowed(path):
    shape = shape_at(path)
    assert isinstance(shape, WordShape)
    return list(shape.allowed)


def enums(schema):
    """Return every list of words that the schema allows."""
    if isinstance(schema, dict):
        yield from [schema["enum"]] if "enum" in schema else []
        for value in schema.values():
            yield from enums(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from enums(value)


# A rule


def test_a_new_rule_is_accepted_and_does_what_it_says(by_twos, tmp_path):
    """Two tranches are open from the start, and no more until the south has moved."""
    folder = written(tmp_path, north_alone(rule=by_twos))

    assert call("check", folder).exit_code == 0
    assert crossings(run(load(folder)), "north")[:2] == [70, 70]
    assert crossings(run(load(folder)), "north")[2] > 1000


def test_a_rule_that_was_not_registered_lets_one_pass():
    """The same without it: what the new rule does is its own."""
    assert crossings(run(from_data(north_alone())), "north")[1] > 1000


def test_a_new_rule_is_among_the_words_of_the_schema_and_the_reference(by_twos):
    assert by_twos in allowed(RULE_AT)
    assert any(by_twos in words for words in enums(json_schema()))
    assert f"`{by_twos}`" in reference()
    assert json.dumps(json_schema())


def test_what_is_forgotten_is_among_them_no_more(by_twos):
    before = allowed(RULE_AT)
    RULES.forget(by_twos)
    try:
        assert allowed(RULE_AT) == [name for name in before if name != by_twos]
        assert not any(by_twos in words for words in enums(json_schema()))
    finally:
        RULES.register(by_twos, RULES["lockstep"])


@pytest.mark.parametrize("near", ["by-two", "bytwos", "by-twoes"])
def test_an_unknown_rule_is_refused_with_the_nearest(by_twos, near):
    with pytest.raises(ScenarioError) as refused:
        from_data(north_alone(rule=near))

    assert f"'{near}' is not allowed here" in str(refused.value)
    assert f"Did you mean '{by_twos}'?" in str(refused.value)


def test_a_rule_that_needs_a_field_has_it_asked_for():
    RULES.register("debt", Rule(lambda t, s, n: t.ahead, "as `ahead`", ("ahead",)))
    try:
        with pytest.raises(ScenarioError, match="the rule 'debt' needs 'ahead'"):
            from_data(north_alone(rule="debt"))
        log = run(from_data(north_alone(rule="debt", ahead=3)))
        assert crossings(log, "north") == [70, 70, 70]
    finally:
        RULES.forget("debt")


def test_a_rule_may_release_tranches_together():
    """As `simultaneous`, under another name: the south does not come, nobody goes."""
    both = Rule(lambda t, s, n: n.released, "together", together=True)
    RULES.register("both", both)
    try:
        log = run(
            from_data(north_alone(rule="both", tranches=[{"north": 1, "south": 1}]))
        )
        assert crossings(log, "north")[:1] != [70]
    finally:
        RULES.forget("both")


def test_no_name_is_taken_twice(by_twos):
    with pytest.raises(ValueError, match="is a rule already"):
        RULES.register(by_twos, RULES["lockstep"])


# A policy


def credit(policy):
    data = north_alone(**terms("credit", 1, 1, 1, 1, ahead=1))
    data["agreements"]["deal"]["parties"]["north"]["policy"] = policy
    return data


def test_a_new_policy_is_accepted_and_holds_back(wary, tmp_path):
    """Credit would let two pass; the wary north sends one and waits for the south."""
    folder = written(tmp_path, credit(wary))
    log = run(load(folder))

    assert call("check", folder).exit_code == 0
    assert crossings(run(from_data(credit("plain"))), "north")[:2] == [70, 70]
    assert crossings(log, "north")[0] == 70
    assert crossings(log, "north")[1] > 1000
    assert held(log, "north")[0] == (70, "deal: north holds back")
    assert "holds_back" in {e.reason.kind for e in log.events if sentence(e.reason)}


def test_a_new_policy_is_among_the_words_of_the_schema(wary):
    assert wary in allowed(POLICY_AT)
    assert any(wary in words for words in enums(json_schema()))


def test_an_unknown_policy_is_refused_with_the_nearest(wary):
    with pytest.raises(ScenarioError, match="Did you mean 'wary'"):
        from_data(credit("warry"))


def test_a_policy_is_of_one_side_only(wary):
    """South is wary, and goes first: the north's second goes when it has moved."""
    data = two_sides_data(2, 2, terms("credit", 1, 1, ahead=1))
    data["agreements"]["deal"]["parties"]["south"]["policy"] = wary
    data["fleets"]["south-buses"]["joins"] = {START: 2}
    log = run(from_data(data))

    assert crossings(log, "north") == [70, 70]
    assert crossings(log, "south") == [70, 70]
