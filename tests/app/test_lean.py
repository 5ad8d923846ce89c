"""What an idle program keeps in memory: not what no setting asks for, nor what nothing that came in has needed."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from bot.app import memory
from bot.lean import absent, on_demand
from bot.model import Script
from bot.storage import open_storage
from bot.text import chinese
from tests.support.bot_process import ROOT

NOT_WHILE_IDLE = {
    "json_repair", "numpy", "openai", "psycopg", "pygments", "rich", "rustworkx", "sqlalchemy.orm",
    "tornado", "trafilatura",
}  # fmt: skip
STARTED = """
    import asyncio, json, sys
    from bot.app import memory
    from bot.app.parts import open_core
    from bot.app.platforms import posts_for
    from bot.cli import main
    import bot.app.program
    from bot.settings import load_settings
    from bot.text import chinese

    async def start():
        async with open_core(load_settings(_env_file=None)) as core:
            posts_for(core)
            memory.settle()
            print(json.dumps([sorted(sys.modules), sorted(chinese._converters)]))

    asyncio.run(start())
"""


def run(code: str, **variables: str) -> object:
    """What a process of its own prints."""
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True, text=True, check=True, cwd=ROOT, env=variables,
    )  # fmt: skip
    return json.loads(ran.stdout)


@pytest.fixture
async def settings(tmp_path: Path) -> dict[str, str]:
    """Both platforms, on a database that is there: its making loads more."""
    url = f"sqlite:///{tmp_path}/diting.db"
    async with open_storage(url) as storage:
        await storage.upgrade()
    return {
        "DATABASE_URL": url,
        "TELEGRAM_TOKEN": "1234567890:" + "a" * 35,
        "DISCORD_TOKEN": "M" + "a" * 24 + ".abcdef." + "a" * 30,
        "MODELS_DIR": str(tmp_path / "models"),
    }


async def test_what_nothing_has_needed_is_not_loaded(settings):
    modules, converters = run(STARTED, **settings)
    assert NOT_WHILE_IDLE.isdisjoint(modules)
    assert {"telegram.ext", "discord", "sqlalchemy.ext.asyncio"} <= set(modules)
    assert "s2t" not in converters


async def test_what_a_setting_asks_for_is_loaded(settings):
    webhook = {"TELEGRAM_WEBHOOK_URL": "https://bot.example/hook", "TELEGRAM_WEBHOOK_LISTEN": "127.0.0.1:8443"}
    model = {"MODEL_URL": "http://127.0.0.1:9/v1", "MODEL_NAME": "any"}
    modules, _ = run(STARTED, **settings, **webhook, **model)
    assert {"tornado", "openai", "json_repair"} <= set(modules)


def test_an_absent_package_can_not_be_imported_and_is_there_again_afterwards():
    found = run("""
        import json
        from bot.lean import absent
        import wsgiref.util
        before, tried = wsgiref.util, []
        with absent("wsgiref", "sndhdr"):
            for name in ("wsgiref.util", "sndhdr", "chunk"):
                try:
                    __import__(name)
                except ImportError:
                    tried.append(name)
        import sndhdr
        import wsgiref.util
        print(json.dumps([tried, wsgiref.util is before]))
    """)
    assert found == [["wsgiref.util", "sndhdr"], True]


def test_an_error_leaves_nothing_absent():
    with pytest.raises(ZeroDivisionError), absent("chunk"):
        raise ZeroDivisionError
    assert "chunk" not in sys.modules


def test_a_package_on_demand_has_all_that_it_ever_had():
    found = run("""
        import json, sys
        from bot.lean import on_demand
        on_demand("xml.dom", {"parseString": "minidom"})
        import xml.dom
        told = ["xml.dom.minidom" in sys.modules, hasattr(xml.dom, "__path__"), hasattr(xml.dom, "__nothing__")]
        from xml.dom import parseString
        told += ["xml.dom.domreg" in sys.modules, parseString("<a/>").documentElement.tagName]
        from xml.dom import Node, pulldom  # of its __init__, and a module
        told += [Node.ELEMENT_NODE, pulldom.__name__, hasattr(xml.dom, "nothing")]
        print(json.dumps(told))
    """)
    assert found == [False, True, False, True, "a", 1, "xml.dom.pulldom", False]


def test_a_package_that_is_loaded_stays_as_it_is():
    import xml.dom

    on_demand("xml.dom", {})
    assert sys.modules["xml.dom"] is xml.dom


def test_what_was_put_away_comes_back():
    simplified = "发展与头发"
    traditional = chinese.to_script(simplified, Script.HANT)
    memory.rest()
    assert "s2t" in chinese._converters  # used since it was last asked
    memory.rest()
    assert "s2t" not in chinese._converters
    assert not chinese.put_away_unused()
    assert chinese.to_script(simplified, Script.HANT) == traditional == "發展與頭髮"
