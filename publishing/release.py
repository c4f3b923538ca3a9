"""The files of one release folder."""

from __future__ import annotations

from publishing.cells_csv import cells_csv, codes_csv
from publishing.edition import make_edition
from publishing.frame import check
from publishing.package import data_package
from publishing.page import page
from publishing.statement import privacy_statement
from publishing.workbook import workbook
from terms.release import ReleaseContent


def build_release(content: ReleaseContent) -> dict[str, bytes]:
    """Relative path -> bytes of every file of the release but ``SHA256SUMS``.

    Equal content gives equal bytes on any machine. Every number in any file is a displayed figure of
    ``content.cells`` or a declared constant; a hidden figure is in none of them, because it is not in the frame.

    Raises :class:`terms.findings.Refused` where a verdict is missing or not ``PASS``, and
    :class:`terms.findings.Fault` where the frame is malformed or contradicts itself.
    """
    check(content)
    edition = make_edition(content)
    files = {"data/cells.csv": cells_csv(content), "data/codes.csv": codes_csv(content)}
    files["datapackage.json"] = data_package(content, files)
    files["tables.xlsx"] = workbook(content, edition)
    files["index.html"] = page(edition)
    files["privacy-statement.json"] = privacy_statement(content, edition, files)
    return dict(sorted(files.items()))
