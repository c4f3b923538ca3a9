"""What can be wrong with an export file."""

from __future__ import annotations

from terms.words import Text

MESSAGES: dict[str, tuple[Text, Text]] = {
    "source_missing": (
        Text(
            ja="ファイルがありません。",
            en="There is no such file.",
        ),
        Text(
            ja="宣言の sources の file と置き場所を確かめるか、--source でファイルを指定してください。",
            en="Check sources.file in the declaration and where the file lies, or name one with --source.",
        ),
    ),
    "source_is_a_folder": (
        Text(
            ja="ファイルではなくフォルダーです。",
            en="This is a folder, not a file.",
        ),
        Text(
            ja="回答データのファイルそのものを指定してください。",
            en="Name the export file itself.",
        ),
    ),
    "source_not_a_file": (
        Text(
            ja="通常のファイルではありません(パイプや装置など)。",
            en="This is not an ordinary file (a pipe or a device).",
        ),
        Text(
            ja="回答データをファイルに保存してから指定してください。",
            en="Save the export to a file and name that.",
        ),
    ),
    "source_unreadable": (
        Text(
            ja="ファイルを読めませんでした。",
            en="The file could not be read.",
        ),
        Text(
            ja="読み取り権限とディスクの状態を確かめてください。",
            en="Check that you may read it, and that its disk is in order.",
        ),
    ),
    "source_changed": (
        Text(
            ja="読んでいる間にファイルが変わりました。",
            en="The file changed while it was read.",
        ),
        Text(
            ja="書き出しやコピーが終わってから、もう一度実行してください。何も取り込んでいません。",
            en="Run again when the export or copy is complete. Nothing was taken in.",
        ),
    ),
    "source_empty": (
        Text(
            ja="ファイルに何も書かれていません。",
            en="The file holds nothing.",
        ),
        Text(
            ja="書き出しをやり直してください。",
            en="Export it again.",
        ),
    ),
    "source_too_large": (
        Text(
            ja="ファイル(圧縮されていれば展開後)が {most_gib} GiB を超えています。",
            en="The file (unpacked, where it is compressed) is larger than {most_gib} GiB.",
        ),
        Text(
            ja="正しいファイルか確かめ、大きい場合は複数の source に分けてください。",
            en="Check that it is the right file; split a larger one into several sources.",
        ),
    ),
    "source_has_no_rows": (
        Text(
            ja="見出しだけで、回答の行がありません。",
            en="There is a header, but no answer below it.",
        ),
        Text(
            ja="書き出しの条件(期間、回答の状態)を確かめてください。",
            en="Check the filters of the export (dates, completed answers).",
        ),
    ),
    "gzip_broken": (
        Text(
            ja="gzip ファイルが壊れているか、途中で切れています。",
            en="The gzip file is damaged or cut off.",
        ),
        Text(
            ja="もう一度コピーするか、書き出してください。",
            en="Copy or export it again.",
        ),
    ),
    "encoding_name_unknown": (
        Text(
            ja="文字コード {encoding} を知りません。",
            en="No encoding is called {encoding}.",
        ),
        Text(
            ja="auto、utf-8、utf-16、cp932 などを宣言してください。",
            en="Declare auto, utf-8, utf-16, cp932 or another encoding of text files.",
        ),
    ),
    "encoding_does_not_fit": (
        Text(
            ja="文字コード {encoding} では読めないバイトがあります。",
            en="There is a byte that {encoding} does not know.",
        ),
        Text(
            ja="encoding を auto にするか、正しい文字コードを宣言してください。正しければファイルが壊れています。",
            en="Declare encoding: auto, or the right one; if it is right, the file is damaged.",
        ),
    ),
    "encoding_unknown": (
        Text(
            ja="文字コードがわかりません。UTF-8 でないバイトがあり、CP932 の日本語にも見えません。",
            en="The encoding cannot be told: a byte is not UTF-8, and the text does not look like CP932 Japanese.",
        ),
        Text(
            ja="sources の encoding に宣言してください(例: cp932、mac_roman)。",
            en="Declare it under sources.encoding (cp932 or mac_roman, for example).",
        ),
    ),
    "delimiter_not_one_character": (
        Text(
            ja="区切り文字は引用符・空白・改行以外の 1 文字でなければなりません。",
            en="A delimiter is one character, and no quotation mark, blank or line break.",
        ),
        Text(
            ja='sources の delimiter を ","、";" または "\\t" にしてください。',
            en='Declare sources.delimiter as ",", ";" or "\\t", or leave it out.',
        ),
    ),
    "delimiter_wrong": (
        Text(
            ja="すべてが 1 列になりました。宣言には {declared} 列あります。",
            en="Everything is in one column; {declared} are declared.",
        ),
        Text(
            ja="区切り文字が違います。sources の delimiter を正しく宣言するか、省いて自動判定にしてください。",
            en="Declare the right one under sources.delimiter, or leave it out: comma, tab and semicolon are tried.",
        ),
    ),
    "quotes_broken": (
        Text(
            ja="この行から始まるレコードの引用符が対になっていません。",
            en="The quotation marks of the record that begins here do not match.",
        ),
        Text(
            ja='この先はレコードの境目がわかりません。セルの中の引用符は二重("")にして書き出し直してください。',
            en='Where the next record begins cannot be known. Export again with quotes inside cells doubled ("").',
        ),
    ),
    "header_rows_wrong": (
        Text(
            ja="見出しは {declared} 行と宣言されていますが、{found} 行のようです。",
            en="{declared} header rows are declared, but there seem to be {found}.",
        ),
        Text(
            ja="sources の header_rows を {found} にし、各列の header を「 / 」でつないだ見出しにしてください。",
            en='Set sources.header_rows to {found}; headers of several rows are declared joined with " / ".',
        ),
    ),
    "no_declared_column": (
        Text(
            ja="宣言された {declared} 列のどの見出しもありません(ファイルは {columns} 列)。",
            en="None of the {declared} declared columns is there (the file has {columns}).",
        ),
        Text(
            ja="別の調査のファイルではないか、header と header_rows が合っているか確かめてください。",
            en="Check that the file belongs to this survey, and the declared header texts and header_rows.",
        ),
    ),
    "column_undeclared": (
        Text(
            ja="宣言されていない列です(見出しは伏せています)。",
            en="This column is not declared (its header is withheld).",
        ),
        Text(
            ja="columns に役割を付けて加えてください。使わない列は role: ignored とします。",
            en="Add it to columns with its role; role: ignored for a column that is not needed.",
        ),
    ),
    "column_missing": (
        Text(
            ja="宣言された列がファイルにありません。",
            en="This declared column is not in the file.",
        ),
        Text(
            ja="header を書き出しの見出しに合わせてください。ないことがある列なら optional: true とします。",
            en="Make its header the one in the export, or declare optional: true where it may be absent.",
        ),
    ),
    "column_twice": (
        Text(
            ja="この列に当てはまる見出しが 2 つあります({first} 列目と {second} 列目)。",
            en="Two columns carry a header declared for it (columns {first} and {second}).",
        ),
        Text(
            ja="header の候補を減らし、残りの列は別の名前で宣言してください。",
            en="Take one of the alternatives out of header, and declare the other column by itself.",
        ),
    ),
    "column_declared_twice": (
        Text(
            ja="1 つの列に 2 つ以上の宣言が当てはまります: {fields}。",
            en="More than one declaration claims this column: {fields}.",
        ),
        Text(
            ja="それぞれ別の header にしてください。同じ見出しの 2 つ目は「見出し #2」です。",
            en='Give each its own header; the second column of the same header text is "text #2".',
        ),
    ),
    "keep_leaves_nothing": (
        Text(
            ja="keep の条件に合う行がありません(列 {column})。",
            en="No row meets the condition of keep (column {column}).",
        ),
        Text(
            ja="keep.values がファイルの書き方と同じか確かめてください。",
            en="Check that keep.values are written as in the file.",
        ),
    ),
    "workbook_unreadable": (
        Text(
            ja="Excel ブックとして読めません。",
            en="This cannot be read as an Excel workbook.",
        ),
        Text(
            ja="ファイルが壊れているか、.xlsx ではありません。Excel で開いて .xlsx として保存し直してください。",
            en="It is damaged or no .xlsx. Open it in Excel and save it again as .xlsx.",
        ),
    ),
    "workbook_old_or_locked": (
        Text(
            ja="古い形式(.xls)か、パスワード付きのブックです。",
            en="This workbook is of the old kind (.xls) or locked with a password.",
        ),
        Text(
            ja="パスワードなしの .xlsx として保存し直してください。",
            en="Save it as .xlsx without a password.",
        ),
    ),
    "sheet_not_declared": (
        Text(
            ja="ブックにシートが {sheets} 枚あり、どれを読むか宣言されていません。",
            en="The workbook has {sheets} sheets and none is declared.",
        ),
        Text(
            ja="sources の sheet にシート名を宣言してください。",
            en="Name the sheet under sources.sheet.",
        ),
    ),
    "sheet_missing": (
        Text(
            ja="シート {sheet} がありません(ブックには {sheets} 枚)。",
            en="There is no sheet {sheet} (the workbook has {sheets}).",
        ),
        Text(
            ja="sources の sheet をブックのシート名に合わせてください。",
            en="Make sources.sheet the name of the sheet in the workbook.",
        ),
    ),
    "ragged_row": (
        Text(
            ja="セルの数が見出しと合わない行です。",
            en="This row has more or fewer cells than the header.",
        ),
        Text(
            ja="元のファイルのその行(区切り文字、引用符、途中で切れていないか)を直してください。",
            en="Mend the row in the file: delimiters, quotation marks, or a row cut off.",
        ),
    ),
    "nul_in_row": (
        Text(
            ja="NUL 文字を含む行です。",
            en="This row holds a NUL character.",
        ),
        Text(
            ja="壊れた書き出しの印です。書き出し直すか、その行を直してください。",
            en="That is the mark of a damaged export: export again, or mend the row.",
        ),
    ),
    "cell_too_long": (
        Text(
            ja="1,000,000 文字を超えるセルです。",
            en="This cell is longer than 1,000,000 characters.",
        ),
        Text(
            ja="閉じていない引用符がないか、その行を確かめてください。",
            en="Look at the row: a quotation mark may have been opened and closed far below.",
        ),
    ),
    "cell_is_an_error": (
        Text(
            ja="Excel のエラー値(#N/A など)のセルです。",
            en="This cell is an Excel error (such as #N/A).",
        ),
        Text(
            ja="ブックの数式を直すか、値にしてください。無回答なら空にします。",
            en="Mend the formula or put a value; where there was no answer, leave the cell empty.",
        ),
    ),
}
