"""Reports of runs: the numbers of `summary` as tables and plots, harmless whatever the data holds; judges, clocks."""

from __future__ import annotations

import io
import json
import random
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from commands.evaluate import evaluate
from commands.evaluation_progress import going
from evaluation.clocks import clocks_in
from evaluation.lines import take_off_cut
from evaluation.published import MARKS, PAPER
from evaluation.records import Benchmark, Question, Record
from evaluation.report import writing
from evaluation.report.figures import figures
from evaluation.report.settings_used import FILE as SETTINGS
from evaluation.report.settings_used import SettingsUsed, read_used
from evaluation.report.wording import percent
from evaluation.runner import RECORDS
from evaluation.shuffling import RELEASED
from evaluation.statistics import wilson
from evaluation.summary import summary
from evaluation.verdicts import FILE as JUDGED
from evaluation.verdicts import Verdict, judged_score, read_verdicts, seen
from tests.fake_server import FakeReply, FakeServer, Request, scripted, text_of
from tests.media import make_video
from tests.scripted import cite, settings_for
from tests.test_scores import cited, record
from tools.errors import BadInput
from tools.settings import Settings

EVIL = "<script>alert(1)</script>"
WORST = f"{EVIL}\"'> | `x` [a](javascript:b) ![i](http://x.test/p.png) \x1b[2J\u202e</svg></style> & www.x.test"
TYPES = ("ER", "EU", "KIR", "TG", "Rea", "Sum")


def made(count: int = 300, seeds: tuple[int, ...] = (RELEASED,), evil: str = "") -> tuple[Benchmark, list[Record]]:
    """A run over questions like LVBench's: six about a video, some failed, some missing, some insufficient."""
    chosen = random.Random(4)
    asked: list[Question] = []
    for number in range(count):
        video, length = f"video{number // 6}{evil}", 1700.0 + 131 * (number // 6)
        start = chosen.uniform(0, length - 60)
        asked.append(
            Question(
                f"q{number}{evil}",
                video,
                f"What is number {number}?{evil}",
                ("one", "two", "three", "four"),
                chosen.randrange(4),
                categories={
                    f"question_type{evil}": tuple(chosen.sample(TYPES, chosen.choice([1, 1, 2]))),
                    "video_type": (f"sport{evil}" if number % 2 else "live",),
                },
                evidence=((start, start + 30),),
                duration=length,
                defects=("a known fault",) if number % 50 == 7 else (),
                corrected=2 if number % 50 == 7 else None,
            )
        )
    records: list[Record] = []
    for seed in seeds:
        for one in asked[: count - 6] if count > 6 else asked:
            rounds, good = chosen.choice([0, 0, 1, 2, 4]), chosen.random() < 0.6
            status = chosen.choices(["answered", "insufficient", "failed"], [90, 7, 3])[0]
            wrong = chosen.choice([at for at in range(4) if at != one.answer])
            picked = None if status == "failed" else one.answer if good else wrong
            spent = chosen.randrange(2000, 90000)
            at = one.evidence[0][0] + chosen.uniform(-60, 60)
            records.append(
                record(
                    one,
                    picked,
                    seed=seed,
                    status=status,
                    rounds=rounds,
                    confidence=None if status == "failed" else round(chosen.random(), 3),
                    evidence=cited((max(0.0, at), max(0.0, at) + 20)),
                    error=f"VideoError: it broke{evil}" if status == "failed" else None,
                    usage={"reasoner_calls": 3, "prompt_tokens": spent, "completion_tokens": 100, "frames": 40},
                    seconds=10.0 + rounds,
                    trace={"models": {"reasoner": f"some:model{evil}"}, "videos": []},
                    categories={kind: list(names) for kind, names in one.categories.items()},
                )
            )
    return Benchmark("lvbench", tuple(asked), published=PAPER["lvbench"]), records


class Seen(HTMLParser):
    """What an HTML page is made of: tags with attributes, and tables as rows of cells under their section."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.sections: dict[str, list[list[str]]] = {}
        self.words: list[str] = []
        self._within: list[str] = []
        self._title = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "h2":
            self._title = ""
        if tag == "tr":
            self.sections.setdefault(self._title, []).append([])
        if tag in ("td", "th"):
            self.sections[self._title][-1].append("")
        if tag not in ("meta", "link", "img", "br"):
            self._within.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._within.pop() == tag, "tags are closed in order"

    def handle_data(self, data: str) -> None:
        inner = self._within[-1] if self._within else ""
        if inner == "h2":
            self._title += data
        if inner in ("td", "th"):
            self.sections[self._title][-1][-1] += data
        if inner != "style":
            self.words.append(data)

    def row(self, section: str, name: str) -> list[str]:
        return next(row for row in self.sections[section] if row[0] == name)


def written(
    folder: Path, benchmark: Benchmark, records: list[Record], **more: Any
) -> tuple[dict[str, Any], str, str, Seen]:
    told = summary(benchmark, records, more.pop("clocks", None), more.pop("verdicts", ()))
    paths = writing.write(writing.report(benchmark, records, told, **more), folder)
    plain, page = (path.read_text("utf-8") for path in paths)
    return told, plain, page, Seen(page)


def cells(rate: dict[str, Any]) -> list[str]:
    return [f"{rate['right']} of {rate['of']}", percent(rate["value"])]


def test_the_numbers_of_the_page_are_those_of_the_summary(tmp_path: Path) -> None:
    benchmark, records = made()
    told, plain, _, page = written(tmp_path, benchmark, records)
    assert page.row("Accuracy", "released")[1:3] == cells(told["released"]["accuracy"])
    assert page.row("Accuracy", "released, official")[1:3] == cells(told["released"]["official"])
    assert page.row("Accuracy", "cleaned")[1:3] == cells(told["cleaned"]["accuracy"])
    low, high = told["released"]["accuracy"]["low"] * 100, told["released"]["accuracy"]["high"] * 100
    assert page.row("Accuracy", "released")[3] == f"{low:.1f} – {high:.1f}"
    for names in told["released"]["by_category"].values():
        for name, rate in names.items():
            assert page.row("By category", name)[1:3] == cells(rate)
    for name, rate in told["endings"].items():
        assert page.row("How questions ended", name.replace("_", " "))[1:3] == cells(rate)
    for count, rate in told["answered_by_rounds"].items():
        name = "from coarse memory" if count == "0" else count
        assert page.row("How questions ended", name)[1:3] == cells(rate)
    assert page.row("Grounding", "evidence hits the reference")[1:3] == cells(told["grounding"]["hits"])
    assert f"{told['confidence']['ece']:.3f}" in plain and f"{told['confidence']['brier']:.3f}" in plain
    bins = [row[1] for row in page.sections["Confidence"][1:]]
    assert bins == [str(one["count"]) for one in told["confidence"]["bins"]]
    for one in told["confidence"]["bins"]:
        low, high = wilson(round(one["accuracy"] * one["count"]), one["count"])
        assert f"right {percent(one['accuracy'])} ({low * 100:.1f} – {high * 100:.1f})" in "".join(page.words)
    constant = told["baselines"]["released_order"]
    assert page.row("Baselines", "released order")[1:5] == [percent(constant[letter]["value"]) for letter in "ABCD"]
    # The two ways of writing say the same.
    rows = re.findall(r"^\| (?!---)(.*) \|$", plain, re.MULTILINE)
    same = [" | ".join(row).replace("<", "&lt;") for rows in page.sections.values() for row in rows]
    bare = [row.replace("\\", "").replace("**", "") for row in rows]
    assert [row for row in same if row not in bare] == []


def test_what_others_published_is_marked_so(tmp_path: Path) -> None:
    benchmark, records = made()
    told, plain, _, page = written(tmp_path, benchmark, records)
    section = "Published by others, not measured here"
    row = page.row(section, "overall")
    value = told["released"]["accuracy"]["value"]
    assert row[1:] == ["58.8%", percent(value), f"{value * 100 - 58.8:+.1f}"]
    systems = [row for row in page.sections[section] if len(row) == 4 and row[2].startswith(("by its", "meas", "read"))]
    assert [(row[0], row[3]) for row in systems] == [(mark.system, str(mark.score)) for mark in MARKS["lvbench"]]
    assert f"## {section}" in plain and "arXiv 2510.12422" in plain and "no ranking" in plain
    own = written(tmp_path, replace(benchmark, published={}), records)[3]
    assert section not in own.sections, "the name alone does not make it the benchmark"


def test_costs_lengths_models_and_what_is_lost(tmp_path: Path) -> None:
    benchmark, records = made()
    found = figures(benchmark, records)
    tokens = sum(one["usage"]["prompt_tokens"] for one in records)
    assert next(one.total for one in found.costs.amounts if one.name == "prompt tokens") == tokens
    assert sum(group.rate.of for group in found.lengths) == 300 and found.without_length == 0
    assert (
        sum(group.rate.right for group in found.lengths) == summary(benchmark, records)["released"]["accuracy"]["right"]
    )
    assert [group.cost for group in found.costs.groups] == sorted(group.cost for group in found.costs.groups)
    failed = [one for one in records if one["status"] == "failed"]
    assert sum(group.rate.of for group in found.costs.groups) == len(records) - len(failed)
    assert len(found.failures) == len(failed) > 0 and found.missing == {"video49": 6}
    used = {"abc": {"reasoner": "some:model", "coarse_seconds": 100.0}, "abd": {"reasoner": "some:model"}}
    _, plain, _, page = written(tmp_path, benchmark, records, used=used)
    assert page.row("Models and settings", "coarse_seconds") == ["coarse_seconds", "100.0 | default"]
    assert page.row("Models and settings", "reasoner") == ["reasoner", "some:model"]
    assert page.row("Failed and missing", failed[0]["id"])[3] == failed[0]["error"]
    assert page.row("Failed and missing", "video49") == ["video49", "6"]
    assert page.row("Cost", "prompt tokens")[1] == f"{tokens:,}"


def test_lengths_come_from_the_trace_where_the_benchmark_has_none() -> None:
    asked = [Question(str(at), f"v{at}", "?", ("a", "b"), 0) for at in range(4)]
    parts = [{"name": "a", "duration": 90.0}, {"name": "b", "duration": 600.0}]
    records = [record(asked[0], 0, trace={"videos": parts}), record(asked[1], 0, trace={"videos": "lost"})]
    records.append(record(asked[2], 0, trace={"videos": [*parts, {"name": "c"}]}))
    found = figures(Benchmark("plain", tuple(asked)), records)
    assert [(group.name, group.rate.of) for group in found.lengths] == [("10 to 20 min", 1)]
    assert found.without_length == 3


def test_a_run_with_seeds_takes_a_question_as_one_unit(tmp_path: Path) -> None:
    benchmark, records = made(60, (1, 2, 3))
    told, plain, _, page = written(tmp_path, benchmark, records)
    seeds = told["released"]["seeds"]
    assert [row[1] for row in page.sections["Seeds"][1:4]] == [percent(value) for value in seeds["each"]]
    assert page.row("Seeds", "all")[1:3] == [percent(seeds["mean"]), percent(seeds["deviation"])]
    interval = f"{seeds['low'] * 100:.1f} – {seeds['high'] * 100:.1f}"
    assert page.row("Seeds", "all")[3] == interval and f"mean of 3 seeds; 95 %: {interval}" in plain


DRAWN = {"svg", "title", "desc", "line", "rect", "circle", "polygon", "polyline", "text"}
ALLOWED = DRAWN | {
    *("html", "head", "meta", "style", "body", "header", "h1", "p", "nav", "a", "main", "section", "h2", "div", "span"),
    *("strong", "small", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "details", "summary"),
}


def test_what_the_data_holds_does_no_harm(tmp_path: Path) -> None:
    benchmark, records = made(120, evil=WORST)
    used = {"abc": {WORST: WORST}}
    _, plain, page, parsed = written(tmp_path, hostile(benchmark), records, used=used)
    assert {tag for tag, _ in parsed.tags} <= ALLOWED
    for _, attributes in parsed.tags:
        assert not any(name.startswith("on") or name in ("src", "style") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert EVIL in "".join(parsed.words), "it is shown, as text"
    assert "<script" not in page + plain and "\x1b" not in page + plain and "\u202e" not in page + plain
    links = re.findall(r"(?<!\\)\]\(([^)]*)", plain)
    assert links and all(link.startswith("plots/") for link in links) and "http://" not in plain
    assert all(row.count(" | ") == 3 for row in plain.splitlines() if "it broke" in row), "no cell ends early"
    for file in (tmp_path / "plots").iterdir():
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.parse(file).iter()}
        assert tags <= DRAWN | {"style"}
        assert re.fullmatch(r"[a-z0-9-]+\.svg", file.name)


def hostile(benchmark: Benchmark) -> Benchmark:
    """The benchmark with an open question, and a name and published scores that are hostile, too."""
    asked = Question("open", WORST, WORST, reference=WORST)
    return replace(benchmark, name=WORST, questions=(*benchmark.questions, asked), published={f"{WORST}/x": 50.0})


def test_the_page_needs_nothing_else_and_plots_speak(tmp_path: Path) -> None:
    _, plain, page, parsed = written(tmp_path, *made())
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|url\(|@import|<script|<link|<img", page)
    assert "prefers-color-scheme: dark" in page and "default-src 'none'" in page
    plots = [attributes for tag, attributes in parsed.tags if tag == "svg"]
    assert len(plots) >= 7 and all(one["role"] == "img" and one["aria-labelledby"] for one in plots)
    ids = [attributes["id"] for _, attributes in parsed.tags if "id" in attributes]
    assert len(ids) == len(set(ids)) and all(name in ids for one in plots for name in one["aria-labelledby"].split())
    files = {file.name for file in (tmp_path / "plots").iterdir()}
    assert files == set(re.findall(r"\]\(plots/([^)]+)\)", plain)) and len(files) == len(plots)
    for name in files:
        root = ElementTree.parse(tmp_path / "plots" / name).getroot()
        assert root[0].text and root[1].text, "title and description"
        for element in root.iter():
            drawn = [float(value) for key, value in element.items() if key in ("x", "y", "x1", "x2", "cx", "cy", "y1")]
            assert all(-1 <= value <= 1000 for value in drawn), "nothing is drawn outside, or nowhere"


def test_a_run_of_nothing_and_of_one_question(tmp_path: Path) -> None:
    benchmark, records = made(1)
    told, plain, _, page = written(tmp_path, benchmark, [])
    assert page.row("Accuracy", "released")[1:3] == ["0 of 1", "0.0%"] and "without a record" in plain
    for one in (record(benchmark.questions[0], None, status="failed", error="x"), record(benchmark.questions[0], 1)):
        _, _, _, page = written(tmp_path, benchmark, [one])
        assert page.row("Accuracy", "released")[1].endswith("of 1")
    bare = Benchmark("plain", (Question("1", "v", "Who?", reference="a girl"),))
    told, plain, _, page = written(tmp_path, bare, [record(bare.questions[0], None, answer="a girl", right=None)])
    assert "accuracy" not in plain.lower() and page.row("Open answers", "the same words")[1] == "1 of 1"
    unscored = written(tmp_path, Benchmark("plain", (Question("1", "v", "Who?"),)), [])[3]
    assert set(unscored.sections) == {"Failed and missing"}
    # Replies of another system: nothing is known of how they came about.
    replies = [record(one, 0, settings_digest="", usage={}, seconds=0, confidence=None) for one in benchmark.questions]
    assert "How questions ended" not in written(tmp_path, benchmark, replies)[3].sections


def test_odd_costs_are_no_fault(tmp_path: Path) -> None:
    benchmark, records = made(30)
    odd: list[Any] = [None, [], {"frames": "many"}, {"prompt_tokens": -5, "cost": float("inf")}, {"frames": True}]
    for one, usage in zip(records, odd, strict=False):
        one["usage"], one["trace"] = usage, usage  # type: ignore[typeddict-item]
    written(tmp_path, benchmark, records)


def test_a_report_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(BadInput, match="cannot be written"):
        written(tmp_path / "out", *made(6))


# --- the settings that were used


def test_settings_are_kept_without_keys_and_places(tmp_path: Path) -> None:
    settings = Settings.load(
        captioner="compatible:x", captioner_url="http://user:secret@host:8/v1?key=secret", home=str(tmp_path)
    )
    SettingsUsed(tmp_path).note("abc", settings)
    kept = (tmp_path / SETTINGS).read_text()
    assert "secret" not in kept and str(tmp_path) not in kept
    assert read_used(tmp_path)["abc"] == {"captioner": "compatible:x", "captioner_url": "http://host:8/v1"}
    assert "abc" in SettingsUsed(tmp_path)
    (tmp_path / SETTINGS).write_text("[1]")
    with pytest.raises(BadInput, match=SETTINGS):
        read_used(tmp_path)


# --- commands


def called(*words: str | Path) -> Result:
    return CliRunner().invoke(evaluate, [str(word) for word in words])


@pytest.fixture
def run_folder(tmp_path: Path) -> tuple[Path, Path]:
    """A folder of a run over ten own questions, all answered with the first option, and the questions' file."""
    rows = [
        {"video": "v.mp4", "question": f"Sign {at}?", "options": ["a", "b"], "answer": at % 2, "duration": 100 + at}
        for at in range(10)
    ]
    asked = tmp_path / "questions.jsonl"
    asked.write_text("".join(json.dumps(row) + "\n" for row in rows))
    folder = tmp_path / "run"
    folder.mkdir()
    question = Question("0", "v.mp4", "?", ("a", "b"), 0)
    records = [record(replace(question, id=str(at + 1), answer=at % 2), 0, seed=RELEASED) for at in range(10)]
    (folder / RECORDS).write_text("".join(json.dumps(one) + "\n" for one in records))
    return folder, asked


def test_the_report_command(run_folder: tuple[Path, Path], tmp_path: Path) -> None:
    folder, asked = run_folder
    # A run that was killed in the middle of a line has a report, too.
    with (folder / RECORDS).open("ab") as file:
        file.write('{"id": "ü'.encode()[:-1])
    done = called("report", "plain", folder, "--annotations", asked, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["released"]["accuracy"]["right"] == 5
    assert "report.html" in done.stderr and (folder / "report.md").is_file() and (folder / "plots").is_dir()
    done = called("report", "plain", folder, "--annotations", asked, "--out", tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere" / "report.html").is_file() and "50.0%" in done.stdout


def test_wrong_arguments(run_folder: tuple[Path, Path], tmp_path: Path) -> None:
    folder, asked = run_folder
    wrong: list[tuple[tuple[str | Path, ...], str]] = [
        (("report", "plain", tmp_path / "none", "--annotations", asked), "no folder of a run"),
        (("report", "nobody", folder, "--annotations", asked), "there is no benchmark"),
        (("report", "plain", folder, "--annotations", tmp_path / "none"), "none"),
        (("report", "plain", folder, "--annotations", asked, "--cleaned"), "egomem"),
        (("report", "plain", folder, "--annotations", asked, "--clock", tmp_path / "none"), "folder of videos"),
        (("report", "plain", folder, "--annotations", asked, "--out", asked), "cannot be written"),
        (("compare", "plain", folder, folder, "--annotations", asked, "--out", folder), "cannot be written"),
        (("compare", "plain", folder, tmp_path, "--annotations", asked), "no folder of a run"),
        (("plain", "--annotations", asked, "--videos", tmp_path, "--judge"), "no open questions"),
        (("plain", "--annotations", asked, "--videos", tmp_path, "--clock", asked), "folder of videos"),
    ]
    for words, said in wrong:
        done = called(*words)
        assert isinstance(done.exception, BadInput) and said in str(done.exception), (words, done.exception)
        assert "\n" not in str(done.exception)
    (folder / JUDGED).write_text('{"id": "1", "seed": 0, "grade": "splendid"}\n')
    done = called("report", "plain", folder, "--annotations", asked)
    assert isinstance(done.exception, BadInput) and "line 1" in str(done.exception)


def test_the_comparison_as_a_page(run_folder: tuple[Path, Path], tmp_path: Path) -> None:
    folder, asked = run_folder
    other = tmp_path / "other"
    other.mkdir()
    lines = [json.loads(line) for line in (folder / RECORDS).read_text().splitlines()]
    for line in lines:
        line["chosen"] = 1 if int(line["id"]) < 4 else line["chosen"]
    (other / RECORDS).write_text("".join(json.dumps(line) + "\n" for line in lines))
    page = tmp_path / "pages" / "compare.md"
    done = called("compare", "plain", folder, other, "--annotations", asked, "--out", page)
    assert "better on 2, worse on 1" in done.stdout and str(page) in done.stderr
    text = page.read_text()
    assert "| all | 50.0% | 40.0% | +10.0 |" in text and "3 questions" in text and "Sign 0?" in text
    same = called("compare", "plain", folder, folder, "--annotations", asked, "--out", page, "--json")
    assert json.loads(same.stdout)["difference"] == 0 and "Questions on which" not in page.read_text()


def test_a_comparison_by_mended_answers(tmp_path: Path) -> None:
    from tests import released

    released.egomem(tmp_path)
    folders = []
    for name, choice in (("one", 2), ("two", 3)):
        folders.append(tmp_path / name)
        folders[-1].mkdir()
        one = record(Question("211", "A4_LUCIA_DAY2", "?", ("a", "b", "c", "d"), 3), choice, seed=RELEASED)
        (folders[-1] / RECORDS).write_text(json.dumps(one) + "\n")
    words = ("compare", "egomem", *folders, "--annotations", tmp_path, "--json")
    as_released, mended = (json.loads(called(*words, *more).stdout) for more in ((), ("--cleaned",)))
    assert (as_released["better"], as_released["worse"]) == (0, 1)
    assert (mended["better"], mended["worse"]) == (1, 0)


def test_a_comparison_leaves_out_what_nothing_can_answer(tmp_path: Path) -> None:
    from tests import released

    texts = [released.lvbench_qa("1"), released.lvbench_qa("2", answer="")]
    released.write_lines(tmp_path / "video_info.meta.jsonl", [{"key": "v", "type": "live", "qa": texts}])
    one = record(Question("1", "v", "?", ("a", "b", "c", "d"), 0), 0, seed=RELEASED)
    (tmp_path / RECORDS).write_text(json.dumps(one) + "\n")
    words = ("compare", "lvbench", tmp_path, tmp_path, "--annotations", tmp_path, "--json")
    assert [json.loads(called(*words, *more).stdout)["questions"] for more in ((), ("--cleaned",))] == [2, 1]


# --- progress


def test_a_terminal_gets_a_bar_and_everything_else_lines() -> None:
    benchmark, records = made(18)
    failed = record(benchmark.questions[0], None, status="failed", error="VideoError: [red]gone[/red]")
    for terminal in (True, False):
        said = io.StringIO()
        console = Console(file=said, force_terminal=terminal, width=150, highlight=False)
        with going(console, records[:4], 3) as shown:
            for one in (*records[4:6], failed):
                shown.tell(one)
            assert shown.how_to_go_on() == "the same command goes on where it stopped"
        text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.getvalue())
        right = sum(bool(one["correct"]) for one in records[:6])
        assert f"{right} of 7 right" in text and "VideoError: [red]gone[/red]" in text
        if terminal:
            spent = sum(one["usage"]["prompt_tokens"] + 100 for one in records[:6]) / 1000
            assert "3/3" in text and f"18 calls, {spent:.1f}k tokens, 1 failed" in text
            assert f"{records[4]['id']}: answered" not in text
        else:
            assert len(text.splitlines()) == 3 and f"{records[4]['id']}: answered, " in text


# --- judging


@pytest.fixture
def open_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three open questions and one with options about one video; home and key of the tests."""
    monkeypatch.setenv("FAKE_KEY", "secret-key-1")
    monkeypatch.setenv("VIDEOLUCY_HOME", str(tmp_path / "home"))
    (tmp_path / "videos").mkdir()
    make_video(tmp_path / "videos" / "one.mp4", seconds=4, fps=4, size=(160, 90))
    rows: list[dict[str, Any]] = [
        {"id": f"o{at}", "video": "one.mp4", "question": f"What is said by {at}?", "answer": f"word {at}"}
        for at in range(3)
    ]
    rows.append({"id": "c", "video": "one.mp4", "question": "Which?", "options": ["yes", "no"], "answer": "yes"})
    file = tmp_path / "questions.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def answer(request: Request) -> dict[str, Any]:
    said = {"answer": "a word", "option": "A", "confidence": 0.8, "evidence": [cite(request)]}
    return said | {"support": "supported", "missing": ""}


def flags(server: FakeServer) -> list[str]:
    given = settings_for(server, max_rounds=1).model_dump(mode="json", exclude_unset=True, exclude={"home"})
    return [word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", str(value))]


def test_open_answers_are_judged_once(open_questions: Path) -> None:
    folder, out = open_questions.parent, open_questions.parent / "out"
    grades = iter(
        [
            {"grade": "right", "met": 0, "reason": "it is"},
            {"grade": "partly", "met": 0, "reason": "half"},
            FakeReply(status=400, body=b'{"error": {"message": "no"}}'),
            {"grade": "wrong", "met": 0, "reason": "it is not"},
            *[{"grade": "right", "met": 0, "reason": ""}] * 3,
        ]
    )
    script = scripted(Verdict=answer, FinalAnswer=answer, other=lambda request: next(grades))
    with FakeServer(script) as server:
        words = ("plain", "--annotations", open_questions, "--videos", folder / "videos", "--out", out, *flags(server))
        first = called(*words, "--parallel", "1", "--judge", "--json")
        assert first.exit_code == 0, (first.exception, first.output)
        judged = json.loads(first.stdout)["judged"]
        assert (judged["right"]["right"], judged["right"]["of"], judged["partly"], judged["unjudged"]) == (1, 3, 1, 1)
        assert judged["mean"] == pytest.approx(0.5) and "not judged" in first.stderr
        # The one without a grade is judged now, the others are not paid for again.
        again = called(*words, "--judge", "--json")
        sent = [request for request in server.chats if "You grade an answer" in text_of(request)]
        assert json.loads(again.stdout)["judged"]["wrong"] == 1 and len(sent) == 4
        assert "1 answers to judge, 2 are judged" in again.stderr
        asked = len(server.chats)
        third = called(*words, "--judge")
        assert "0 answers to judge" in third.stderr and len(server.chats) == asked
        assert "judged right by" in third.stdout
        # Without the flag the verdicts that were paid for are shown all the same; and no key is in any of it.
        report = called("report", "plain", out, "--annotations", open_questions)
        assert report.exit_code == 0 and "judged right by compatible:fake" in report.stdout
        page = (out / "report.md").read_text()
        assert "| judged right | 1 of 3 |" in page and "1 partly right, 1 wrong, 0 without a grade" in page
        # What another judge said is kept, and is no verdict of this one.
        (out / JUDGED).write_text((out / JUDGED).read_text().replace("compatible:fake", "compatible:other"))
        other = called(*words, "--judge", "--json")
        assert "3 answers to judge, 0 are judged" in other.stderr
        assert json.loads(other.stdout)["judged"]["right"]["right"] == 3 and len(read_verdicts(out / JUDGED)) == 6
    assert not any(b"secret-key-1" in file.read_bytes() for file in out.rglob("*.*") if file.is_file())
    used = read_used(out)
    assert {one["reasoner"] for one in used.values()} == {"compatible:fake"}
    assert {json.loads(line)["settings_digest"] for line in (out / RECORDS).read_text().splitlines()} == set(used)


def test_the_embedded_reasoner_is_no_judge(open_questions: Path) -> None:
    words = ("plain", "--annotations", open_questions, "--videos", open_questions.parent / "videos", "--judge")
    done = called(*words, "--captioner", "basic", "--reasoner", "extractive", "--embedder", "lexical")
    assert isinstance(done.exception, BadInput) and "--reasoner" in str(done.exception)


def verdict(question: Question, answer: str, grade: str, judge: str = "j", met: int = 0) -> Verdict:
    return Verdict(question.id, 0, seen(question, answer), judge, "1", grade, met, "", 1, 100)


def test_verdicts_on_other_answers_and_by_other_judges_do_not_count() -> None:
    asked = [Question(str(at), "v", "?", reference="red", scoring_points=("a", "b")) for at in range(3)]
    records = [record(one, None, answer="now") for one in asked[:2]]
    old = [verdict(asked[0], "before", "right"), verdict(asked[1], "now", "right", "another")]
    found = judged_score(asked, records, [*old, verdict(asked[1], "now", "partly", met=1)])
    assert found and (found.right.right, found.right.of, found.partly, found.unjudged) == (0, 3, 1, 1)
    assert found.mean == pytest.approx(1 / 6) and found.points == pytest.approx(1 / 6) and found.calls == 2
    assert judged_score(asked, records, []) is None


def test_a_verdict_that_a_kill_cut_short_is_taken_off(tmp_path: Path) -> None:
    from evaluation.verdicts import keep_verdict

    file = tmp_path / JUDGED
    asked = Question("1", "v", "?", reference="rot ü")
    for grade in ("right", "wrong"):
        keep_verdict(file, verdict(asked, "x", grade))
    file.write_bytes(file.read_bytes()[:-9])
    assert [one.grade for one in read_verdicts(file)] == ["right"]
    take_off_cut(file)
    keep_verdict(file, verdict(asked, "x", "partly"))
    assert [one.grade for one in read_verdicts(file)] == ["right", "partly"]
    assert read_verdicts(tmp_path / "none") == []


# --- clocks


def test_questions_of_the_clock_are_counted_apart(tmp_path: Path) -> None:
    videos = tmp_path / "videos"
    videos.mkdir()
    for name in ("one", "two"):
        make_video(videos / f"{name}.mp4", seconds=4, fps=4, size=(64, 48), audio=False)
    (videos / "one.mp4.clock.csv").write_text("file,day,clock\none.mp4,DAY1,11:00:00\n")
    shared: dict[str, Any] = {"needs_clock": True, "clock_evidence": (("11:00:01", "11:00:03"),)}
    (videos / "three.mp4").write_bytes(b"a broken video, which has no table")
    asked = [
        Question("1", "one", "At 11:00:02?", ("a", "b"), 0, **shared),
        Question("2", "two", "At 11:00:02?", ("a", "b"), 0, **shared),
        Question("3", "two", "Who?", ("a", "b"), 0),
    ]
    benchmark = Benchmark("egomem", tuple(asked))
    clocks = clocks_in(videos, replace(benchmark, questions=(*asked, replace(asked[1], id="4", video="three"))))
    assert list(clocks) == ["one"]
    records = [record(one, 0, evidence=cited((0, 4))) for one in asked[:2]]
    told, _, _, page = written(tmp_path / "out", benchmark, records, clocks=clocks)
    assert {name: (rate["right"], rate["of"]) for name, rate in told["clock"].items()} == {
        "clock known": (1, 1),
        "no clock known": (1, 1),
        "not asked": (0, 1),
    }
    assert told["grounding"]["hits"]["of"] == 1, "only where the clock is known is there a reference"
    assert page.row("Accuracy", "no clock known")[1] == "1 of 1"
    without = summary(benchmark, records)
    assert without["clock"]["no clock known"]["of"] == 2 and without["grounding"] is None
    assert summary(Benchmark("plain", asked[2:]), [])["clock"] is None
