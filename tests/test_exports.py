"""Every export opens where it is meant to, and says what the run says."""

import csv
import json
import re
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from sim.errors import OptionError, RunError, UnusableError
from sim.exports import EXPORTS, Export, Exported, exported
from sim.exports.kml import NAMESPACE
from sim.exports.spreadsheet import write_table
from sim.exports.xml_text import allowed
from sim.studies import present
from sim.words import Words, say
from tests.commands import call, flat, rows
from tests.exported_case import ALEPPO, FORMULA, LANDS, hard, run_of

HASHTAGS = """access activity adm1 adm2 adm3 adm4 adm5 affected beneficiary capacity
cause channel contact country crisis currency date delivery description event frequency
geo group impact indicator inneed item loc meta modality need operations org output
population reached region respondee sector service severity status subsector targeted
value"""
"""The hashtags of HXL 1.1, as hxlstandard.org publishes them."""
TAG = re.compile(r"#([a-z][a-z0-9_]*)((?:\+[a-z][a-z0-9_]*)*)")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return hard(tmp_path_factory.mktemp("hard"))


@pytest.fixture(scope="module")
def told(results):
    words = Words()
    return [words.of(said) for said in exported(results)]


@pytest.fixture(scope="module")
def folder(results, told):
    return results / "exports"


def test_without_a_name_all_are_written_and_each_is_told(folder, told):
    written = {path.name for path in folder.iterdir()}

    assert written == {
        *("parquet", "hxl", "places.geojson", "places.kml", "events.xes"),
        *("vidigi.csv", "ro-crate.zip", "stress-des.md", "odd.md", "model-card.md"),
    }
    assert not any(said.startswith("Left out") for said in told)
    assert all(any(name in said for said in told) for name in written)


def hxl(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, tags, *found = csv.reader(file)
    return header, tags, found


@pytest.mark.parametrize("name", ["people", "arrivals-by-day", "arrivals-by-hour"])
def test_every_column_has_a_hashtag_of_the_standard(folder, name):
    header, tags, found = hxl(folder / "hxl" / f"{name}.csv")

    matches = [TAG.fullmatch(tag) for tag in tags]
    assert all(match and match[1] in HASHTAGS.split() for match in matches), tags
    assert len(set(tags)) == len(tags) == len(header)
    assert {len(row) for row in found} == {len(header)}


def test_hxl_says_who_arrived_when(folder, results):
    _, tags, found = hxl(folder / "hxl" / "arrivals-by-day.csv")
    people = tags.index("#affected+arrived+ind+median")

    summed = sum(float(row[people]) for row in found)
    assert summed == sum(
        float(row["median_people"]) for row in rows(results / "daily.csv")
    )
    assert summed == 100
    assert found[0][tags.index("#loc+origin+name")] == ALEPPO
    datetime.fromisoformat(found[0][tags.index("#date+occurred")])


def test_a_spreadsheet_knows_the_letters_and_works_nothing_out(folder):
    raw = (folder / "hxl" / "arrivals-by-hour.csv").read_bytes()
    _, tags, found = hxl(folder / "hxl" / "arrivals-by-hour.csv")

    assert raw.startswith(b"\xef\xbb\xbf")
    assert found[0][tags.index("#loc+dest+name")] == f"'{LANDS}"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *((sign + "1+1", f"'{sign}1+1") for sign in "=+-@"),
        ("\tx", "'\tx"),
        ("\r=1", "' =1"),
        ("-1.5", "-1.5"),
        ("a\x00b\nc", "a b c"),
        ('say "no", twice', 'say "no", twice'),
    ],
)
def test_what_a_cell_must_not_do_it_does_not(tmp_path, text, written):
    write_table(tmp_path / "a.csv", [[text, "next"]])

    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [*csv.reader(file)] == [[written, "next"]]


def coordinates(geometry):
    depth = {"Point": 0, "LineString": 1, "MultiLineString": 2}[geometry["type"]]
    points = [geometry["coordinates"]]
    for _ in range(depth):
        points = [point for each in points for point in each]
    return points


def test_geojson_keeps_the_rules_of_rfc_7946(folder):
    collection = json.loads((folder / "places.geojson").read_text("utf-8"))

    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert isinstance(feature["properties"], dict)
        for longitude, latitude in coordinates(feature["geometry"]):
            assert -180 <= longitude <= 180
            assert -90 <= latitude <= 90


def features(folder):
    collection = json.loads((folder / "places.geojson").read_text("utf-8"))
    return {feature["id"]: feature for feature in collection["features"]}


def test_longitude_comes_first_and_positions_are_coarse(folder):
    pocket = features(folder)["pocket"]

    assert pocket["geometry"]["coordinates"] == [179.9, 36.2]
    assert pocket["properties"]["name"] == ALEPPO
    assert features(folder)["refuge"]["geometry"]["coordinates"] == [-179.9, 36.0]


def test_places_say_how_many_were_there_and_came(folder):
    found = features(folder)

    assert found["pocket"]["properties"]["people_at_start"] == 100
    assert found["pocket"]["properties"]["arrived_from_here_median"] == 100
    assert found["refuge"]["properties"]["arrived_here_median"] == 100


def test_a_route_over_the_date_line_is_cut_there(folder):
    route = features(folder)["route/out"]["geometry"]

    assert route["type"] == "MultiLineString"
    west, east = route["coordinates"]
    assert west[-1][0] == 180
    assert east[0][0] == -180
    assert west[-1][1] == east[0][1]


def test_a_place_without_position_is_left_out_and_named(told):
    (said,) = [said for said in told if "places.geojson" in said]

    assert "without position and left out: -2 + 3" in said


def test_kml_says_the_same_places(folder):
    root = ElementTree.parse(folder / "places.kml").getroot()  # noqa: S314 - our own
    spaces = {"k": NAMESPACE}
    places = {
        mark.findtext("k:name", "", spaces): point.text
        for mark in root.iterfind(".//k:Placemark", spaces)
        for point in mark.iterfind("k:Point/k:coordinates", spaces)
    }

    assert root.tag == f"{{{NAMESPACE}}}kml"
    assert places == {ALEPPO: "179.9,36.2", LANDS: "-179.9,36"}
    assert len([*root.iterfind(".//k:LineString", spaces)]) == 2


def test_nothing_is_left_of_what_xml_forbids():
    text = allowed("a\x00b\x0bc\ud800d\uffffe\tf")

    ElementTree.fromstring(f"<a>{text}</a>")  # noqa: S314 - our own
    assert [*text.replace("\N{REPLACEMENT CHARACTER}", "")] == [*"abcde", "\t", "f"]


def test_no_place_on_a_map_is_nothing_to_write(tmp_path):
    results = run_of(tmp_path)

    done = call("export", results, "--as", "kml", "--as", "xes")
    assert done.exit_code == 1
    assert "No place of the scenario says where it is" in flat(done.stderr)
    assert (results / "exports" / "events.xes").exists()
    done = call("export", results, "--to", tmp_path / "all")
    assert done.exit_code == 0
    assert "Left out: geojson. No place of the scenario" in flat(done.stdout)
    assert not (tmp_path / "all" / "places.geojson").exists()


def test_a_run_without_arrivals_and_convoys_is_told(tmp_path):
    results = run_of(tmp_path, sites__pocket__groups__civilians__stay=100)

    done = call("export", results)
    assert done.exit_code == 0, done.output
    said = flat(done.stdout)
    assert "Left out: hxl. Nobody arrives in any of its runs." in said
    assert "Left out: xes. No convoy sets out in the typical run." in said
    assert "Left out: vidigi." in said


def test_what_follows_convoys_or_shows_places_needs_consent(tmp_path, monkeypatch):
    soon = datetime.fromisoformat("2020-01-05T00:00+00:00")
    monkeypatch.setattr(present, "now", lambda: soon)
    at = {"sites__pocket__at": "36, 37"}
    (tmp_path / "no").mkdir()
    (tmp_path / "yes").mkdir()
    without, agreed = (
        run_of(tmp_path / "no", **at),
        run_of(tmp_path / "yes", "--consent", **at),
    )

    done = call("export", without)
    assert done.exit_code == 0, done.output
    for name in ("geojson", "kml", "xes", "vidigi"):
        assert f"Left out: {name}. Not without consent" in flat(done.stdout)
    assert call("export", agreed).exit_code == 0
    banner = "must not be used to route or time vehicles"
    for name in ("places.geojson", "places.kml", "events.xes", "odd.md"):
        assert banner in flat((agreed / "exports" / name).read_text("utf-8"))
    assert "Not for routing" in (agreed / "exports" / "vidigi.csv").read_text("utf-8")


def test_a_misspelt_export_is_answered_with_the_nearest(results):
    done = call("export", results, "--as", "geojsn")

    assert done.exit_code == 2
    assert "Did you mean 'geojson'?" in flat(done.stderr)


def test_damaged_results_are_a_sentence(results, tmp_path):
    copy = tmp_path / "copy"
    for name in ("scenario.yaml", "replications", "run.json", "events.csv"):
        source = results / name
        target = copy / name
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            target.mkdir()
        else:
            target.write_bytes(source.read_bytes())
    (copy / "events.csv").write_text("convoy,kind\na\n", "utf-8")
    with pytest.raises(UnusableError, match=r"events.csv cannot be used"):
        [*exported(copy, ["xes"])]
    (copy / "run.json").write_text("[]", "utf-8")
    with pytest.raises(UnusableError, match=r"run.json cannot be used"):
        [*exported(copy, ["xes"])]


def test_an_export_of_another_run_leaves_nothing_behind(results, tmp_path):
    older = tmp_path / "parquet" / "runs" / "000001.parquet"
    older.parent.mkdir(parents=True)
    older.write_bytes(b"of another run")
    [*exported(results, ["parquet"], tmp_path)]

    assert [path.name for path in older.parent.iterdir()] == ["000000.parquet"]


def test_the_crate_describes_every_file_and_how_it_came_about(folder, results):
    with ZipFile(folder / "ro-crate.zip") as crate:
        described = json.loads(crate.read("ro-crate-metadata.json"))
        inside = set(crate.namelist()) - {"ro-crate-metadata.json"}
    parts = {each["@id"]: each for each in described["@graph"]}

    (action,) = [e for e in parts.values() if e["@type"] == "CreateAction"]
    made = {each["@id"] for each in action["result"]}
    assert inside == made | {"scenario.yaml"}
    assert inside == {
        path.relative_to(results).as_posix()
        for path in results.rglob("*")
        if path.is_file() and "exports" not in path.parts
    }
    assert action["object"] == [{"@id": "scenario.yaml"}] or action["object"] == {
        "@id": "scenario.yaml"
    }
    assert parts[action["instrument"]["@id"]]["name"] == "evacuation-convoys"
    assert parts["./"]["name"] == FORMULA
    assert "TO BE FILLED IN BY THE AUTHOR" in parts["./"]["license"]


def test_the_crate_can_be_read_back(folder, tmp_path):
    from rocrate.rocrate import ROCrate  # noqa: PLC0415 (takes a while)

    with ZipFile(folder / "ro-crate.zip") as crate:
        crate.extractall(tmp_path)
    assert ROCrate(tmp_path).name == FORMULA


def test_a_missing_package_is_a_sentence(results, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "rocrate.rocrate", None)
    with pytest.raises(RunError, match="needs the package rocrate"):
        [*exported(results, ["ro-crate"])]


def test_a_program_may_register_its_own(results, tmp_path):
    def write(run, folder, words):
        path = folder / "answer.txt"
        path.write_text(words.of(say("{n} parts", n=str(len([*run.parts()])))), "utf-8")
        yield Exported(path, "one line")

    EXPORTS.register("answer", Export(say("An answer"), write))
    try:
        (said,) = exported(results, ["answer"], tmp_path)
        assert Words().of(said) == f"{tmp_path / 'answer.txt'}: one line"
        assert (tmp_path / "answer.txt").read_text("utf-8") == "1 parts"
    finally:
        EXPORTS.forget("answer")
    with pytest.raises(OptionError):
        [*exported(results, ["answer"], tmp_path)]


def test_each_export_is_in_the_how_to():
    page = Path(__file__).parents[1] / "docs" / "how-to" / "export.md"
    rows_of = re.findall(r"^\| `([a-z][a-z-]+)` \|", page.read_text("utf-8"), re.M)
    described = set(rows_of)

    assert described == set(EXPORTS)


def test_what_is_left_out_is_told_in_the_language_that_was_asked_for(monkeypatch):
    asked = []

    def noted(*given):
        asked.append(given)
        return []

    monkeypatch.setattr("sim.exports.exported", noted)
    call("export", "any", "--language", "ar")

    assert asked == [(Path("any"), (), None, "ar")]
