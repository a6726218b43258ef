"""Run the lessons of the documentation, and make their pictures.

python scripts/lessons.py             all of them; the pictures go to docs/lessons/
python scripts/lessons.py 03-random   those whose name begins like this

The Python blocks of a page are one program, run in an empty folder; what it saves as PNG is a picture of the page.
"""

import argparse
import os
import re
import shutil
import sys
from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("OMP_NUM_THREADS", "1")

LESSONS = Path(__file__).parents[1] / "docs" / "lessons"
BLOCK = re.compile(r"^( *)```python\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


def pages(names: Sequence[str] = ("",)) -> list[Path]:
    """The lessons whose file names begin with one of `names`, in their order."""
    return [page for page in sorted(LESSONS.glob("*.md")) if page.name.startswith(tuple(names))]


def program(page: Path) -> str:
    """The Python blocks of a page, also of its solutions, as one program: each line where it stands on the page."""
    text = page.read_text(encoding="utf-8")
    lines = [""] * text.count("\n")
    for block in BLOCK.finditer(text):
        begins = text[: block.start(2)].count("\n")
        code = [line.removeprefix(block[1]) for line in block[2].splitlines()]
        lines[begins : begins + len(code)] = code
    return "\n".join(lines)


def run(page: Path, folder: Path) -> list[Path]:
    """Run a page's program in `folder`; returns the pictures that it saved. Raises what the program raises."""
    with chdir(folder):
        exec(compile(program(page), str(page), "exec"), {"__name__": "lesson"})
    return sorted(folder.glob("*.png"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="how the names of lessons begin; default: all")
    names = parser.parse_args().names or [""]
    if not (chosen := pages(names)):
        parser.error(f"no lesson begins with {names[0]!r}; there are {', '.join(page.stem for page in pages())}")
    for page in chosen:
        with TemporaryDirectory() as folder:
            for picture in run(page, Path(folder)):
                shutil.copy(picture, LESSONS / picture.name)
                print(page.stem, picture.name, file=sys.stderr)


if __name__ == "__main__":
    main()
