from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.core.batch import Result
from tutor.core.students import file_names, students


def test_results_are_gathered_by_student_and_the_unnamed_stay_apart():
    results = [
        Result("a/1.py", None, "refused", student="alice"),
        Result("b.py", None, "refused"),
        Result("a/2.py", None, "refused", student="alice"),
        Result("c.py", None, "refused"),
    ]
    assert [(each.name, len(each.results)) for each in students(results)] == [("alice", 2), ("b.py", 1), ("c.py", 1)]


@pytest.mark.parametrize("name", ["alice", "José 2", "日本 太郎", "שלום", "a.b_c-d,e+f", "x" * 100, "हिन्दी"])
def test_a_name_that_can_be_a_file_stays(name):
    assert file_names([name]) == {name: name}


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("../../etc/passwd", "_.._etc_passwd-"),
        ("/absolute", "_absolute-"),
        ('a/b\\c:d*?"<>|', "a_b_c_d______-"),
        ("\u202egnp.exe", "_gnp.exe-"),
        ("two\nlines", "two_lines-"),
        (".hidden", "hidden-"),
        ("-rf", "rf-"),
        ("", "student-"),
        ("...", "student-"),
        ("CON", "_CON-"),
        ("nul.md", "_nul.md-"),
        ("ends. ", "ends-"),
        ("\udcff", "_-"),
        ("é" * 100, "é" * 50 + "-"),
    ],
)
def test_any_other_keeps_its_letters_and_gets_a_number(name, begins):
    (found,) = file_names([name]).values()
    assert found.startswith(begins) and len(found.removeprefix(begins)) == 8


def test_names_that_some_file_systems_take_for_one_are_told_apart():
    names = ["Alice", "alice", "José", unicodedata.normalize("NFD", "José"), "bob"]
    found = file_names(names)
    assert found["bob"] == "bob"
    assert len({unicodedata.normalize("NFKC", each).casefold() for each in found.values()}) == 5


@given(st.lists(st.text() | st.text(st.sampled_from("./\\ aA~-\n\u0301CON")), unique=True))
def test_names_of_files_are_safe_everywhere_and_all_different(names):
    found = file_names(names)
    assert set(found) == set(names)
    assert len({unicodedata.normalize("NFKC", each).casefold() for each in found.values()}) == len(names)
    for each in found.values():
        assert each and len(each.encode()) <= 170 and each == each.strip(" .") and each[0] not in "-~."
        assert not set(each) & set('/\\:*?"<>|') and each.isprintable()
        assert each.partition(".")[0].upper() not in ("CON", "NUL", "COM1")


def test_nobody_takes_another_students_file_by_a_name_that_looks_like_its_number():
    mine = "a/b"
    (made,) = file_names([mine]).values()
    found = file_names([mine, made, made.upper()])
    assert len({each.casefold() for each in found.values()}) == 3


def test_a_name_does_not_depend_on_the_others_unless_they_clash():
    assert file_names(["a/b", "alice"])["a/b"] == file_names(["a/b"])["a/b"]
