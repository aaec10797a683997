"""Traces on the command line: files in, files out, and what is printed."""

from __future__ import annotations

import gzip
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.local_aws import client, unique
from support.records import record
from support.sites import Site

from autoscaler.aws.history import SETTLED
from autoscaler.cli import main
from autoscaler.core.record import to_json
from autoscaler.simulation.traces import Counts, read_table, read_trace

VERBS = ("fetch", "info", "make", "cut", "thin", "merge")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command that succeeds; returns what it printed."""

    def run(*line: str) -> str:
        assert main(["trace", *line]) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    return run


@pytest.fixture
def refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command that is a mistake; returns the sentence that says so."""

    def refused(*line: str) -> str:
        assert main(["trace", *line]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert "Traceback" not in captured.err
        assert captured.err.startswith("autoscaler: ")
        return captured.err

    return refused


class TestFiles:
    def test_make_cut_thin_merge_and_look(self, run: Callable[..., str], folder: Path) -> None:
        week = ("--for", "2d", "--seed", "1", "--work", "30s", "--output", "a.csv.gz")
        assert run("make", "poisson:rate=5", *week).startswith("wrote a.csv.gz: 14,")
        run("cut", "a.csv.gz", "--from", "12h", "--to", "1d", "--output", "b.jsonl")
        run("thin", "a.csv.gz", "0.5", "--seed", "3", "--output", "c.csv")
        run("merge", "b.jsonl", "c.csv", "--output", "d.jsonl.gz")

        a, b, c, d = map(read_trace, ("a.csv.gz", "b.jsonl", "c.csv", "d.jsonl.gz"))
        assert b.seconds == 12 * 3600
        assert b.starts_at == a.starts_at + 12 * 3600
        assert len(d) == len(b) + len(c)
        assert d.notes[-1] == "Merged: b and c."
        assert not list(folder.glob(".*"))

    def test_info_for_people(self, run: Callable[..., str]) -> None:
        run("make", "ci:rate=1", "--for", "14d", "--work", "gamma:mean=5m", "--output", "ci.csv")

        lines = run("info", "ci.csv").splitlines()

        labels = [line.split(" ")[0] for line in lines[:9]]
        assert labels == [
            *("trace", "messages", "rate", "bursts", "idle", "cold", "work", "note", "note")
        ]
        assert lines[9:11] == ["", "messages a minute"]
        assert any("█" in line for line in lines[11:])

    def test_info_for_programs(self, run: Callable[..., str]) -> None:
        run("make", "poisson:rate=5", "--for", "1d", "--output", "p.csv")

        told = json.loads(run("info", "p.csv", "-o", "json"))

        assert told["messages"] == len(read_trace("p.csv"))
        assert told["idc_1_minute"] == pytest.approx(1, abs=0.2)
        assert (told["work_seconds"], told["cold_share"]) == (None, None)

    def test_counts_stay_counts(self, run: Callable[..., str], folder: Path) -> None:
        rows = "".join(f"{60 * n},{n}\n" for n in range(100))
        (folder / "c.csv").write_text(f"t_s,count\n{rows}")

        run("cut", "c.csv", "--from", "10m", "--to", "20m", "--output", "d.csv")
        run("thin", "c.csv", "0.1", "--output", "e.csv")

        assert read_table("d.csv").columns["count"].tolist() == list(range(10, 20))
        assert 400 < read_table("e.csv").messages < 600

    def test_records_of_our_own_controller(self, run: Callable[..., str], folder: Path) -> None:
        form = to_json(record())
        (name,) = form["observation"]["readings"]
        (folder / "records.jsonl").write_text(json.dumps(form) + "\n")

        told = json.loads(run("info", "records.jsonl", "--queue", name, "-o", "json"))

        assert told["kind"] == "counts"
        assert f"the queue {name}," in told["notes"][0]

    def test_what_was_written_is_told_to_programs_too(self, run: Callable[..., str]) -> None:
        told = json.loads(run("make", "poisson", "--for", "1h", "--output", "p.csv", "-o", "json"))

        assert told.keys() == {"file", "messages", "seconds", "notes"}
        assert (told["file"], told["seconds"]) == ("p.csv", 3600.0)


class TestMistakes:
    def test_a_file_that_is_there_is_not_written_over(
        self, run: Callable[..., str], refused: Callable[..., str], folder: Path
    ) -> None:
        (folder / "a.csv").write_text("mine")

        line = ("make", "poisson", "--for", "1h", "--output", "a.csv")
        assert "a.csv is there already; name another --output, or give --force" in refused(*line)
        assert (folder / "a.csv").read_text() == "mine"
        run(*line, "--force")

    @pytest.mark.parametrize(
        ("line", "says"),
        [
            (("info", "none.csv"), "none.csv cannot be read: No such file or directory"),
            (("info", "bad.csv"), "bad.csv:3: arrival_s falls to 1; sort the rows by arrival_s"),
            (("cut", "ok.csv", "--from", "soon", "--output", "x.csv"), "--from: 'soon' is not a"),
            (("cut", "ok.csv", "--from", "9d", "--output", "x.csv"), "nothing of it is after 9 d"),
            (("cut", "ok.csv", "--to", "0s", "--output", "x.csv"), "ends after it begins"),
            (("cut", "ok.csv", "--output", "x.txt"), "let the name end in one of .csv, .csv.gz"),
            (("thin", "ok.csv", "2", "--output", "x.csv"), "--help shows what there is"),
            (("make", "posson", "--output", "x.csv"), "did you mean poisson?"),
            (("make", "ci", "--seed", "-1", "--output", "x.csv"), "--help shows what there is"),
            (("make", "ci", "--for", "20000d", "--output", "x.csv"), "up to ten years"),
            (("merge", "ok.csv", "bad.csv", "--output", "x.csv"), "bad.csv:3: arrival_s falls"),
            (("merge", "ok.csv", "--work", "tokens", "--output", "x.csv"), "no column tokens_in"),
            (("fetch", "jobs", "--days", "16", "--output", "x.csv"), "--help shows what there is"),
            (("inof", "ok.csv"), "--help shows what there is"),
        ],
    )
    def test_a_mistake_is_a_sentence(
        self, refused: Callable[..., str], folder: Path, line: tuple[str, ...], says: str
    ) -> None:
        (folder / "ok.csv").write_text("arrival_s\n0\n5\n")
        (folder / "bad.csv").write_text("arrival_s\n5\n1\n")

        assert says in refused(*line)
        assert not (folder / "x.csv").exists()


@pytest.mark.parametrize("verb", VERBS)
def test_help_has_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", verb, "--help"]) == 0

    assert f"Example: autoscaler trace {verb}" in capsys.readouterr().out


def python(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own."""
    program = [sys.executable, "-c", script, *arguments]
    return subprocess.run(program, capture_output=True, text=True, check=True)


def test_without_numpy_it_is_told_what_to_install(folder: Path) -> None:
    script = "import sys; sys.modules['numpy'] = None; from autoscaler.cli import main;"

    done = python(f"{script} print(main(sys.argv[1:]))", "trace", "info", "x.csv")

    assert done.stdout == "2\n"
    assert "this needs numpy: pip install 'queue-autoscaler[cli,sim]'" in done.stderr


def test_a_hundred_million_rows_are_refused_in_bounded_memory(folder: Path) -> None:
    """A packed file is small whatever is in it: this one has the same bytes again and again.

    The limit is a fifth of the usual one, for the sake of time. The peak is the kernel's VmHWM:
    ru_maxrss begins with what the process that started this one had.
    """
    part = gzip.compress(b"1\n" * 1_000_000)
    with (folder / "huge.csv.gz").open("wb") as file:
        file.write(gzip.compress(b"arrival_s\n"))
        file.writelines(part for _ in range(100))
    script = """
from pathlib import Path
from autoscaler.simulation.traces import TraceError, read_table
try:
    read_table("huge.csv.gz", most=2_000_000)
except TraceError as error:
    lines = Path("/proc/self/status").read_text().splitlines()
    peak = next(line.split()[1] for line in lines if line.startswith("VmHWM"))
    print(peak, error, sep="|")
"""
    kilobytes, told = python(script).stdout.split("|")

    assert told.startswith("huge.csv.gz has more than 2,000,000 rows, too many to replay at once")
    assert int(kilobytes) < 250_000


class Terminal(io.StringIO):
    """Looks like one."""

    def isatty(self) -> bool:
        return True


class TestFetch:
    """From the CloudWatch of the local AWS."""

    @pytest.fixture
    def queue(self, site: Site) -> str:
        return unique("jobs")

    @pytest.fixture
    def put(self, site: Site, queue: str) -> Callable[..., None]:
        cloudwatch = client(site.sqs.meta.endpoint_url, "cloudwatch")

        def put(name: str, points: dict[float, float]) -> None:
            data = [
                {
                    "MetricName": name,
                    "Dimensions": [{"Name": "QueueName", "Value": queue}],
                    "Timestamp": datetime.fromtimestamp(at, UTC),
                    "Value": value,
                }
                for at, value in points.items()
            ]
            cloudwatch.put_metric_data(Namespace="AWS/SQS", MetricData=data)

        return put

    def test_the_history_of_a_queue_becomes_a_trace(
        self, run: Callable[..., str], put: Callable[..., None], queue: str
    ) -> None:
        first = (time.time() - SETTLED) // 60 * 60 - 2 * 86_400
        put("NumberOfMessagesSent", {first + 600: 5, first + 660: 7, first + 90_000: 3})
        put("NumberOfMessagesDeleted", {first + 660: 12, first + 90_060: 3})
        put("ApproximateNumberOfMessagesNotVisible", {first + 660: 4})
        put("ApproximateNumberOfMessagesVisible", {first + 660: 1, first + 720: 0})
        put("ApproximateAgeOfOldestMessage", {first + 660: 31})

        told = run("fetch", queue, "--days", "2", "--output", "t.csv.gz")

        assert told.startswith("wrote t.csv.gz: 15 messages in 2 d\n  Fetched: from CloudWatch")
        table = read_table("t.csv.gz")
        assert isinstance(table, Counts)
        shift = int(first - table.about.starts_at) // 60
        assert (len(table.starts), table.width, shift in {0, -1}) == (2880, 60.0, True)
        row = {name: values[11 + shift] for name, values in table.columns.items() if name != "t_s"}
        assert row == {
            "count": 7.0,
            "deleted": 12.0,
            "visible": 1.0,
            "in_flight": 4.0,
            "oldest_age_s": 31.0,
        }
        assert table.silent.sum() == 2880 - 5
        assert not Path("t.csv.gz.part").exists()
        assert "bins (99.8% of the time) have no figures at all" in run("info", "t.csv.gz")

    def test_a_fetch_that_is_stopped_goes_on_where_it_was(
        self,
        run: Callable[..., str],
        put: Callable[..., None],
        queue: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        now = time.time()
        put("NumberOfMessagesSent", {now - 86_400 * days - 3600: 1 for days in range(4)})
        asked: list[Any] = []

        def stopped(*arguments: Any) -> Any:
            asked.append(arguments[-2:])
            if len(asked) == 3:
                raise KeyboardInterrupt
            return minutes(*arguments)

        from autoscaler.cli import trace_fetch  # noqa: PLC0415 - to be changed

        minutes = trace_fetch.minutes
        monkeypatch.setattr(trace_fetch, "minutes", stopped)
        line = ["trace", "fetch", queue, "--days", "4", "--output", "t.csv"]
        assert main(line) == 130
        assert Path("t.csv.part").exists()
        assert not Path("t.csv").exists()

        assert run(*line[1:]).startswith("wrote t.csv: 4 messages in 4 d")

        assert asked[2] == asked[3]
        assert len(asked) == 5
        assert not Path("t.csv.part").exists()

    def test_a_fetch_that_is_killed_outright_leaves_what_it_had(
        self, run: Callable[..., str], put: Callable[..., None], queue: str
    ) -> None:
        put("NumberOfMessagesSent", {time.time() - 86_400 * days - 3600: 1 for days in range(3)})
        script = """
import os, signal, sys
from autoscaler.cli import main, trace_fetch
asked, minutes = [], trace_fetch.minutes
def killed(*arguments):
    asked.append(arguments)
    if len(asked) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return minutes(*arguments)
trace_fetch.minutes = killed
main(sys.argv[1:])
"""
        line = ["trace", "fetch", queue, "--days", "3", "--output", "t.csv.gz"]
        done = subprocess.run([sys.executable, "-c", script, *line], check=False)
        assert done.returncode == -signal.SIGKILL
        assert len(Path("t.csv.gz.part").read_text().splitlines()) == 3  # of what, and two days

        assert run(*line[1:]).startswith("wrote t.csv.gz: 3 messages in 3 d")

    def test_on_a_terminal_a_bar_shows_each_day(
        self,
        put: Callable[..., None],
        queue: str,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        put("NumberOfMessagesSent", {time.time() - 3600: 1})
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("TERM", "xterm")

        assert main(["trace", "fetch", queue, "--days", "1", "--output", "t.csv"]) == 0

        assert "fetching days" in terminal.getvalue()
        assert "100%" in terminal.getvalue()

    def test_without_a_terminal_nothing_is_drawn(
        self, put: Callable[..., None], queue: str, capsys: pytest.CaptureFixture[str], folder: Path
    ) -> None:
        put("NumberOfMessagesSent", {time.time() - 3600: 1})

        assert main(["trace", "fetch", queue, "--days", "1", "--output", "t.csv"]) == 0

        assert capsys.readouterr().err == ""

    def test_a_queue_that_cloudwatch_does_not_know(
        self, site: Site, refused: Callable[..., str]
    ) -> None:
        told = refused("fetch", "nowhere", "--days", "1", "--output", "t.csv")

        assert "CloudWatch knows nothing of a queue nowhere in eu-west-2 in these 1 d" in told

    def test_an_endpoint_nobody_answers_at(
        self, site: Site, refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

        assert "127.0.0.1:9" in refused("fetch", "jobs", "--output", "t.csv")
