"""Keys: made once, kept to oneself, different for every survey."""

from __future__ import annotations

import copy
import hashlib
import hmac
import os
import pickle
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.keys import ROOT_KEY, Key, ledger_key, load_root_key, make_root_key, survey_key
from terms.findings import Refused
from terms.messages import render
from terms.survey import Role
from tests.builders import plain, single, survey

SECRET = bytes(range(32))
READERS = survey([plain("member", Role.DIRECT_IDENTIFIER), single("q1", "ab")])


def rule(caught: pytest.ExceptionInfo) -> str:
    (finding,) = caught.value.findings
    return finding.rule


def with_scope(scope: str | None, name: str = "reader_2026", company: str = "shoji_press"):
    controller = replace(READERS.controller, company=company)
    respondents = replace(READERS.respondents, scope=scope)
    return replace(READERS, name=name, controller=controller, respondents=respondents)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_root_key(tmp_path / "keys")
    return tmp_path / "keys"


def test_a_made_key_is_32_random_bytes_for_its_owner_alone(folder, tmp_path):
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / ROOT_KEY).stat().st_mode) == 0o600
    assert (folder / ROOT_KEY).stat().st_size == 32
    make_root_key(tmp_path / "other")
    assert (folder / ROOT_KEY).read_bytes() != (tmp_path / "other" / ROOT_KEY).read_bytes()


def test_a_made_key_is_private_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        make_root_key(tmp_path / "keys")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys" / ROOT_KEY).stat().st_mode) == 0o600


def test_a_key_is_loaded_as_it_was_made(folder, tmp_path):
    assert load_root_key(folder, tmp_path / "home") == Key((folder / ROOT_KEY).read_bytes())
    assert load_root_key(folder, tmp_path / "home") != Key(SECRET)


def test_a_key_is_never_overwritten(folder):
    before = (folder / ROOT_KEY).read_bytes()
    with pytest.raises(Refused) as caught:
        make_root_key(folder)
    assert rule(caught) == "key_exists"
    assert (folder / ROOT_KEY).read_bytes() == before


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_hint_about_a_missing_key_makes_one_that_is_accepted(tmp_path, language):
    with pytest.raises(Refused) as caught:
        load_root_key(tmp_path / "my keys", tmp_path / "home")
    assert rule(caught) == "key_missing"
    line = render(caught.value.findings[0], language).split("`")[1]
    assert str(tmp_path) not in line
    shell = {"PATH": os.environ["PATH"], "SHOJI_KEYS": str(tmp_path / "my keys")}
    subprocess.run(["sh", "-c", line], env=shell, check=True)
    key = load_root_key(tmp_path / "my keys", tmp_path / "home")
    assert subprocess.run(["sh", "-c", line], env=shell, check=False, capture_output=True).returncode != 0
    assert load_root_key(tmp_path / "my keys", tmp_path / "home") == key


def test_a_file_where_the_key_folder_should_be_is_a_missing_key(tmp_path):
    (tmp_path / "keys").write_bytes(b"")
    with pytest.raises(Refused) as caught:
        load_root_key(tmp_path / "keys", tmp_path / "home")
    assert rule(caught) == "key_missing"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o602])
def test_a_key_that_others_can_reach_is_refused(folder, tmp_path, mode):
    (folder / ROOT_KEY).chmod(mode)
    with pytest.raises(Refused) as caught:
        load_root_key(folder, tmp_path / "home")
    assert rule(caught) == "key_open_to_others"


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o711])
def test_a_key_folder_that_others_can_enter_is_refused(folder, tmp_path, mode):
    folder.chmod(mode)
    with pytest.raises(Refused) as caught:
        load_root_key(folder, tmp_path / "home")
    assert rule(caught) == "key_open_to_others"


def test_a_key_that_its_owner_can_only_read_is_accepted(folder, tmp_path):
    (folder / ROOT_KEY).chmod(0o400)
    load_root_key(folder, tmp_path / "home")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_of_another_size_is_refused(folder, tmp_path, size):
    (folder / ROOT_KEY).write_bytes(b"k" * size)
    with pytest.raises(Refused) as caught:
        load_root_key(folder, tmp_path / "home")
    assert rule(caught) == "key_wrong_size"


def test_a_key_behind_a_link_is_refused(folder, tmp_path):
    (folder / ROOT_KEY).rename(tmp_path / "elsewhere")
    (folder / ROOT_KEY).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Refused) as caught:
        load_root_key(folder, tmp_path / "home")
    assert rule(caught) == "key_is_link"


def test_a_folder_called_like_the_key_is_refused(tmp_path):
    (tmp_path / "keys" / ROOT_KEY).mkdir(parents=True, mode=0o700)
    with pytest.raises(Refused) as caught:
        load_root_key(tmp_path / "keys", tmp_path / "home")
    assert rule(caught) == "key_unreadable"


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        pytest.param("", "keys_inside_home", id="keys_inside_home"),
        pytest.param("keys", "keys_inside_home", id="one_folder_for_both"),
        pytest.param("keys/home", "home_inside_keys", id="home_inside_keys"),
        pytest.param("link", "keys_inside_home", id="through_a_link"),
    ],
)
def test_keys_and_home_are_kept_apart(folder, tmp_path, home, expected):
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(Refused) as caught:
        load_root_key(folder, tmp_path / home)
    assert rule(caught) == expected


def test_a_neighbour_with_a_similar_name_is_no_relation(folder, tmp_path):
    load_root_key(folder, tmp_path / "keys-and-more")


def test_a_key_shows_itself_to_nobody():
    key = Key(SECRET)
    shown = [repr(key), str(key), f"{key}", f"{key!r}", repr([key]), repr({"key": key})]
    assert all("hidden" in text and "\\x01" not in text and SECRET.hex() not in text for text in shown)
    assert not hasattr(key, "__dict__")
    for escape in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError) as caught:
            escape(key)
        assert SECRET.hex() not in str(caught.value)


def hkdf(secret: bytes, info: bytes) -> bytes:
    """RFC 5869 for one block of output and no salt, by hand."""
    extracted = hmac.new(bytes(32), secret, hashlib.sha256).digest()
    return hmac.new(extracted, info + b"\x01", hashlib.sha256).digest()


def test_survey_keys_are_hkdf_of_company_and_survey():
    info = b'["shoji", "respondents", "shoji_press", "survey", "reader_2026"]'
    assert survey_key(Key(SECRET), with_scope(None)) == Key(hkdf(SECRET, info))
    assert ledger_key(Key(SECRET)) == Key(hkdf(SECRET, b'["shoji", "ledger"]'))


def test_only_surveys_of_one_company_and_scope_share_a_key():
    root = Key(SECRET)
    assert survey_key(root, with_scope("club", "one")) == survey_key(root, with_scope("club", "two"))
    apart = [
        survey_key(root, with_scope(None, "one")),
        survey_key(root, with_scope(None, "two")),
        survey_key(root, with_scope("one", "two")),
        survey_key(root, with_scope("club", company="another_press")),
        survey_key(root, with_scope("club")),
        survey_key(Key(SECRET[::-1]), with_scope("club")),
        ledger_key(root),
        root,
    ]
    assert all(one != other for i, one in enumerate(apart) for other in apart[:i])


@given(st.binary(min_size=1, max_size=200), st.binary(max_size=200))
def test_pads_make_hmac(secret, message):
    inner, outer = Key(secret).pads()
    by_hand = hashlib.sha256(outer + hashlib.sha256(inner + message).digest()).hexdigest()
    assert by_hand == hmac.new(secret, message, hashlib.sha256).hexdigest() == Key(secret).sign(message)
