"""How a run can end without a new release, and what nobody foresaw."""

from __future__ import annotations

from terms.words import Text

MESSAGES: dict[str, tuple[Text, Text]] = {
    "fieldwork_not_over": (
        Text(ja="調査期間が終わっていません。", en="fieldwork is not over."),
        Text(
            ja="{after} 以降に実行すれば、一度だけ公表します。",
            en="The survey is published once, by a run on or after {after}.",
        ),
    ),
    "nothing_new": (
        Text(ja="{release} と同じ集団・計画・規則です。", en="same people, codebook and policy as {release}."),
        Text(ja="", en=""),
    ),
    "published_once": (
        Text(
            ja="{release} ですでに公表しました。その後、回答か計画か規則が変わっています。"
            "二つの公表の差から個人の回答が分かるため、二度目は公表しません。",
            en="already published as {release}. People, codebook or policy have changed since, and the difference "
            "between two releases would give answers away.",
        ),
        Text(
            ja="変更を戻してください。同じ人たちの回答は、別の名前の調査としても二度と公表できません。"
            "新しい調査期間の新しい回答だけが、別の調査(wave)になります。",
            en="Undo the change. Answers of the same people cannot be published again under another name either; "
            "only new answers of a new fieldwork are a survey (wave) of their own.",
        ),
    ),
    "dry_run": (
        Text(ja="すべての検査に合格しました。", en="every check passed."),
        Text(ja="公表するには --dry-run を外してください。", en="Leave out --dry-run to publish."),
    ),
    "attacker_broken": (
        Text(
            ja="わざと仕込んだ漏れを攻撃者が見つけませんでした。",
            en="the attacker did not find a leak that was planted for it.",
        ),
        Text(
            ja="検査そのものが壊れています。管理者に連絡してください。",
            en="The check itself is broken: report it and publish nothing.",
        ),
    ),
    "joint_interval_narrow": (
        Text(
            ja="属性の内訳を知る人には、切り口やウェイトを合わせると伏せた数が分かります。",
            en="whoever knows the demographics can work out hidden counts from all breaks and weights together.",
        ),
        Text(
            ja="この設問の切り口を一つ外してください(一方から他方が決まる切り口は一つの階層にまとめます)。",
            en="Leave one break of this question out; where one break follows from another, make them one hierarchy.",
        ),
    ),
    "statement_malformed": (
        Text(ja="公表物の規則を読めません。", en="the rules of this release cannot be read."),
        Text(ja="shoji verify でフォルダを確かめてください。", en="Check the folder with `shoji verify`."),
    ),
    "policy_width_impossible": (
        Text(ja="幅は 1 から {most} までです。", en="the width must be between 1 and {most}."),
        Text(ja="width を消すか直してください。", en="Remove width or correct it."),
    ),
    "answer_unwritten": (
        Text(ja="結果を書き出せませんでした({code})。", en="the answer could not be written ({code})."),
        Text(
            ja="出力先の空きを確かめ、shoji status で実行の結果を見てください。",
            en="Check the space where the output goes, and see with shoji status how the run ended.",
        ),
    ),
    "orchestrator_failed": (
        Text(
            ja="Prefect を起動できないか、接続できません({type})。",
            en="Prefect did not start or could not be reached ({type}).",
        ),
        Text(
            ja="もう一度実行するか、Prefect の要らない shoji release SURVEY を使ってください。起動が遅いときは "
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS を大きくしてください。",
            en="Run it again, or use shoji release SURVEY, which needs no orchestrator; where it starts slowly, raise "
            "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS.",
        ),
    ),
    "unexpected_error": (
        Text(ja="想定外の誤り({type}、{at})が起きました。", en="something unforeseen happened ({type} at {at})."),
        Text(
            ja="何も公表していません。この一行を添えて報告してください(値は含みません)。",
            en="Nothing was published. Please report this line; it holds no values.",
        ),
    ),
}
