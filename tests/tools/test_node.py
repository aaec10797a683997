"""A handler in Node drains a queue, started for each message and started once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.programs import program
from support.worker_process import Bay, bay, local_endpoint

EXEC = """
const fs = require("fs");
const body = fs.readFileSync(0, "utf8");
if (body === "poison") process.exit(1);
fs.appendFileSync(process.env.HANDLED_FILE, `${process.env.MESSAGE_ATTRIBUTE_KIND} ${body}\\n`);
"""
STREAM = """
const fs = require("fs");
const lines = require("readline").createInterface({ input: process.stdin });
console.log("ready");
lines.on("line", async (line) => {
  const message = JSON.parse(line);
  if (message.stop) return;
  if (message.body === "crash" && message.receive_count === 1) process.exit(3);
  await new Promise((then) => setTimeout(then, 5));
  const failed = message.body === "poison";
  if (!failed) {
    const told = `${message.attributes.kind} ${message.body}\\n`;
    fs.appendFileSync(process.env.HANDLED_FILE, told);
  }
  console.log(JSON.stringify({ id: message.id, status: failed ? "failed" : "done" }));
});
"""


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Bay]:
    with local_endpoint() as endpoint, bay(endpoint, tmp_path, 30, 3) as made:
        yield made


@pytest.mark.parametrize(
    ("flags", "script", "bodies"),
    [
        (["--exec"], EXEC, ["a", "b", "c", "poison"]),
        (["--exec-stream"], STREAM, [*map(str, range(60)), "poison", "crash"]),
        (["--exec-processes", "1", "--exec-stream"], STREAM, [*map(str, range(60)), "poison"]),
    ],
    ids=["exec", "stream", "stream of one process"],
)
def test_a_node_handler_drains_a_queue_and_poison_goes_to_the_dead_letters(
    queue: Bay, tmp_path: Path, flags: list[str], script: str, bodies: list[str]
) -> None:
    node = program("node", package="nodejs")
    path = tmp_path / "handler.js"
    path.write_text(script)
    queue.send(bodies, attributes={"kind": "thumb"})
    patience = ["--slots", "4", "--retry-cap", "0s", "--minimum-stay", "8s"]
    worker = queue.run(*patience, *flags, f"{node} {path}")
    assert worker.ends() == 0
    assert sorted(queue.handled()) == sorted(f"thumb {body}" for body in bodies if body != "poison")
    assert queue.counts() == (0, 0)
    assert queue.counts(queue.dead_url) == (1, 0)
    assert len(worker.events("failed")) == 3 + bodies.count("crash")
