"""Variants that are written once for several values of some settings."""

from workflow.grid import spread


def test_a_grid_is_a_variant_for_each_combination() -> None:
    variant = {
        "title": "outer",
        "options": {"combine": {"name": "outer"}},
        "grid": {
            "training.learning_rate": [0.1, 0.2],
            "options.every": [1, {"updates": 10}],
            "training.optimiser": [None, {"name": "momentum", "momentum": 0.9}],
        },
    }
    found = dict(spread("outer", variant))
    assert list(found) == [f"outer-{number}" for number in range(1, 9)]
    assert found["outer-4"] == {
        "title": "outer: learning rate 0.1, every 10, optimiser momentum 0.9",
        "options": {"combine": {"name": "outer"}, "every": {"updates": 10}},
        "training": {
            "learning_rate": 0.1,
            "optimiser": {"name": "momentum", "momentum": 0.9},
        },
    }
    assert len({each["title"] for each in found.values()}) == 8
    assert "grid" in variant
    assert variant["options"] == {"combine": {"name": "outer"}}


def test_a_variant_without_a_grid_stays_as_it_is() -> None:
    assert dict(spread("plain", {"title": "plain"})) == {"plain": {"title": "plain"}}


def test_values_go_over_what_is_written_key_by_key() -> None:
    variant = {
        "title": "adam",
        "training": {"epochs": 3, "optimiser": {"name": "momentum", "momentum": 0.5}},
        "grid": {
            "training.batch_size": [10],
            "training": [{"learning_rate": 0.1, "optimiser": {"name": "adam"}}],
        },
    }
    ((_, found),) = spread("adam", variant)
    assert found["training"] == {
        "epochs": 3,
        "batch_size": 10,
        "learning_rate": 0.1,
        "optimiser": {"name": "adam"},
    }
