"""Where texts come from, without a network: the server is here."""

from __future__ import annotations

import codecs
import hashlib
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tutor.core.errors import RunError
from tutor.trainer import text as text_module
from tutor.trainer import text_files
from tutor.trainer.text import Named, Text, find_text, offline_english, shipped_names

CONTENT = "To be, or not to be\n" * 20


class Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def named(tmp_path: Path) -> Iterator[dict[str, Named]]:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "play.txt").write_text(CONTENT)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/play.txt"
    sha256 = hashlib.sha256(CONTENT.encode()).hexdigest()
    yield {"play": Named("a play", url, sha256, lambda: Text("help", "Instead, this is help.", "HELP"))}
    server.shutdown()
    server.server_close()


def test_a_named_text_is_downloaded_once(named, tmp_path):
    first = find_text("play", tmp_path / "cache", named)
    assert first.content == CONTENT and "downloaded from http://127.0.0.1" in first.origin
    (tmp_path / "site" / "play.txt").unlink()
    second = find_text("play", tmp_path / "cache", named)
    assert second.content == CONTENT and str(tmp_path / "cache") in second.origin
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["play.txt"]


def test_a_damaged_cache_is_downloaded_again(named, tmp_path):
    find_text("play", tmp_path / "cache", named)
    (tmp_path / "cache" / "play.txt").write_text(CONTENT[:-1])
    assert find_text("play", tmp_path / "cache", named).content == CONTENT


def test_another_text_under_that_address_is_not_taken(named, tmp_path):
    (tmp_path / "site" / "play.txt").write_text(CONTENT + "spam")
    text = find_text("play", tmp_path / "cache", named)
    assert text.content == "HELP" and "SHA-256 differs" in text.origin
    assert not (tmp_path / "cache").exists()


def test_without_a_network_the_fallback_says_what_it_is(named, tmp_path):
    (tmp_path / "site" / "play.txt").unlink()
    text = find_text("play", tmp_path / "cache", named)
    assert (text.title, text.content) == ("help", "HELP")
    assert text.origin.startswith("a play could not be downloaded (") and text.origin.endswith("Instead, this is help.")


def test_what_is_always_there_is_enough_to_train():
    english, names = offline_english(), shipped_names()
    assert len(english.content) > 100_000
    lines = names.content.splitlines()
    assert len(lines) == len(set(lines)) > 500
    assert all(line.isalpha() and line.islower() for line in lines)
    tail = lines[-len(lines) // 10 :]
    assert len({line[0] for line in tail}) > 10  # mixed, so that the validation split is like the rest


def test_a_file_is_read_as_it_is(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_bytes("\ufeffgrüße\r\nzwei\r\n".encode())
    text = find_text(str(path))
    assert text.content == "grüße\nzwei\n" and text.title == "mine.txt"
    assert text.record.characters == len(text.content)


@pytest.mark.parametrize(("data", "sentence"), [(b"\xff\xfe\x00", "not UTF-8"), (None, "There is no file")])
def test_a_file_that_cannot_be_learnt_is_refused(tmp_path, data, sentence):
    path = tmp_path / "mine.txt"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(RunError, match=sentence):
        find_text(str(path))


def test_a_folder_is_its_text_files_in_order(tmp_path):
    for name, data in {
        "b.txt": b"two\r\n",
        "a.txt": b"one",
        "sub/c.md": "drei\u00df".encode(),
        "z.png": b"\x89PNG\0",
        "old.txt": b"caf\xe9",
        ".git/config": b"hidden",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    text = find_text(str(tmp_path))
    assert text.content == "one\ntwo\ndrei\u00df"
    assert "3 files of the folder" in text.origin and "no UTF-8 text: old.txt, z.png." in text.origin


def test_a_folder_without_text_is_refused(tmp_path):
    (tmp_path / "a.bin").write_bytes(b"\xff")
    with pytest.raises(RunError, match="Give a text file, or a folder with some"):
        find_text(str(tmp_path))


def test_a_large_file_is_read_in_pieces_that_are_the_same_text(tmp_path, monkeypatch):
    path, content = tmp_path / "large.txt", "grüße €\r\n\r" * 50
    path.write_bytes(content.encode("utf-8-sig"))
    monkeypatch.setattr(text_module, "LARGE_BYTES", 10)
    for size in range(1, 12):  # every cut through a character and through a line end
        monkeypatch.setattr(text_files, "_PIECE", max(size, 3))
        text = find_text(str(path))
        assert text.content == "" and "".join(text.pieces()) == content.replace("\r\n", "\n")
    monkeypatch.setattr(text_module, "LARGE_BYTES", 10**6)
    assert find_text(str(path)).record == text.record


def test_the_place_of_a_wrong_byte_is_told_in_a_large_file_too(tmp_path, monkeypatch):
    path = tmp_path / "large.txt"
    path.write_bytes(codecs.BOM_UTF8 + "ä".encode() * 500 + b"\xff" + b"a" * 500)
    for size in (7, 10_000):
        monkeypatch.setattr(text_files, "_PIECE", size)
        with pytest.raises(RunError, match=r"not UTF-8 text \(byte 1003\)"):
            list(text_files.pieces((path,)))
