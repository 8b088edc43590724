"""A case goes from one machine to another whole, and hostile ones go nowhere."""

import io
import json
import stat
from contextlib import suppress
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import RunError, UnusableError
from sim.handover import packed, unpacked
from sim.handover import rerun as rerunning
from sim.handover.archive import as_archive, files_in
from sim.handover.manifest import NAME
from sim.scenario import load, resolved_yaml, scenario_hash
from sim.scenario.problems import RefusedError
from sim.scenario.workbook.archive import parts_of
from sim.words import Words
from tests.builders import operation
from tests.commands import ROOT, call, flat
from tests.exported_case import ALEPPO
from tests.small_case import written


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """Return a packed case: a scenario, its base, its variant, evidence and results."""
    folder = tmp_path_factory.mktemp("sender") / "scenarios" / "small"
    written(folder)
    (folder / "README.md").write_text("# What is documented\n", "utf-8")
    (folder / "other.yaml").write_text(resolved_yaml(operation()), "utf-8")
    variant = folder / "variant.yaml"
    variant.write_text(
        f"operation: {ALEPPO}\nextends: small.yaml\n"
        "change: {fleets.buses.seats: 40}\n",
        "utf-8",
    )
    results = folder / "results"
    done = call("run", variant, "-n", 2, "--no-figures", "--results", results)
    assert done.exit_code == 0, done.output
    (found,) = results.iterdir()
    return variant, found


def pack(case, target, **options):
    scenario, results = case
    words = Words()
    given = {"seed": 3, "replications": 2, **options}
    return [
        words.of(said) for said in packed(str(scenario), [results], target, **given)
    ]


@pytest.fixture(scope="module")
def parcel(case, tmp_path_factory):
    target = tmp_path_factory.mktemp("post") / "small.case.zip"
    pack(case, target)
    return target


def rewritten(parcel, tmp_path, change):
    """Return a copy of a case with other files in it."""
    with ZipFile(parcel) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    copy = tmp_path / "copy.zip"
    copy.write_bytes(as_archive(files))
    return copy


def test_the_same_case_gives_the_same_bytes(case, parcel, tmp_path):
    pack(case, tmp_path / "again.zip")

    assert (tmp_path / "again.zip").read_bytes() == parcel.read_bytes()


def test_all_that_a_case_rests_on_goes_along_and_nothing_else(parcel, case):
    with ZipFile(parcel) as archive:
        names = set(archive.namelist())
    results = {name for name in names if name.startswith(f"results/{case[1].name}/")}

    assert names - results == {
        NAME,
        *(f"scenarios/small/{name}" for name in ("small.yaml", "variant.yaml")),
        *(f"scenarios/small/{name}" for name in ("evidence.csv", "README.md")),
    }
    assert len(results) > 8


def test_a_case_gives_the_same_in_a_bare_folder_elsewhere(
    parcel, case, tmp_path, monkeypatch
):
    bare = tmp_path / "elsewhere"
    bare.mkdir()
    monkeypatch.chdir(bare)
    (bare / "small.case.zip").write_bytes(parcel.read_bytes())

    done = call("unpack", "small.case.zip")

    assert done.exit_code == 0, done.output
    assert "It gives the same here: 2 replications, event by event." in done.stdout
    here = bare / "small" / "scenarios" / "small" / "variant.yaml"
    assert scenario_hash(load(here)) == scenario_hash(load(case[0]))


def test_sender_and_receiver_see_the_same_fingerprint(case, parcel, tmp_path):
    (sent,) = [said for said in pack(case, tmp_path / "a.zip") if "Fingerprint" in said]
    received = Words().of(unpacked(parcel, tmp_path / "b").said[0])

    assert sent.rpartition(": ")[2] == received.rpartition(": ")[2]


@pytest.mark.parametrize("name", ["scenarios/small/evidence.csv", "results"])
def test_a_file_that_was_changed_is_named(parcel, tmp_path, name):
    def change(files):
        (one, *_) = [each for each in sorted(files) if each.startswith(name)]
        files[one] = files[one].replace(b"0", b"1", 1)
        changed.append(one)

    changed = []
    copy = rewritten(parcel, tmp_path, change)
    done = call("unpack", copy, tmp_path / "there")

    assert done.exit_code == 1
    assert f"'{changed[0]}' was changed" in flat(done.stderr)
    assert not (tmp_path / "there").exists()


def test_files_that_are_missing_or_were_added_are_named(parcel, tmp_path):
    def change(files):
        del files["scenarios/small/small.yaml"]
        files["scenarios/small/more.yaml"] = b"operation: more"

    with pytest.raises(UnusableError) as refusal:
        unpacked(rewritten(parcel, tmp_path, change), tmp_path / "there")
    assert "'scenarios/small/small.yaml' is missing" in str(refusal.value)
    assert "'scenarios/small/more.yaml' was added" in str(refusal.value)


def test_what_differs_is_said_if_a_re_run_does(parcel, tmp_path, monkeypatch):
    simulate, here = rerunning.simulate, rerunning.here

    def other(operation, *, seed, replication):
        return simulate(operation, seed=seed + replication, replication=replication)

    monkeypatch.setattr(rerunning, "simulate", other)
    monkeypatch.setattr(
        "sim.handover.unpack.here", lambda: {**here(), "numpy": "0.1", "python": "9"}
    )
    done = call("unpack", parcel, tmp_path / "there")

    assert done.exit_code == 1
    said = flat(done.stdout)
    assert "It does not give the same here: 1 of 2 replications are alike." in said
    assert "What differs: numpy (0.1 here, " in said
    assert "python (9 here, " in said
    assert "scipy" not in said


def test_a_folder_in_which_something_is_stays_as_it_is(parcel, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", "utf-8")

    with pytest.raises(RunError, match="is not empty"):
        unpacked(parcel, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_nothing_is_packed_over_another_file(case, parcel):
    with pytest.raises(RunError, match="is there already"):
        pack(case, parcel)


def test_a_shipped_case_is_packed_by_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call("pack", "two-towns", "-n", 1)

    assert done.exit_code == 0, done.output
    assert [path.name for path in tmp_path.iterdir()] == ["two-towns.case.zip"]
    trial = unpacked(tmp_path / "two-towns.case.zip", tmp_path / "there").tried()
    assert trial.alike


def test_no_place_on_the_machine_of_the_sender_is_in_a_case(parcel, case):
    with ZipFile(parcel) as archive:
        manifest = archive.read(NAME)
    assert str(case[0].parent).encode() not in manifest
    assert str(ROOT).encode() not in manifest


def hostile(path, *entries, kind=stat.S_IFREG, method=0, flags=0):
    """Write an archive of any names; return its file."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in entries:
            info = ZipInfo(name)
            info.filename = name
            info.external_attr = (kind | 0o644) << 16
            info.compress_type = method
            archive.writestr(info, b"x")
    contents = bytearray(buffer.getvalue())
    if flags:
        at = contents.index(b"PK\x01\x02")
        contents[at + 8] |= flags
    path.write_bytes(contents)
    return path


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("entries", "why"),
    [
        (["/etc/passwd"], "names a place outside"),
        (["C:/a"], "names a place outside"),
        (["a\\..\\b"], "names a place outside"),
        (["a/../../b"], "leads out of the folder"),
        (["./a"], "leads out of the folder"),
        (["a//b"], "is no name of a file"),
        (["folder/"], "is no name of a file"),
        (["a/con.txt"], "name of a device"),
        (["LPT¹"], "name of a device"),
        (["nul .csv"], "name of a device"),
        (["a."], "that Windows changes"),
        ([".bashrc"], "begins with a dot"),
        (["a/.ssh/config"], "begins with a dot"),
        (["ab:stream"], "character that no name may have"),
        (["a\u202egpj.exe"], "character that no name may have"),
        (["a\nb"], "character that no name may have"),
        (["/".join("a" * 13)], "too long or too deep"),
        (["a", "a"], "would be one file"),
        (["Straße", "STRASSE"], "would be one file"),
        (["\u00e9", "e\u0301"], "would be one file"),
        (["a", "A/b"], "is a file and a folder"),
    ],
)
def test_a_name_that_no_case_has_is_refused(tmp_path, entries, why):
    parcel = hostile(tmp_path / "a.zip", *entries)

    with pytest.raises(UnusableError, match=why):
        unpacked(parcel, tmp_path / "there")
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"kind": stat.S_IFLNK}, "is a link or a device"),
        ({"kind": stat.S_IFIFO}, "is a link or a device"),
        ({"method": ZIP_BZIP2}, "compressed in a way that is not read"),
        ({"flags": 1}, "is encrypted"),
    ],
)
def test_an_entry_that_is_no_plain_file_is_refused(tmp_path, options, why):
    with pytest.raises(UnusableError, match=why):
        files_in(hostile(tmp_path / "a.zip", "a", **options))


def test_a_bomb_is_refused_before_it_is_opened(tmp_path):
    bomb = tmp_path / "a.zip"
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
        for number in range(31):
            archive.writestr(str(number), bytes(10_000_000))

    assert bomb.stat().st_size < 1_000_000
    with pytest.raises(UnusableError, match="is larger than 300 MB"):
        files_in(bomb)


def test_an_entry_that_is_larger_than_it_says_is_refused(tmp_path):
    liar = tmp_path / "a.zip"
    with ZipFile(liar, "w", ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(1_000_000))
    contents = bytearray(liar.read_bytes())
    at = contents.index(b"PK\x01\x02") + 24
    contents[at : at + 4] = (10).to_bytes(4, "little")
    liar.write_bytes(contents)

    with pytest.raises(UnusableError, match=r"damaged|larger than it says"):
        files_in(liar)


def test_a_file_that_is_damaged_is_named(parcel, tmp_path):
    contents = bytearray(parcel.read_bytes())
    contents[contents.index(b"operation: ")] ^= 1
    copy = tmp_path / "a.zip"
    copy.write_bytes(contents)

    with pytest.raises(UnusableError, match=r"yaml' is damaged"):
        unpacked(copy, tmp_path / "there")


def test_what_the_sender_writes_of_limits_is_not_told_as_ours(parcel, tmp_path):
    def change(files):
        data = json.loads(files[NAME])
        files[NAME] = json.dumps({**data, "limits_of_use": "For anything."}).encode()

    done = call("unpack", rewritten(parcel, tmp_path, change), tmp_path / "there")

    assert "must not be used to find, target or judge" in flat(done.stdout)
    assert "For anything" not in done.output


def test_two_folders_of_results_of_one_name_are_refused(case, tmp_path):
    for above in ("one", "two"):
        (tmp_path / above / "results").mkdir(parents=True)
        (tmp_path / above / "results" / "run.json").write_text("{}")
    folders = [tmp_path / above / "results" for above in ("one", "two")]

    with pytest.raises(RunError, match="two folders of results are called results"):
        [*packed(str(case[0]), folders, tmp_path / "a.zip", 1, 1)]


def test_too_many_files_are_refused(tmp_path):
    parcel = tmp_path / "a.zip"
    with ZipFile(parcel, "w") as archive:
        for number in range(5_001):
            archive.writestr(str(number), b"")

    with pytest.raises(UnusableError, match="more than 5,000 files"):
        files_in(parcel)


def test_a_case_of_one_file_too_many_says_how_many(case, parcel, tmp_path, monkeypatch):
    """The manifest is a file, too."""
    count = len(files_in(parcel))
    monkeypatch.setattr("sim.handover.pack.MOST_FILES", count - 1)

    with pytest.raises(RunError, match=f"has {count} files, more than {count - 1}\\."):
        pack(case, tmp_path / "a.zip")


def with_directory(count, comment=b""):
    """Return an archive with a directory of so many empty files, all at one place."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr("a", b"")
        archive.comment = comment
    contents = buffer.getvalue()
    start = contents.index(b"PK\x01\x02")
    end = contents.index(b"PK\x05\x06")
    size = (count * (end - start)).to_bytes(4, "little")
    record = contents[end : end + 12] + size + contents[end + 16 :]
    return contents[:start] + contents[start:end] * count + record


@pytest.mark.parametrize("comment", [b"", b"PK\x05\x06" + bytes(18)])
def test_the_directory_is_not_read_before_its_size_is_known(
    tmp_path, monkeypatch, comment
):
    """A hundred thousand entries are 5 MB in a file, and many times that as objects."""
    bomb = tmp_path / "a.zip"
    bomb.write_bytes(with_directory(100_000, comment))
    monkeypatch.delattr("sim.handover.archive.ZipFile")

    with pytest.raises(UnusableError, match="more than 5,000 files"):
        files_in(bomb)


def test_the_directory_of_a_workbook_is_not_read_before_its_size_is_known(monkeypatch):
    monkeypatch.delattr("zipfile.ZipFile")

    with pytest.raises(RefusedError, match="unpacks to more than"):
        parts_of(with_directory(80_000))


def test_what_nobody_could_unpack_is_not_packed(case, tmp_path, monkeypatch):
    """The files fit, but not with the list of them and what an archive adds."""
    target = tmp_path / "a.zip"
    pack(case, target)
    size = target.stat().st_size
    target.unlink()
    monkeypatch.setattr("sim.handover.pack.MOST_MB", (size - 1) / 1e6)
    with pytest.raises(RunError, match="Leave out results"):
        pack(case, target)
    monkeypatch.undo()
    monkeypatch.setattr("sim.handover.pack.here", lambda: {"platform": "x" * 101})
    with pytest.raises(RunError, match="as nobody could unpack it"):
        pack(case, target)
    assert not target.exists()


@pytest.mark.parametrize(
    "contents", [b"", b"PK\x05\x06" + bytes(18), b"operation: x", b"PK\x03\x04"]
)
def test_what_is_no_case_is_a_sentence(tmp_path, contents):
    path = tmp_path / "a.zip"
    path.write_bytes(contents)

    with pytest.raises(UnusableError, match="cannot be used"):
        unpacked(path, tmp_path / "there")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 99),
        ("format", None),
        ("files", {}),
        ("scenario", "scenarios/small/none.yaml"),
        ("rerun", {"seed": 1, "logs": []}),
        ("more", 1),
        ("made_with", {"numpy": "1\x1b[2J"}),
    ],
)
def test_a_list_that_makes_no_sense_is_refused(parcel, tmp_path, key, value):
    def change(files):
        data = json.loads(files[NAME])
        files[NAME] = json.dumps({**data, key: value}).encode()

    copy = rewritten(parcel, tmp_path, change)
    with pytest.raises(UnusableError, match="cannot be used"):
        unpacked(copy, tmp_path / "there")
    assert not (tmp_path / "there").exists()


def test_a_name_that_only_the_list_has_changes_no_terminal(parcel, tmp_path):
    """Names in the archive are looked at before; those in the list are the sender's."""

    def change(files):
        data = json.loads(files[NAME])
        data["files"]["\x1b[2Jclean\u202e"] = "0" * 64
        files[NAME] = json.dumps(data).encode()

    with pytest.raises(UnusableError, match=r"'\?\[2Jclean\?' is missing"):
        unpacked(rewritten(parcel, tmp_path, change), tmp_path / "there")


@settings(max_examples=80)
@given(st.data())
def test_no_damage_is_anything_but_a_sentence(parcel, tmp_path_factory, data):
    contents = bytearray(parcel.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(contents) - 1))
        near_the_end = data.draw(st.booleans())
        if near_the_end:
            place = len(contents) - 1 - place % 4000
        contents[place] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "damaged.zip"
    path.write_bytes(contents[: data.draw(st.integers(1, len(contents)))])
    with suppress(UnusableError):  # anything else is a crash
        files_in(path)
