"""What commands do can be had by any program: a report comes back, and no print."""

import pytest

from sim.errors import OptionError, RunError
from sim.messages import in_plain
from sim.report.contents import Table
from sim.scenario import resolved_yaml
from sim.studies import cluster
from sim.studies.check import verdict_on
from sim.studies.explanation import explained
from sim.studies.options import Amount
from sim.studies.score import scored
from sim.studies.told import nobody
from tests.builders import in_words, operation


@pytest.fixture(autouse=True)
def nothing_is_printed(capfd):
    yield
    assert capfd.readouterr() == ("", "")


def tables_of(report):
    return {
        in_words(part.name): part for part in report.parts() if isinstance(part, Table)
    }


def test_an_explanation_is_a_report():
    report = explained("two-towns", Amount(seed=1), who="south-families-003")

    assert in_words(report.title) == "south-families-003, replication 0, seed 1"
    shown = tables_of(report)
    *causes, whole = shown["Causes"].rows
    assert whole[1].text.value == pytest.approx(sum(row[1].value for row in causes))
    assert in_words(whole[1]) in in_words(report.answer)
    others = [row for row in shown["Time line"].rows if in_words(row[5])[0] == " "]
    assert {in_words(row[5]).strip() for row in others} == {
        *("northtown", "north-families-002"),
    }


def test_the_longest_waits_come_first():
    report = explained("two-towns", Amount())

    (first, *rest) = tables_of(report)["Longest waits"].rows
    assert first[0] == "northtown/families"
    assert len(rest) == 11
    assert in_words(report.answer) == (
        "The wait that cost most was that of northtown/families at northtown: "
        "agreement (Exchange of families: not in force yet)."
    )


@pytest.mark.parametrize(
    ("who", "remedy"),
    [
        ("northtown", "Did you mean northtown/wounded, northtown/families?"),
        ("north-familys-001", "Did you mean north-families-001"),
        ("zzz", "Leave it out for a list."),
    ],
)
def test_nobody_of_a_name_is_an_error_of_that_option(who, remedy):
    with pytest.raises(OptionError) as error:
        explained("two-towns", Amount(), who=who)

    option, sentence = error.value.args
    assert option == "who"
    assert remedy in in_plain(sentence)


@pytest.mark.slow
def test_a_score_is_a_report_and_tells_how_far_it_is():
    heard = []
    report = scored("aleppo-2016", Amount(2), path="UN", tell=heard.append)

    shown = tables_of(report)["Score"]
    assert in_words(shown.groups[0].title) == "East Aleppo, said by ICRC"
    assert "UN path: " in in_words(report.answer)
    assert (heard[-1].done, heard[-1].whole) == (2, 2)


def test_a_score_needs_figures():
    with pytest.raises(RunError, match="no documented figures"):
        scored("two-towns", Amount(1))


def test_a_verdict_has_a_case_or_problems(tmp_path):
    path = tmp_path / "tiny.yaml"
    path.write_text(resolved_yaml(operation(evidence="evidence.csv")), "utf-8")

    fine = verdict_on(str(path))
    assert (fine.case.name, fine.problems) == ("tiny", ())
    assert [in_words(note) for note in fine.notes] == [
        "note  There is no table 'evidence.csv' beside the scenario, so nothing is "
        "compared with documented figures."
    ]
    path.write_text(path.read_text("utf-8").replace("seats: 50", "seats: -5"), "utf-8")
    refused = verdict_on(str(path))
    assert refused.case is None
    assert in_words(refused.said) == f"refused  {path}: 1 problem"


def test_a_scheduler_that_others_could_reach_is_an_error_of_its_host():
    with pytest.raises(OptionError) as error:
        cluster.serve(1, "0.0.0.0", 0, None, nobody)  # noqa: S104 (it is refused)

    assert error.value.args[0] == "host"
