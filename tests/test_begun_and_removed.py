"""The folder of an unfinished study is there whole, or not at all."""

import shutil

import pytest

from sim.studies import study_file, unfinished
from sim.studies.finish import finished
from sim.studies.options import Amount
from sim.studies.run import planned
from tests.builders import operation


@pytest.fixture
def plan():
    return planned(operation(), Amount(2))


def studies_in(results):
    return list(results.glob(f"*{unfinished.ENDING}"))


def test_a_study_that_is_stopped_while_it_begins_leaves_no_folder(
    plan, tmp_path, monkeypatch
):
    """It could not be resumed, was not listed, and would have stayed for ever."""

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(study_file, "write_json", stopped)
    with pytest.raises(KeyboardInterrupt):
        unfinished.begun(plan, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_study_that_is_killed_while_it_is_removed_leaves_no_half(
    plan, tmp_path, monkeypatch
):
    """What is removed gives up its name first, so it is cleared away one day."""
    study = unfinished.begun(plan, tmp_path)
    monkeypatch.setattr(shutil, "rmtree", lambda *_, **__: None)
    finished(study)
    assert studies_in(tmp_path) == []


def test_studies_of_one_minute_have_names_of_their_own(plan, tmp_path):
    paths = [unfinished.begun(plan, tmp_path).path for _ in range(3)]
    assert sorted(paths) == sorted(studies_in(tmp_path))
    assert unfinished.all_unfinished(tmp_path) == sorted(paths)
