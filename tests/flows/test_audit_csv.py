"""``shoji audit`` on a table that somebody else protected: verdict, addresses, and who may see an interval."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows import verbs
from flows.command_line import _main
from flows.table_options import TableOptions
from terms.messages import MESSAGES

SAFE = """d1,d2,value,status
Total,Total,36,shown
Total,f,16,shown
Total,m,20,shown
a,Total,9,shown
a,f,4,u
a,m,5,x
b,Total,14,shown
b,f,6,x
b,m,8,x
c,Total,13,shown
c,f,6,shown
c,m,7,shown
"""
LEAKING = SAFE.replace("a,m,5,x", "a,m,5,s").replace("b,f,6,x", "b,f,6,s").replace("b,m,8,x", "b,m,8,s")


@pytest.fixture
def audit(tmp_path, capfd):
    """Audit a text; exit code, standard output, standard error."""

    def command(text: str | bytes, *options: str, name: str = "table.csv") -> tuple[int, str, str]:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        capfd.readouterr()
        code = _main(["audit", str(path), "--lang", "en", *options])
        said = capfd.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    return command


def rules(answer: str) -> list[str]:
    return [finding["rule"] for finding in json.loads(answer)["findings"]]


def test_a_safe_table_passes_and_says_what_was_asked(audit):
    code, out, err = audit(SAFE)
    assert (code, err) == (0, "")
    first, asked, known = out.splitlines()
    assert first == "PASS: A1 PASS"
    assert "4 hidden cells" in asked and "at least 1 apart" in asked
    assert known == "readers were taken to know: no figure is negative"


def test_a_leak_fails_with_the_address_of_the_cell_and_no_figure(audit):
    code, out, err = audit(LEAKING)
    assert (code, err) == (1, "")
    assert out.splitlines()[0] == "FAIL: A1 FAIL"
    assert "line 6: d1=a, d2=f: " in out
    assert "4" not in "".join(out.splitlines()[3:])


def test_the_answer_to_machines_keeps_the_contract(audit):
    code, out, _ = audit(LEAKING, "--json")
    answer = json.loads(out)
    assert (code, answer["verdict"], answer["tests"]) == (1, "FAIL", {"A1": {"verdict": "FAIL"}})
    assert rules(out) == ["table_cell_determined", "table_truth_found"]
    assert answer["findings"][0]["place"] == "line 6: d1=a, d2=f"
    assert set(answer) == {"verdict", "tests", "findings", "hidden", "width"}


def test_intervals_are_for_operators(audit):
    answer = json.loads(audit(LEAKING, "--json", "--operator")[1])
    assert answer["intervals"] == [{"cell": "line 6: d1=a, d2=f", "low": "4", "high": "4"}]
    assert audit(LEAKING, "--operator")[1].splitlines()[3].endswith("[4]")
    wide = json.loads(audit(SAFE, "--json", "--operator")[1])["intervals"]
    assert wide[0] == {"cell": "line 6: d1=a, d2=f", "low": "0", "high": "9"}


def test_on_a_terminal_the_interval_is_shown(audit, monkeypatch, tmp_path, capfd):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    lines: list[str] = []

    class Voice:
        language, json, operator = "en", False, False

        def tell(self, content, told, err=False):
            lines.extend(told)

    (tmp_path / "table.csv").write_text(LEAKING)
    assert verbs.audit(str(tmp_path / "table.csv"), None, TableOptions(), Voice()) == 1
    assert lines[3].endswith("[4]")


def test_values_of_hidden_cells_decide_nothing_and_are_compared_afterwards(audit):
    wrong = LEAKING.replace("a,f,4,u", "a,f,777,u")
    without = LEAKING.replace("a,f,4,u", "a,f,,u")
    verdicts = [json.loads(audit(text, "--json")[1]) for text in (LEAKING, wrong, without)]
    assert len({json.dumps([each["verdict"], each["findings"][0]]) for each in verdicts}) == 1
    assert [rules(json.dumps(each))[1:] for each in verdicts] == [
        ["table_truth_found"],
        ["table_readers_mislead_themselves"],
        [],
    ]
    assert "777" not in "".join(audit(wrong, "--operator")[1:])


def test_the_width_the_threshold_and_the_base_are_asked_for(audit):
    assert audit(SAFE, "--width", "9")[0] == 0
    assert audit(SAFE, "--width", "10")[0] == 1
    code, out, _ = audit(SAFE, "--k", "5", "--zeros-shown", "--json")
    # Of 1..4 all must be possible; and shown counts below 5 there are none.
    assert (code, json.loads(out)["width"], sorted(json.loads(out)["tests"])) == (0, "3", ["A1", "R2"])
    assert "hidden cells are not empty" in audit(SAFE, "--k", "5", "--zeros-shown")[1]
    code, out, err = audit(SAFE, "--rounding", "5")
    assert (code, out) == (1, "") and err.startswith("shoji: line 2: ")


def test_a_hierarchy_in_a_file_adds_its_sums(audit, tmp_path):
    text = "d1,value,status\nTotal,20,s\nN,8,s\nS,12,s\n1,3,u\n2,5,s\n3,,u\n4,,x\n"
    for content in ("N\n@1\n@2\nS\n@3\n@4\n", "N,Total\nS,Total\n1,N\n2,N\n3,S\n4,S\n"):
        (tmp_path / "d1.hrc").write_text(content)
        code, out, _ = audit(text, "--hierarchy", f"d1={tmp_path / 'd1.hrc'}", "--json")
        assert (code, rules(out)) == (1, ["table_cell_determined", "table_truth_found"])
    # Without it the subtotals would be parts of the total beside their own.
    code, out, _ = audit(text, "--json")
    assert (code, rules(out)) == (1, ["table_contradicts"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_common_encodings_are_read(audit, encoding):
    text = SAFE.replace("Total", "総数").replace("d1", "地域").replace("d2", "性別")
    assert audit(text.encode(encoding))[0] == 0


def test_bytes_of_no_encoding_are_refused_with_their_line(audit):
    code, out, err = audit(SAFE.encode().replace(b"a,f,4", b"a\xff\xfe,f,4"))
    assert (code, out) == (1, "")
    assert err.startswith("shoji: table.csv: line 6: ")


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        (["--k", "1"], "option_number_malformed"),
        (["--width", "wide"], "option_number_malformed"),
        (["--width", "0"], "option_number_malformed"),
        (["--rounding", "-5"], "option_number_malformed"),
        (["--hierarchy", "d1"], "hierarchy_option_malformed"),
        (["--hierarchy", "=x"], "hierarchy_option_malformed"),
    ],
)
def test_options_that_make_no_sense_are_wrong_use(audit, options, rule):
    code, out, err = audit(SAFE, *options)
    assert (code, out) == (2, "")
    assert MESSAGES[rule][0].en in err


def test_a_file_that_is_not_there_is_wrong_use(tmp_path, capfd):
    assert _main(["audit", str(tmp_path / "no.csv"), "--lang", "en"]) == 2
    assert "no.csv: There is no such file." in capfd.readouterr().err


def test_options_of_tables_are_refused_for_releases(tmp_path, capfd):
    assert _main(["audit", str(tmp_path), "--k", "10", "--lang", "en"]) == 2
    assert "tables in a CSV only" in capfd.readouterr().err


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path, capfd):
    (tmp_path / "folder.csv").mkdir()
    assert _main(["audit", str(tmp_path / "folder.csv"), "--lang", "en"]) == 1
    assert "folder.csv: The file cannot be read" in capfd.readouterr().err


def test_everything_is_said_in_japanese_too(tmp_path, capfd):
    path = Path(tmp_path / "table.csv")
    path.write_text(LEAKING)
    assert _main(["audit", str(path), "--lang", "ja"]) == 1
    said = capfd.readouterr().out.splitlines()
    assert "公表値から一つに決まります" in said[3] and "読み手が知るとしたこと" in said[2]


def test_fractions_are_asked_for_or_follow_from_rounding_to_the_last_digit(audit):
    text = "d1,value,status\nTotal,10.0,s\na,,u\nb,,u\nc,9.0,s\n"
    assert "1.00" not in audit(text, "--operator", "--json")[1]
    rounded = json.loads(audit(text, "--rounding", "0.1", "--operator", "--json")[1])
    assert rounded["intervals"][0] == {"cell": "line 3: d1=a", "low": "0", "high": "1.100"}
