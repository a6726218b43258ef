"""Every lesson of the documentation runs as it stands, its solutions too, and makes the pictures that it shows."""

import re
from pathlib import Path

import lessons
import pytest

pytest.importorskip("torch")


@pytest.mark.parametrize("page", lessons.pages(), ids=lambda page: page.stem)
def test_a_lesson_does_what_it_says(page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    made = lessons.run(page, tmp_path)
    shown = re.findall(r"\]\(([\w-]+\.png)\)", page.read_text(encoding="utf-8"))
    assert [path.name for path in made] == sorted(shown) != []
    assert all((lessons.LESSONS / name).is_file() for name in shown)
    assert capsys.readouterr().out  # it tells its reader something


def test_a_program_has_its_lines_where_the_page_has_them(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text("# A page\n\n```python\nx = 1\n```\n\n    ```python\n    y = x + 1\n    ```\n", encoding="utf-8")
    assert lessons.program(page).splitlines()[3] == "x = 1"
    assert lessons.program(page).splitlines()[7] == "y = x + 1"
