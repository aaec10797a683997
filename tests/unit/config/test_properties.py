"""Laws of merging and overriding that hold for any value."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from support.configurations import VALID, load_text

from autoscaler.config.tree import Node, Place, merge, plain
from autoscaler.core.errors import ConfigurationError

# Of each key all layers agree whether it holds a mapping, as in any valid configuration.
_LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3))
_PLACES = st.builds(Place, st.sampled_from("abc"), st.integers(1, 9))
_LEAF_NODES = st.builds(Node, _LEAVES, _PLACES)
_LAYERS = st.recursive(
    st.builds(Node, st.dictionaries(st.sampled_from(["v1", "v2"]), _LEAF_NODES), _PLACES),
    lambda inner: st.builds(
        lambda leaves, below, place: Node(leaves | below, place),
        st.dictionaries(st.sampled_from(["v1", "v2"]), _LEAF_NODES),
        st.dictionaries(st.sampled_from(["m1", "m2"]), inner),
        _PLACES,
    ),
    max_leaves=6,
)


@given(_LAYERS, _LAYERS, _LAYERS)
def test_it_does_not_matter_which_layers_are_merged_first(a: Node, b: Node, c: Node) -> None:
    assert merge(merge(a, b), c) == merge(a, merge(b, c))


@given(_LAYERS)
def test_a_layer_merged_with_itself_is_itself(layer: Node) -> None:
    assert merge(layer, layer) == layer


@given(_LAYERS, _LAYERS)
def test_every_key_of_both_layers_stays(a: Node, b: Node) -> None:
    assert plain(merge(a, b)).keys() == plain(a).keys() | plain(b).keys()


_ANY = st.one_of(
    st.integers(-3, 200),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-2, max_value=2),
    st.booleans(),
    st.none(),
    st.sampled_from(["5m", "max", "sum", "tasks", "depth", "0s", "thumbnailers"]),
    st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=6),
    st.lists(st.sampled_from(["visible", "delayed", "a"]), max_size=3),
)
_PATHS = st.sampled_from(
    [
        ("period",),
        ("version",),
        ("installation",),
        ("fleets", "thumbnailers", "limits", "max_tasks"),
        ("fleets", "thumbnailers", "limits", "min_tasks"),
        ("fleets", "thumbnailers", "spot", "share"),
        ("fleets", "thumbnailers", "combine"),
        ("fleets", "thumbnailers", "subnets"),
        ("fleets", "thumbnailers", "overrides", "cpu"),
        ("fleets", "thumbnailers", "assign_public_ip"),
        ("queues", "thumbnails", "fleet"),
        ("queues", "thumbnails", "combine"),
        ("queues", "thumbnails", "when_unknown", "want"),
    ]
)


@settings(deadline=None, max_examples=60)
@given(_PATHS, _ANY)
def test_a_variable_does_what_the_same_value_in_a_file_does(
    path: tuple[str, ...], value: object
) -> None:
    written = json.dumps(value)
    layer = "{" + ": {".join(path) + ": " + written + "}" * len(path)
    name = "AUTOSCALER_" + "__".join(path).upper()
    assert _outcome(VALID, layer) == _outcome(VALID, environ={name: written}, instead=name)


def _outcome(
    *texts: str, environ: dict[str, str] | None = None, instead: str = "two.yaml:1"
) -> object:
    """The settings, or the problems without the places that differ."""
    with tempfile.TemporaryDirectory() as directory:
        try:
            return load_text(Path(directory), *texts, environ=environ)
        except ConfigurationError as error:
            text = str(error).replace(f"{directory}/", "").replace(f"{instead}: ", "")
            return sorted(text.splitlines())
