"""cost_window: bounds that hold while the wall clock shows a time inside the window."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from support.configurations import VALID, load_text, told
from support.values import blind, observation, queue, reading, rules, saying

from autoscaler.core.decide import decide
from autoscaler.core.model import Cause, Minute
from autoscaler.core.windows import Season
from policies.cost_window import CostWindow

LONDON = "Europe/London"


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(LONDON)).timestamp()


INSIDE, CLOSES, OUTSIDE = at("2026-11-20 09:00"), at("2026-11-20 20:00"), at("2026-11-20 21:00")


def office(**options):
    return CostWindow(days="mon-fri", from_="08:00", to="20:00", timezone=LONDON, **options)


def advice(policy, now=INSIDE, visible=5, age=None, live=0):
    minutes = () if age is None else (Minute(now, oldest_age=age),)
    return policy.advise(observation(reading(visible, minutes=minutes), now=now, live=live))


def test_while_it_is_open_its_ceiling_holds_and_it_says_until_when():
    found = advice(office(at_most=4))
    assert (found.want, found.at_least, found.at_most, found.pause) == (None, None, 4, False)
    assert found.look_again_at is None
    assert found.why == ("The window is open until Fri 2026-11-20 20:00 Europe/London: at most 4.")


def test_while_it_is_closed_it_has_no_opinion_and_says_when_it_opens():
    found = advice(office(at_most=4), now=OUTSIDE)
    assert (found.at_most, found.abstained) == (None, False)
    assert found.why == "The window is closed until Mon 2026-11-23 08:00 Europe/London."


def test_one_that_never_opens_again_says_so():
    past = CostWindow(season=Season("2020-01-01", "2020-12-31"), pause=True)
    assert advice(past).why == "The window is closed for good."


def test_a_floors_tasks_stay_until_it_closes():
    found = advice(office(at_least=2))
    assert (found.at_least, found.stay_until) == (2, CLOSES)
    assert found.why.endswith(": at least 2.")
    assert advice(office(at_most=2)).stay_until is None


def test_a_share_of_spot():
    found = advice(office(spot_share=0.25, at_most=9))
    assert found.spot_share == 0.25
    assert found.why.endswith(": at most 9, a Spot share of 0.25.")


def test_a_pause_lets_no_task_start_and_looks_again_when_it_ends():
    found = advice(office(pause=True))
    assert (found.pause, found.at_most, found.look_again_at) == (True, None, CLOSES)
    assert found.why.endswith(": no new tasks.")


def test_a_message_that_is_held_back_waits_until_the_window_closes():
    for held in (office(pause=True), office(at_most=0)):
        seen = observation(reading(3), now=INSIDE)
        found = decide(seen, rules(queue(saying(want=3), held)), {})
        assert found.target == 0
        (waits,) = [reason for reason in found.reasons if reason.cause is Cause.WAITS]
        assert f"waits until second {CLOSES:.0f}" in waits.text
        assert found.look_again_at == CLOSES


def test_a_pause_stops_nothing_that_runs():
    seen = observation(reading(3), now=INSIDE, live=2)
    assert decide(seen, rules(queue(saying(want=9), office(pause=True))), {}).target == 2


class TestLifting:
    @pytest.mark.parametrize(("age", "lifted"), [(None, False), (1799, False), (1800, True)])
    @pytest.mark.parametrize("bound", [{"at_most": 4}, {"pause": True}, {"at_most": 0}])
    def test_a_message_that_has_waited_too_long_lifts_ceiling_and_pause(self, age, lifted, bound):
        found = advice(office(unless_age=1800, **bound), age=age)
        assert ((found.at_most, found.pause) == (None, False)) is lifted
        assert (found.look_again_at is None) or not lifted

    @pytest.mark.parametrize(("visible", "lifted"), [(499, False), (500, True)])
    def test_so_do_too_many_messages(self, visible, lifted):
        found = advice(office(at_most=4, unless_depth=500), visible=visible)
        assert (found.at_most is None) is lifted

    def test_unknown_counts_lift_nothing(self):
        found = office(at_most=4, unless_depth=1).advise(observation(blind(), now=INSIDE))
        assert found.at_most == 4

    def test_floor_and_share_of_spot_stay(self):
        found = advice(office(at_least=1, at_most=4, spot_share=0.5, unless_age=60), age=90)
        assert (found.at_least, found.at_most, found.spot_share) == (1, None, 0.5)
        assert found.stay_until == CLOSES

    def test_the_reason_says_why(self):
        assert advice(office(at_most=4, unless_age=1800), age=2100).why.endswith(
            ", but lifted: the oldest message has waited 35 min, unless_age is 30 min."
        )
        assert advice(office(at_most=4, unless_depth=5), visible=7).why.endswith(
            ", but lifted: 7 messages wait, unless_depth is 5."
        )


def test_where_several_are_open_the_strictest_holds():
    seen = observation(reading(50), now=INSIDE)
    several = [office(at_most=8), office(at_most=4), office(at_least=6), office(spot_share=0.5)]
    found = decide(seen, rules(queue(saying(want=50), *several, office(spot_share=0.2))), {})
    assert (found.target, found.spot_share) == (4, 0.2)


NOTHING = "it does nothing; give at_most, at_least, spot_share or pause"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, NOTHING),
        ({"unless_age": 5.0}, NOTHING),
        ({"pause": True, "at_most": 3}, "pause leaves nothing to at_most and at_least; remove"),
        ({"pause": True, "at_least": 0}, "pause leaves nothing to at_most and at_least; remove"),
        ({"at_least": 1, "unless_age": 5.0}, "unless_age and unless_depth lift at_most or pause"),
        ({"spot_share": 1.0, "unless_depth": 5}, "unless_age and unless_depth lift at_most or"),
        ({"at_least": 5, "at_most": 4}, "at_least, 5, is above at_most, 4"),
    ],
)
def test_options_that_contradict_each_other_or_do_nothing(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        office(**options)


def with_window(options: str) -> str:
    return f"{VALID}      - {{type: cost_window, {options}}}\n"


def test_it_is_configured_as_people_write_it(tmp_path: Path) -> None:
    text = with_window(
        'days: mon-fri, from: "08:00", to: "20:00", timezone: Europe/London, at_most: 4, '
        "unless_age: 30m, season: {from: 11-01, to: 01-10}"
    )
    (queue_settings,) = load_text(tmp_path, text).queues.values()
    expected = office(at_most=4, unless_age=1800.0, season=Season("11-01", "01-10"))
    assert queue_settings.policies["cost_window"] == expected


DAYS = "write days such as mon-fri, sat or mon,wed,fri"
DATES = "write one such as 12-24, or 2026-12-24 for one year alone"
PLACE = "one.yaml:17: queues.thumbnails.policies[1]"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            "at_most: 4, timezone: Europe/Londn",
            '.timezone: there is no time zone "Europe/Londn"; did you mean Europe/London?',
        ),
        (
            "at_most: 4, from: 20:00",
            '.from: 1200 is not a time of day; write one such as "08:00"',
        ),
        (
            "at_most: 4, days: monday",
            f'.days: "monday" are no days of the week; {DAYS}',
        ),
        (
            'at_most: 4, from: "08:00", to: "08:00"',
            ": from and to are both 08:00; leave both out for whole days",
        ),
        (
            "at_most: 4, season: {from: 02-30, to: 03-01}",
            f'.season.from: "02-30" is not a date; {DATES}',
        ),
        (
            "at_most: 4, season: {from: 2026-12-24, to: 12-26}",
            ".season: from and to must both have a year, or neither",
        ),
        ("days: mon-fri", f": {NOTHING}"),
    ],
)
def test_a_mistake_names_its_key(tmp_path: Path, options: str, sentence: str) -> None:
    assert told(tmp_path, with_window(options)) == [PLACE + sentence]
