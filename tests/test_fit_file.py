"""A file of draws is checked whole: damage ends in one sentence, whatever it is."""

import io
import os
import random
import tracemalloc
import warnings
import zipfile
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_case import written

from sim.errors import UnusableError
from sim.experiment.program import fingerprint_of_replays
from sim.inference.calibration.posterior_draws import (
    About,
    PosteriorDraws,
    check_belongs,
    load_draws,
)
from sim.inference.npz_file import save_arrays
from sim.inference.prior import Prior
from sim.inference.simulator import new_luck
from sim.scenario import load, scenario_hash
from sim.studies.fits import arms_of
from sim.studies.options import Amount

DRAWS = 40
MUTATIONS = 2_000
MOST_MB = 100
"""Beside what the program has in memory already, less than 200 MB."""


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case")
    return written(folder)


@pytest.fixture(scope="module")
def prior(case):
    return Prior.of(load(case))


@pytest.fixture(scope="module")
def draws(case, prior):
    rng = np.random.default_rng(5)
    points = rng.random((DRAWS, prior.size))
    about = About(
        scenario=scenario_hash(load(case)),
        model=fingerprint_of_replays(),
        method="screen",
        reference=(),
        seeds=(1,),
        root=1,
        names=prior.names,
        learned=prior.names[:1],
    )
    return PosteriorDraws(about, prior.table(points), new_luck(rng, DRAWS, 16))


@pytest.fixture(scope="module")
def whole(draws, tmp_path_factory):
    path = tmp_path_factory.mktemp("fit") / "fit.npz"
    draws.save(path)
    return path.read_bytes()


def asked(path, prior):
    """Return the draws in a file, or the sentence why not."""
    try:
        draws = load_draws(path)
        check_belongs(path, draws, prior)
    except UnusableError as error:
        sentence = str(error)
        assert "\n" not in sentence
        assert sentence.startswith(f"{path} cannot be used: ")
        assert sentence.endswith(" Calibrate again.")
        return sentence
    return draws


def cut(data, rng):
    return data[: rng.randrange(len(data))]


def flipped(data, rng):
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8))):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def overwritten(data, rng):
    at, size = rng.randrange(len(data)), rng.choice((1, 2, 4, 8))
    filler = rng.choice((b"\0", b"\xff", b"\x7f")) * size
    return data[:at] + filler + data[at + size :]


def moved(data, rng):
    one, two = sorted(rng.sample(range(len(data)), 2))
    return data[one:two] + data[:one] + data[two:]


def repacked(data, rng):
    """Change one array and pack it again, so that all checksums are right."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    name = rng.choice(sorted(parts))
    changed = rng.choice((cut, flipped, overwritten, moved))(parts[name], rng)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for each, contents in parts.items():
            file.writestr(each, changed if each == name else contents)
    return packed.getvalue()


@pytest.mark.slow
def test_whatever_happens_to_its_bytes_it_is_the_fit_or_a_sentence(
    whole, draws, prior, tmp_path
):
    """Half of the damage is packed with right checksums, as by a faulty program."""
    rng, path = random.Random(20), tmp_path / "fit.npz"  # noqa: S311 (bytes to break)
    refused = 0
    tracemalloc.start()
    try:
        for mutation in range(MUTATIONS):
            changes = (
                (repacked,) if mutation % 2 else (cut, flipped, overwritten, moved)
            )
            path.write_bytes(rng.choice(changes)(whole, rng))
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                found = asked(path, prior)
            refused += isinstance(found, str)
            if not isinstance(found, str):
                assert len(found) == DRAWS
                assert found.about.names == draws.about.names
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < MOST_MB * 1_000_000
    assert refused > MUTATIONS / 2


@given(contents=st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_bytes_of_anything_else_get_a_sentence(contents, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "anything.npz"
    path.write_bytes(contents)

    with pytest.raises(UnusableError):
        load_draws(path)


def saved(path, draws, *, told=None, drop=(), **arrays):
    """Save draws with something else in them."""
    about = {"form": 1, **{name: getattr(draws.about, name) for name in FIELDS}}
    about |= told or {}
    for name in drop:
        del about[name]
    save_arrays(path, about, {"values": draws.values, "luck": draws.luck} | arrays)


FIELDS = tuple(field.name for field in fields(About))
WRONG = {
    "no root": {"drop": ("root",)},
    "a root that is a text": {"told": {"root": "1"}},
    "a root that is no whole number": {"told": {"root": 1.5}},
    "a root below nothing": {"told": {"root": -1}},
    "no seeds": {"told": {"seeds": []}},
    "seeds that are none": {"told": {"seeds": [True]}},
    "another method": {"told": {"method": "guess"}},
    "no digest of the scenario": {"told": {"scenario": "0"}},
    "no version of the program": {"told": {"model": None}},
    "a key that nobody knows": {"told": {"colour": "red"}},
    "a parameter less": {"told": {"names": ["legs.road.time"], "learned": []}},
    "a parameter twice": {"told": {"names": ["legs.road.time"] * 2, "learned": []}},
    "learned what is no parameter": {"told": {"learned": ["x"]}},
    "a later form": {"told": {"form": 2}},
    "an array more": {"more": np.zeros(3)},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_it_says_of_itself_is_checked(wrong, draws, prior, tmp_path):
    path = tmp_path / "fit.npz"
    saved(path, draws)
    assert not isinstance(asked(path, prior), str)

    saved(path, draws, **wrong)

    assert isinstance(asked(path, prior), str)


def with_one(array, value):
    changed = np.array(array, dtype=np.result_type(array, type(value)))
    changed.flat[3] = value
    return changed


BROKEN = {
    "a value that is none": lambda d: {"values": with_one(d.values, np.nan)},
    "a value without end": lambda d: {"values": with_one(d.values, np.inf)},
    "a value outside its range": lambda d: {"values": with_one(d.values, 1e7)},
    "a value below its range": lambda d: {"values": with_one(d.values, -1.0)},
    "values that are whole": lambda d: {"values": d.values.astype(np.int64)},
    "values of half the size": lambda d: {"values": d.values.astype(np.float32)},
    "no draws": lambda d: {"values": d.values[:0], "luck": d.luck[:0]},
    "a draw without luck": lambda d: {"luck": d.luck[:-1]},
    "luck of no parts": lambda d: {"luck": d.luck[:, :0]},
    "luck in one row": lambda d: {"luck": d.luck.ravel()},
    "luck that is not whole": lambda d: {"luck": d.luck + 0.5},
    "luck below nothing": lambda d: {"luck": with_one(d.luck, -1)},
    "luck that is too large": lambda d: {"luck": with_one(d.luck, 2**31)},
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_its_arrays_are_checked(broken, draws, prior, tmp_path):
    path = tmp_path / "fit.npz"

    saved(path, draws, **broken(draws))

    assert isinstance(asked(path, prior), str)


def test_the_ends_of_a_range_are_in_it(draws, prior, tmp_path):
    points = np.array([np.zeros(prior.size), np.ones(prior.size)])
    ends = replace(draws, values=prior.table(points), luck=draws.luck[:2])
    ends.save(tmp_path / "fit.npz")

    assert not isinstance(asked(tmp_path / "fit.npz", prior), str)


def of_a_claimed_shape(shape):
    """Return an array file that says it has a shape, and holds next to nothing."""
    contents = io.BytesIO()
    told = {"descr": "<f8", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(contents, told)
    return contents.getvalue() + b"\0" * 64


def assert_refused_without_room(path, prior):
    """A file is answered with a sentence, and little memory was taken meanwhile."""
    tracemalloc.start()
    try:
        assert isinstance(asked(path, prior), str)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < MOST_MB * 1_000_000


@pytest.mark.parametrize(
    "shape", [(10**12, 2), (2**62, 4), (-1, 2), (0, 10**18), (3,) * 30]
)
def test_no_room_is_made_for_what_is_only_claimed(shape, whole, prior, tmp_path):
    path = tmp_path / "fit.npz"
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    parts["values.npy"] = of_a_claimed_shape(shape)
    with zipfile.ZipFile(path, "w") as file:
        for name, contents in parts.items():
            file.writestr(name, contents)

    assert_refused_without_room(path, prior)


def test_a_file_that_swells_is_refused_before_it_does(prior, tmp_path):
    """A gigabyte of nothing takes a megabyte when it is packed."""
    path = tmp_path / "fit.npz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("about", "values", "luck"):
            with file.open(f"{name}.npy", "w") as member:
                for _ in range(150):
                    member.write(b"\0" * 1_000_000)

    assert_refused_without_room(path, prior)


def a_folder(path):
    path.mkdir()


def a_pipe(path):
    os.mkfifo(path)


def a_link_to_a_pipe(path):
    os.mkfifo(path.with_suffix(".pipe"))
    path.symlink_to(path.with_suffix(".pipe"))


def a_link_to_a_device(path):
    path.symlink_to("/dev/zero")


def a_link_to_nothing(path):
    path.symlink_to(path.with_suffix(".gone"))


def a_huge_file(path):
    with path.open("wb") as file:
        file.truncate(10**12)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
@pytest.mark.parametrize(
    "planted",
    [
        *(a_folder, a_pipe, a_link_to_a_pipe, a_link_to_a_device),
        *(a_link_to_nothing, a_huge_file),
    ],
)
def test_only_a_plain_file_is_read(planted, prior, tmp_path):
    path = tmp_path / "fit.npz"
    planted(path)

    assert isinstance(asked(path, prior), str)


def test_a_link_to_a_fit_is_the_fit(whole, prior, tmp_path):
    (tmp_path / "there.npz").write_bytes(whole)
    path = tmp_path / "fit.npz"
    path.symlink_to(tmp_path / "there.npz")

    assert not isinstance(asked(path, prior), str)


OTHER = "0" * 64


@pytest.mark.parametrize(
    ("says", "warns"),
    [
        ({}, False),
        ({"model": OTHER, "witnesses": ()}, True),
        ({"model": OTHER}, False),
        ({"model": OTHER, "witnesses": (OTHER,) * 3}, True),
    ],
    ids=["the same", "unknown", "another that runs the same", "another"],
)
def test_a_fit_whose_runs_may_have_changed_says_so(says, warns, case, draws, tmp_path):
    path = tmp_path / "fit.npz"
    known = draws.witnessed(load(case))
    replace(known, about=replace(known.about, **says)).save(path)
    told = []
    arms_of([str(case)], Amount(DRAWS), path, told.append)

    said = [note for note in told if "another version" in str(note)]
    assert bool(said) is warns


def test_a_study_refuses_draws_beyond_the_ranges(case, draws, tmp_path):
    path = tmp_path / "fit.npz"
    replace(draws, values=draws.values * 10).save(path)

    with pytest.raises(UnusableError, match="outside the range"):
        arms_of([str(case)], Amount(DRAWS), path, print)
