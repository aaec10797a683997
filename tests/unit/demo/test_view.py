"""What a person sees of a running demo."""

from __future__ import annotations

import io

from rich.console import Console

from autoscaler.demo.view import LiveView, PlainView, panel, view_for
from autoscaler.demo.watch import Glimpse


def glimpse(**changed: object) -> Glimpse:
    given: dict[str, object] = {
        "visible": 12,
        "in_flight": 3,
        "delayed": 0,
        "oldest_age": 65.0,
        "tasks": {"PENDING": 1, "RUNNING": 2},
        "launched": 3,
        "thumbnails": 5,
        "target": 2,
        "reasons": ("15 messages, 10 a task: 2 wanted.", "2 wanted, 3 live: nothing to launch."),
        "controller_sees_zero": False,
        **changed,
    }
    return Glimpse(**given)  # type: ignore[arg-type]


def shown(one: Glimpse) -> str:
    out = io.StringIO()
    Console(file=out, width=100).print(panel(one, total=20, seconds=7.4))
    return out.getvalue()


def test_the_panel_has_depth_age_tasks_decision_and_progress() -> None:
    text = shown(glimpse())

    for part in (
        "autoscaler demo, 7 s",
        "12 visible, 3 in flight",
        "1 min 5 s",
        "1 pending, 2 running",
        "2 wanted, 3 live: nothing to launch.",
        "15 messages, 10 a task: 2 wanted.",
        "5 of 20",
    ):
        assert part in text


def test_an_age_that_cloudwatch_does_not_tell_is_unknown_and_not_zero() -> None:
    assert "unknown" in shown(glimpse(oldest_age=None))


def test_an_empty_queue_has_no_oldest_message_whatever_cloudwatch_still_shows() -> None:
    text = shown(glimpse(visible=0, in_flight=0))

    assert "1 min 5 s" not in text


def test_plain_lines_are_only_written_when_something_has_changed() -> None:
    out = io.StringIO()
    with PlainView(out) as view:
        view.show(glimpse(), 20, 1.0)
        view.show(glimpse(), 20, 2.0)
        view.show(glimpse(visible=9), 20, 3.0)

    assert [line[:8] for line in out.getvalue().splitlines()] == ["   1.0 s", "   3.0 s"]


def test_before_the_first_decision_the_line_says_so() -> None:
    out = io.StringIO()

    PlainView(out).show(glimpse(reasons=()), 20, 1.0)

    assert "No decision yet." in out.getvalue()


def test_a_stream_that_is_no_terminal_gets_plain_lines() -> None:
    assert isinstance(view_for(io.StringIO()), PlainView)


def test_on_a_terminal_the_view_is_alive() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    view = view_for(out)
    with view:
        view.say("Starting.")
        view.show(glimpse(), 20, 1.0)

    assert isinstance(view, LiveView)
    assert "Starting." in out.getvalue()
