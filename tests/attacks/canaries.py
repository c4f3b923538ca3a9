"""Towns with canaries: unusual strings wherever a respondent, or an export, can put one."""

from __future__ import annotations

from pathlib import Path

from tests.towns import Row, Town, csv_bytes, townspeople, write_workbook

WORD = "zqx7f3a"
KANJI = "金糸雀"
NUMBER = "73310077331"
"""Looks like a telephone number: for the places where only a number gets past the first look."""
CANARY = f"{KANJI}-{WORD}"

BORN = "1931-07-13 07:33:10"
"""A date of birth where the time of the answer belongs. It is of the declared kind: the warehouse holds it."""

IDENTIFIERS = ("会員番号", "氏名", "メール", "Cookie ID")
NOT_STORED = ("端末", "【問5】ご意見", "【問3】その他")
"""Ignored, open text, and an option with words of its own."""


def singing_people() -> list[Row]:
    """Good rows: whatever may not be stored is a canary, in the spellings that people use."""
    rows = townspeople(300)
    for number, row in enumerate(rows):
        for header in (*IDENTIFIERS, *NOT_STORED):
            row[header] = f"{CANARY}{number}"
        # Most did not choose the option that takes words: otherwise the question would be withheld.
        row["【問3】その他"] = f"{CANARY}{number}" if number % 3 == 0 else "0"
        row["会員番号"] = (f"{WORD}{number}", f" {WORD.upper()}{number}　", f"{KANJI}{number}")[number % 3]
        row["メール"] = f"{WORD}+{number}@example.jp"
    # The same person twice: the second answer does not count, and is no secret less.
    return [*rows, *({**row, "回答日時": "2026-06-13 23:59:59"} for row in rows[:5])]


def bad_rows() -> list[Row]:
    """One row for every way of being wrong in one column, consent withheld among them."""
    (good,) = townspeople(1, seed=7)
    good |= dict.fromkeys((*IDENTIFIERS, *NOT_STORED), CANARY)
    wrong = {
        "回答日時": (CANARY, BORN, NUMBER),
        "同意": (CANARY,),
        "年齢": (CANARY, NUMBER),
        "【問1】入手方法": (CANARY,),
        "【問2】読む記事": (f"料理、{CANARY}、お金",),
        "【問3】サイト": (CANARY, NUMBER),
        "【問4】年収": (CANARY,),
        "ウェイト": (CANARY, NUMBER, f"-{NUMBER}", f"1.{NUMBER}"),
    }
    rows = [{**good, header: cell} for header, cells in wrong.items() for cell in cells]
    nobody = {**good, "会員番号": "", "氏名": CANARY}
    return [{**row, "会員番号": f"{WORD}bad{number}"} for number, row in enumerate(rows)] + [nobody]


def spoiled_export() -> bytes:
    """Good and bad rows, and rows that are no rows: ragged, with NUL, with a cell of a million letters."""
    good = townspeople(1)[0]
    content = csv_bytes([*singing_people(), *bad_rows()])
    ragged = f"{CANARY},{CANARY}\r\n".encode()
    wide = csv_bytes([{**good, "会員番号": WORD, "more": CANARY}]).splitlines(keepends=True)[1]
    nul = csv_bytes([{**good, "会員番号": WORD, "年齢": f"{CANARY}\0"}]).splitlines(keepends=True)[1]
    long = csv_bytes([{**good, "会員番号": WORD, "【問5】ご意見": CANARY * 100_000}]).splitlines(keepends=True)[1]
    return content + ragged + wide + nul + long


def with_undeclared_code(rows: list[Row]) -> list[Row]:
    """A quasi-identifier with a code that nobody declared: the run is refused."""
    return [*rows[:-1], {**rows[-1], "地区": CANARY}]


HEADERS = {
    "surplus": (CANARY,),
    "twice": (f"{CANARY} ", f"{CANARY}\n"),
    "full_width": ("ＺＱＸ７Ｆ３Ａ", f"\ufeff{WORD.upper()}"),
    "number": (NUMBER,),
    "declared_twice": ("年齢 ",),
}
"""Headers that nobody declared, plain, repeated, and such that normalising makes them the same."""


def headers(kind: str) -> bytes:
    """An export with columns too many."""
    return csv_bytes([row | dict.fromkeys(HEADERS[kind], CANARY) for row in singing_people()])


BREAKING = ("few", "crash", "panic", "opening", "engine", "suite_fails", "suite_errors", "killed", "control")
"""Scenes in which the export is good and something else is not."""


def build(root: Path) -> dict[str, Town]:
    """One town a scene, all with one home and one set of keys under ``root``; the exports lie elsewhere."""
    singing = csv_bytes(singing_people())
    exports = {
        "good": spoiled_export(),
        "refused": csv_bytes(with_undeclared_code(singing_people())),
        "too_many": csv_bytes([*singing_people(), *bad_rows() * 4]),
        "quotes": singing + f'"{CANARY}"{CANARY}\r\n'.encode(),
        "encoding": singing + CANARY.encode("cp932") + b"\xff\r\n",
        "workbook": b"",
        **{f"header_{kind}": headers(kind) for kind in HEADERS},
        **dict.fromkeys(BREAKING, singing),
    }
    towns = {}
    for scene, export in exports.items():
        folder = root.parent / "exports" / scene
        town = towns[scene] = Town.found(folder, f"town_{scene}", home=root / "home", keys=root / "keys")
        town.declare("preset: once", "preset: once\npolicy: {reject_limit_pct: 10}")
        town.export.write_bytes(export)
    towns["few"].freeze(age=0)
    towns["workbook"].declare("file: responses.csv", "file: responses.xlsx")
    book = towns["workbook"].folder / "responses.xlsx"
    write_workbook(book, [*singing_people(), *bad_rows()], sheet=CANARY)
    return towns
