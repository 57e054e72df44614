from __future__ import annotations

from mlworker.statistics.spreadsheet.drawing import Axis, Line, plot
from mlworker.statistics.spreadsheet.figures import runs_above


def test_it_cuts_a_line_where_it_leaves_the_figure_and_bridges_nothing() -> None:
    assert runs_above([0, 1, 2, 3, 4, 5], [1, -1, -3, -1, 1, 1], 0) == [
        [(0, 1), (0.5, 0)],
        [(3.5, 0), (4, 1), (5, 1)],
    ]
    assert runs_above([0, 1, 2], [2, 1, 3], 0) == [[(0, 2), (1, 1), (2, 3)]]
    assert runs_above([0, 1], [-1, -2], 0) == []


def test_it_draws_a_point_where_the_axes_say() -> None:
    unit = Axis("x", 0, 1, (0, 1))
    drawn = plot(unit, unit, lines=[Line("a & b", [(0, 0), (0.5, 1), (1, 1)], 0)], label="three points")
    assert 'points="52.0,314.0 202.0,14.0 352.0,14.0"' in drawn
    assert "a &amp; b" in drawn
    assert 'aria-label="three points"' in drawn
