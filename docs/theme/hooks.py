"""What MkDocs does otherwise than GitHub, so that one Markdown reads the same on both: `mkdocs.yml` names this file.

It imports nothing of MkDocs, which is not installed where the tests run.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

CHANGES = "changelog.md"
_CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"
_NO_WORD = re.compile(r"[^\w\- ]")
_CODE = re.compile(r"`[^`\n]+`")
_CHANGELOG_LINK = re.compile(r"\]\(\.\./((?:\.\./)*)CHANGELOG\.md")
_PICTURE = re.compile(r'<img [^>]*src="([^"]+)"[^>]*>')
_LANGUAGE = re.compile(r"\.(zh-\w+)\.md$")


def slug(heading: str, separator: str = "-") -> str:
    """The anchor of a heading, as GitHub makes it; Python-Markdown's own would leave nothing of Chinese."""
    return _NO_WORD.sub("", heading.lower()).strip().replace(" ", separator)


def pipes(markdown: str) -> str:
    """In the code of a table GitHub needs a backslash before `|`, and Python-Markdown shows it."""
    lines = markdown.split("\n")
    return "\n".join(
        _CODE.sub(lambda code: code[0].replace("\\|", "|"), line) if line.lstrip().startswith("|") else line
        for line in lines
    )


def on_config(config: Any) -> Any:
    """Anchors as on GitHub."""
    config["mdx_configs"].setdefault("toc", {})["slugify"] = slug
    return config


def on_files(files: Any, config: Any) -> Any:
    """The change log, which stands outside of the folder, is a page of the site."""
    from mkdocs.structure.files import File

    files.append(File.generated(config, CHANGES, abs_src_path=str(_CHANGELOG)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Tables, and the links to the change log."""
    return _CHANGELOG_LINK.sub(rf"](\1{CHANGES}", pipes(markdown))


def on_page_content(html: str, page: Any, config: Any, files: Any) -> str:
    """A tap on a picture shows it alone, where a telephone can enlarge it."""
    return _PICTURE.sub(lambda picture: f'<a href="{picture[1]}">{picture[0]}</a>', html)


def on_post_page(output: str, page: Any, config: Any) -> str:
    """A Chinese page says that it is, so that browsers take the right forms of the characters and read it aloud."""
    language = _LANGUAGE.search(page.file.src_uri)
    return output.replace('<html lang="en"', f'<html lang="{language[1]}"', 1) if language else output
