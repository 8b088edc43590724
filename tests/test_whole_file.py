"""Files that are there whole or not at all, whoever else writes them meanwhile."""

import os
from threading import Thread

from sim import whole_file
from sim.whole_file import write_whole


def test_two_threads_that_write_one_file_do_not_take_each_others_draft(
    tmp_path, monkeypatch
):
    """As two tabs of a page do; one of them would end in an error."""
    path, sync = tmp_path / "table.csv", os.fsync
    others = [Thread(target=write_whole, args=(path, b"the other's, which is longer"))]

    def meanwhile(handle):
        sync(handle)
        while others:
            other = others.pop()
            other.start()
            other.join()

    monkeypatch.setattr(whole_file.os, "fsync", meanwhile)
    write_whole(path, b"ours")

    assert path.read_bytes() == b"ours"
    assert [each.name for each in tmp_path.iterdir()] == ["table.csv"]
