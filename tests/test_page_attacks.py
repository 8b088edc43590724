"""What the planner's own browser does not ask is refused: each attack has its name."""

import io
import os
import socket
import threading
import zipfile
from contextlib import contextmanager
from html import escape

import pytest
import uvicorn
from starlette.websockets import WebSocketDisconnect

from sim.errors import OptionError
from sim.page import server as page_server
from sim.page.app import planners_page
from sim.page.asked import Desk
from sim.page.connections import PatientProtocol
from sim.page.guard import POLICY, Doorway, hosts_of
from sim.page.queues import Queues
from tests.page_desk import HOST, SlowQueue, a_page

CASE = "two-towns"
OURS = f"http://{HOST}"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with a_page(tmp_path_factory.mktemp("attacked")) as page:
        (page.folder / "secret.txt").write_text("the secret", encoding="utf-8")
        yield page


@pytest.fixture(scope="module")
def study(page):
    """Return the folder of results of a study, and its address."""
    address = page.fill(f"en/run/{CASE}", runs="2").headers["location"]
    page.queue.work()
    return page.queue.entry(address.rpartition("/")[2]).folder, address


HOSTS = {
    "another name": "evil.example",
    "another name with our port": "evil.example:8765",
    "a name that ends like ours": "evil-localhost:8765",
    "a name that begins like ours": "localhost.evil.example:8765",
    "our name with another port": "127.0.0.1:80",
    "our name without a port": "127.0.0.1",
    "the machine in the network": "192.168.1.20:8765",
    "any address": "0.0.0.0:8765",
    "ours in another writing": "2130706433:8765",
    "a password before it": "user@127.0.0.1:8765",
    "nothing": "",
    "a path behind it": "127.0.0.1:8765/evil",
}


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_a_foreign_host_is_refused(page, host):
    """So no other name can lead here, as after DNS rebinding."""
    assert page.get("/en/", headers={"host": host}).status_code == 400


CROSS = {
    "cross-site": {"sec-fetch-site": "cross-site"},
    "another port of this machine": {"sec-fetch-site": "same-site"},
    "a foreign origin": {"origin": "https://evil.example"},
    "an origin that is none": {"origin": "null"},
    "our origin with another scheme": {"origin": f"https://{HOST}"},
    "our origin with another port": {"origin": "http://127.0.0.1:80"},
    "a made-up word for a site": {"sec-fetch-site": "same-origin, cross-site"},
}


@pytest.mark.parametrize("headers", CROSS.values(), ids=CROSS)
def test_a_form_of_another_site_is_refused_though_it_knew_the_secret(page, headers):
    data = {"secret": page.door.secret, "name": "taken", "like": CASE}
    refused = page.client.post("/en/", data=data, headers=headers)

    assert refused.status_code == 403
    assert not (page.folder / "scenarios/taken").exists()


EMBEDS = {
    "as a picture": {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
    "as a script": {"sec-fetch-mode": "no-cors", "sec-fetch-dest": "script"},
    "by a script": {"sec-fetch-mode": "cors", "sec-fetch-dest": "empty"},
    "in a frame": {"sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
    "as an object": {"sec-fetch-mode": "navigate", "sec-fetch-dest": "object"},
}


@pytest.mark.parametrize("how", EMBEDS.values(), ids=EMBEDS)
def test_another_site_cannot_embed_or_read_a_page(page, how):
    headers = {"sec-fetch-site": "cross-site", **how}

    assert page.get("/en/", headers=headers).status_code == 403


SECRETS = {
    "none": None,
    "an empty one": "",
    "a wrong one": "x" * 43,
    "one of letters that are none": "\udcff",
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_a_form_without_the_secret_is_refused(page, secret):
    data = {"name": "taken"} | (
        {} if secret is None else {"secret": secret.encode("utf-8", "replace").decode()}
    )

    assert page.client.post("/en/", data=data).status_code == 403


def test_the_secret_in_the_address_is_none(page):
    address = f"/en/?secret={page.door.secret}"
    assert page.client.post(address, data={"name": "taken"}).status_code == 403


def test_the_secret_as_a_file_is_none(page):
    files = {"secret": ("secret", page.door.secret.encode())}
    assert page.client.post("/en/", files=files).status_code == 403


def test_a_form_as_json_is_refused(page):
    data = {"secret": page.door.secret, "name": "taken"}
    assert page.client.post("/en/", json=data).status_code == 415


@pytest.mark.parametrize("path", ["/", "/en/", f"/en/case/{CASE}"])
def test_a_websocket_is_refused(page, path):
    with (
        pytest.raises(WebSocketDisconnect),
        page.client.websocket_connect(path, headers={"host": HOST}),
    ):
        pass


def test_an_upgrade_is_refused(page):
    headers = {"connection": "upgrade", "upgrade": "h2c"}
    assert page.get("/en/", headers=headers).status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(page, method):
    assert page.client.request(method, "/en/").status_code == 405


def test_a_link_changes_nothing(page, study):
    _, address = study
    for action in ("stop", "resume", "remove"):
        page.get(f"{address}?do={action}&secret={page.door.secret}")
    assert "finished" in page.get(address).text


PATHS = {
    "up": "../../secret.txt",
    "up, written otherwise": "%2e%2e/%2e%2e/secret.txt",
    "up, written twice": "%252e%252e%252fsecret.txt",
    "up as on Windows": "..%5c..%5csecret.txt",
    "from the top": "/etc/passwd",
    "from the top after a slash": "%2fetc%2fpasswd",
    "a drive": "C:%5cWindows%5cwin.ini",
    "a share of another machine": "%5c%5cevil.example%5cshare",
    "a device": "con",
    "with an end of text": "report.html%00.png",
    "too long": "a" * 5_000,
}


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_no_name_in_an_address_leads_out_of_a_folder(page, study, path):
    _, address = study
    for before in (f"{address}/files/", "/en/case/", "/en/text/", "/en/file/"):
        answer = page.get(f"{before}{path}")
        assert answer.status_code == 404
        assert "the secret" not in answer.text
        assert "root:" not in answer.text


def test_links_among_results_are_not_followed(page, study):
    folder, address = study
    (folder / "file-link.txt").symlink_to(page.folder / "secret.txt")
    (folder / "folder-link").symlink_to(page.folder)
    answers = [
        page.get(f"{address}/files/{name}")
        for name in ("file-link.txt", "folder-link/secret.txt")
    ]
    with zipfile.ZipFile(io.BytesIO(page.get(f"{address}/all.zip").content)) as files:
        names = files.namelist()
    for link in ("file-link.txt", "folder-link"):
        (folder / link).unlink()

    assert [answer.status_code for answer in answers] == [404, 404]
    assert not [name for name in names if "link" in name]


def test_links_among_cases_are_not_followed(page):
    (page.folder / "elsewhere").mkdir()
    (page.folder / "elsewhere/scenario.yaml").write_text("operation: stolen\n")
    os.symlink(page.folder / "elsewhere", page.folder / "scenarios/linked")
    os.symlink(
        page.folder / "secret.txt", page.folder / f"scenarios/{CASE}/linked.yaml"
    )
    listed = page.get("/en/").text
    answers = [page.get(f"/en/text/{name}") for name in ("linked", f"{CASE}/linked")]
    (page.folder / "scenarios/linked").unlink()
    (page.folder / f"scenarios/{CASE}/linked.yaml").unlink()

    assert "linked" not in listed
    assert [answer.status_code for answer in answers] == [404, 404]


NAMES = {
    "up": "../evil",
    "from the top": "/tmp/evil",  # noqa: S108
    "hidden": ".evil",
    "a script": "<script>alert(1)</script>",
    "a formula": "=cmd|'/c calc'!A0",
    "backwards": "evil\u202eyaml",
    "an end of text": "evil\x00",
    "two lines": "evil\r\nset-cookie: x=y",
    "very long": "e" * 100_000,
    "of blanks": "   ",
}
TITLES = {"a template": "{{ 7 * 7 }}", "a tag": "<b id=evil>evil"}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_hostile_name_of_a_case_is_refused_and_shown_as_it_is(page, name):
    before = {*page.folder.rglob("*")}
    answers = [
        page.fill("en/", do="begin", name=name, like=CASE),
        page.fill(
            "en/",
            do="bring",
            name=name,
            files={"file": ("x.txt", b"operation: evil\n")},
        ),
        page.fill(f"en/change/{CASE}", do="variant", change="shift=24 h", name=name),
    ]

    assert {*page.folder.rglob("*")} == before
    for answer in answers:
        assert answer.status_code == 422
        assert "<script>alert" not in answer.text
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_a_hostile_title_of_a_case_is_shown_as_it_is(page, title):
    begun = page.fill("en/", do="begin", name=title, like=CASE)
    shown = page.get(begun.headers["location"]).text

    assert f"<h1>{escape(title)}</h1>" in shown
    assert "<b id=evil>" not in shown


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_hostile_words_in_every_field_are_refused_and_shown_as_they_are(page, name):
    fields = {
        f"en/run/{CASE}": ("runs", "seed"),
        f"en/change/{CASE}": ("value", "what"),
        f"en/question/probability/{CASE}": ("goal",),
        f"en/question/least/{CASE}": ("choice", "goals", "probability"),
        f"en/question/policies/{CASE}": ("agreement", "policies"),
        f"en/question/best/{CASE}": ("choices", "metric", "apart"),
    }
    for address, names in fields.items():
        answer = page.fill(address, **dict.fromkeys(names, name))
        if name.isspace() and answer.status_code == 303:
            continue  # nothing was filled in, and the usual is taken
        assert answer.status_code == 422, address
        assert "<script>alert" not in answer.text


def test_a_hostile_name_of_a_file_names_nothing(page):
    for name in ("../../evil.yaml", "C:\\evil.yaml", "evil.yaml\x00.exe", "x" * 9_000):
        page.fill(
            "en/", do="bring", name="", files={"file": (name, b"operation: evil\n")}
        )

    assert not [*page.folder.parent.glob("evil*")]
    assert {p.name for p in (page.folder / "scenarios/evil").iterdir()} == {
        "scenario.yaml"
    }


def test_a_title_is_text_wherever_it_stands(page):
    text = page.text_of(CASE).replace("Two towns", "<img src=x onerror=alert(1)>")
    page.fill(
        "en/", do="bring", name="titled", files={"file": ("x.yaml", text.encode())}
    )

    for address in ("/en/", "/en/case/titled", "/en/change/titled", "/en/run/titled"):
        assert "<img" not in page.get(address).text


BOMBS = {
    "of names in names": "a: &a [x]\n"
    + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]\n"
        for i in range(12)
    ),
    "of brackets": "operation: " + "[" * 50_000,
    "of one long line": "operation: " + "x" * 900_000,
    "that makes objects": "operation: !!python/object/apply:os.system [true]\n",
    "that extends the system": "operation: x\nextends: ../../../../etc/passwd\n",
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_a_text_that_is_a_bomb_is_told_as_a_mistake(page, text):
    name = f"bomb-{abs(hash(text))}"
    sent = page.fill(
        "en/", do="bring", name=name, files={"file": ("x.yaml", text.encode())}
    )
    seen = page.get(sent.headers["location"])

    assert seen.status_code == 200
    assert "It cannot be run as it is." in seen.text
    assert "root:" not in seen.text
    assert len(seen.content) < 200_000


def workbook_bomb(*, size=200_000_000):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(size // 1_000_000):
                part.write(b" " * 1_000_000)
    return target.getvalue()


@pytest.mark.parametrize("contents", [b"PK\x03\x04broken", b"", b"\x00" * 1_000])
def test_a_workbook_that_is_none_is_told_as_a_mistake(page, contents):
    name = f"none-{len(contents)}"
    sent = page.fill("en/", do="bring", name=name, files={"file": ("x.xlsx", contents)})

    assert "It cannot be run as it is." in page.get(sent.headers["location"]).text


def test_a_workbook_that_unpacks_to_too_much_is_told_as_a_mistake(page):
    files = {"file": ("x.xlsx", workbook_bomb())}
    sent = page.fill("en/", do="bring", name="unpacks", files=files)

    assert "unpacks to more than" in page.get(sent.headers["location"]).text


def test_a_body_that_says_it_is_too_large_is_refused_unread(page):
    headers = {"content-length": "9000000000"}
    answer = page.client.post("/ar/", content=b"x", headers=headers)
    assert answer.status_code == 413
    assert '<html lang="ar" dir="rtl">' in answer.text
    assert "<title>" in answer.text


def test_a_body_that_turns_out_too_large_is_refused(page):
    def parts():
        yield b"secret=x&name="
        for _ in range(10):
            yield b"x" * 1_000_000

    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = page.client.post("/en/", content=parts(), headers=kind)
    assert answer.status_code in {400, 413}


@pytest.mark.parametrize("length", ["-1", "abc", "1, 2", "٣"])
def test_a_length_that_is_none_is_refused(page, length):
    headers = [(b"content-length", length.encode())]
    answer = page.client.post("/en/", content=b"", headers=headers)
    assert answer.status_code in {400, 413}


def test_too_many_fields_are_refused(page):
    fields = {f"f{number}": "x" for number in range(3_000)}
    assert page.fill("en/", do="begin", name="many", **fields).status_code == 400


def test_several_files_are_refused(page):
    files = [("file", (f"{n}.yaml", b"operation: x\n")) for n in range(3)]
    assert page.fill("en/", do="bring", name="files", files=files).status_code == 400


def test_a_form_of_broken_parts_is_refused(page):
    kind = {"content-type": "multipart/form-data; boundary=x"}
    answer = page.client.post("/en/", content=b"--y\r\nnonsense", headers=kind)
    assert answer.status_code in {400, 403}


def test_an_address_that_is_too_long_is_refused(page):
    assert page.get("/en/?x=" + "x" * 40_000).status_code == 414


def test_every_answer_has_strict_headers(page, study):
    _, address = study
    for asked in ("/en/", "/page.css", "/nothing", f"{address}/files/run.json"):
        headers = page.get(asked).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "server" not in headers
    assert page.get("/en/").headers["cache-control"] == "no-store"
    assert "script" not in POLICY


def test_a_page_among_results_that_was_tampered_with_may_do_nothing(page, study):
    folder, address = study
    (folder / "evil.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    policy = page.get(f"{address}/files/evil.html").headers["content-security-policy"]
    (folder / "evil.html").unlink()

    assert "sandbox allow-scripts" in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2]
    assert "form-action 'none'" in policy
    assert "connect-src" not in policy  # so none, as by default


# Over real connections


@contextmanager
def listening(folder):
    """Give the port of a page that is served as by the program, with less time."""

    class Short(PatientProtocol):
        most, patience_s = 40, 1.0

    with socket.create_server(("127.0.0.1", 0)) as listens:
        port = listens.getsockname()[1]
        door = Doorway(hosts_of(("127.0.0.1",), port), slowest_s=0.5)
        queues = Queues(folder / "results", make=SlowQueue)
        config = uvicorn.Config(
            planners_page(Desk(folder, queues), door),
            http=Short,
            ws="none",
            lifespan="off",
            log_level="critical",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listens],))
        thread.start()
        try:
            yield port
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def port(page):
    with listening(page.folder) as port:
        yield port


def asked(port, text, wait_s=5.0):
    """Return what comes back over one connection; nothing if it is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait_s) as there:
        there.sendall(text)
        found = b""
        try:
            while block := there.recv(65_536):
                found += block
        except ConnectionError:
            pass
        return found


def head(port, *more, method="GET"):
    lines = (f"{method} /page.css HTTP/1.1", f"host: 127.0.0.1:{port}", *more)
    return "\r\n".join([*lines, "", ""]).encode()


def test_an_honest_browser_is_answered(port):
    assert asked(port, head(port, "connection: close")).startswith(b"HTTP/1.1 200")


def test_a_connection_that_asks_nothing_is_closed(port):
    assert asked(port, b"") == b""


def test_a_head_that_never_ends_is_closed(port):
    assert asked(port, head(port)[:-2] + b"x-slow: ") == b""


def test_a_body_that_never_comes_is_refused(port):
    kind = "content-type: application/x-www-form-urlencoded"
    text = head(port, kind, "content-length: 100", method="POST")
    text = text.replace(b"/page.css", b"/en/")
    assert asked(port, text + b"secret=").startswith(b"HTTP/1.1 408")


def test_a_head_that_is_too_large_is_refused(port):
    answer = asked(port, head(port, "x-large: " + "x" * 200_000))
    assert not answer or answer.startswith(b"HTTP/1.1 4")


SMUGGLED = {
    "two lengths": ("content-length: 5", "content-length: 6"),
    "a length and parts": ("content-length: 5", "transfer-encoding: chunked"),
    "parts of another kind": ("transfer-encoding: gzip, chunked",),
    "two hosts": ("host: evil.example",),
    "a blank before the colon": ("content-length : 5",),
}


@pytest.mark.parametrize("more", SMUGGLED.values(), ids=SMUGGLED)
def test_a_head_that_can_be_read_in_two_ways_is_refused(port, more):
    answer = asked(port, head(port, *more, method="POST") + b"hello")
    assert not answer or answer.split()[1][:1] in {b"4", b"5"}


def test_connections_beyond_the_most_are_closed_and_others_go_on(port):
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
    closed = 0
    for each in held[40:]:
        each.settimeout(5)
        try:
            closed += each.recv(1) == b""
        except ConnectionError:
            closed += 1
    for each in held:
        each.close()

    assert closed == 160
    assert asked(port, head(port, "connection: close")).startswith(b"HTTP/1.1 200")


def test_a_page_that_was_killed_opens_again_where_it_was():
    """The system keeps the port for a minute; bookmarks would lead nowhere."""
    with page_server._listening(page_server.LOOPBACK, 0) as listens:
        port = listens.getsockname()[1]
        with socket.create_connection((page_server.LOOPBACK, port)) as browser:
            served, _ = listens.accept()
            served.close()
            assert browser.recv(1) == b""
    with page_server._listening(page_server.LOOPBACK, port) as again:
        assert again.getsockname()[1] == port


def test_two_pages_do_not_listen_at_one_port():
    with page_server._listening(page_server.LOOPBACK, 0) as listens:
        port = listens.getsockname()[1]
        with pytest.raises(OptionError, match="nothing can listen"):
            page_server._listening(page_server.LOOPBACK, port)
