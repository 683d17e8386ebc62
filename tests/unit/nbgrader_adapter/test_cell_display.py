from __future__ import annotations

from nbjudge.nbgrader_adapter.cell_display import harmless_outputs


def shown(data: dict[str, str]) -> dict[str, str]:
    (output,) = harmless_outputs(
        [{"output_type": "display_data", "data": data, "metadata": {"isolated": True}}]
    )
    assert output.metadata == {}
    return dict(output.data)


def test_a_table_keeps_its_cells_and_loses_its_style_sheet() -> None:
    html = "<div><style scoped>.x{}</style><table border='1'><tr><th>a</th></tr></table></div>"

    assert shown({"text/html": html, "text/plain": "a"}) == {
        "text/plain": "a",
        "text/html": '<div><table border="1"><tbody><tr><th>a</th></tr></tbody></table></div>',
    }


def test_nothing_that_a_browser_runs_is_left() -> None:
    html = "<script>steal()</script><img src=x onerror=steal()><a href='javascript:steal()'>x</a>"

    assert shown({"text/html": html})["text/html"] == "<a>x</a>"
    assert shown({"application/javascript": "steal()", "image/svg+xml": "<svg/>"}) == {}
    assert shown({"text/markdown": "<script>", "text/plain": "plain"}) == {"text/plain": "plain"}


def test_a_script_that_never_ends_takes_the_rest_along() -> None:
    assert shown({"text/html": "<b>a</b><script>steal()"})["text/html"] == "<b>a</b>"


def test_pictures_and_streams_stay() -> None:
    assert shown({"image/png": "iVBOR"}) == {"image/png": "iVBOR"}
    stream = {"output_type": "stream", "name": "stdout", "text": "<b>"}
    assert harmless_outputs([stream]) == [stream]
