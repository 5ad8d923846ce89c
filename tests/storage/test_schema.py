from __future__ import annotations

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from bot.errors import StorageError
from bot.storage import Storage, open_storage, schema
from bot.storage.engine import Database, open_engine
from bot.storage.tables import metadata


async def test_migrations_lead_to_the_tables_as_declared(storage: Storage):
    def differences(connection):
        # On SQLite Alembic takes an empty string for a changed default; PostgreSQL checks the same declarations.
        defaults = connection.dialect.name == "postgresql"
        options = {"compare_type": True, "compare_server_default": defaults, "target_metadata": metadata}
        # The index of words is each database's own, and no table of ours.
        options["include_name"] = lambda name, kind, _: kind != "table" or not name.startswith("item_words")
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)

    async with storage._database.read() as connection:
        assert await connection.run_sync(differences) == []


async def test_upgrade_starts_from_nothing_and_can_be_repeated(empty_url: str):
    async with open_storage(empty_url) as storage:
        before, head = await storage.revision()
        await storage.upgrade()
        await storage.upgrade()
        after = await storage.revision()
    assert before == ""
    assert after == (head, head)


async def test_an_upgrade_that_fails_leaves_nothing_behind(empty_url: str, monkeypatch):
    def fail(connection):
        with schema._config() as config:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        raise RuntimeError

    database = Database(open_engine(empty_url))
    monkeypatch.setattr(schema, "_upgrade", fail)
    with pytest.raises(RuntimeError):
        await schema.upgrade(database)
    assert (await schema.revision(database))[0] == ""
    await database.engine.dispose()


async def test_tables_of_a_newer_version_are_left_alone(empty_url: str):
    async with open_storage(empty_url) as storage:
        await storage.upgrade()
        async with storage._database.write() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(StorageError, match="revision 9999, which a newer version of Diting has made"):
            await storage.upgrade()
        assert (await storage.revision())[0] == "9999"


async def test_downgrade_removes_every_table(empty_url: str):
    def downgrade(connection):
        with schema._config() as config:
            config.attributes["connection"] = connection
            command.downgrade(config, "base")

    async with open_storage(empty_url) as storage:
        await storage.upgrade()
        async with storage._database.write() as connection:
            await connection.run_sync(downgrade)
            names = await connection.run_sync(lambda c: set(c.dialect.get_table_names(c)))
    assert names == {"alembic_version"}


async def test_check_answers_on_a_working_database(storage: Storage):
    await storage.check()


async def test_what_was_due_before_chats_had_turns_gets_its_turn(storage: Storage, world):
    """From revision 0005, whose deliveries know no heads."""

    def to(revision, move):
        def run(connection):
            with schema._config() as config:
                config.attributes["connection"] = connection
                move(config, revision)

        return run

    chats = [await world.chat(n) for n in (1, 2)]
    await world.follow(chats[0].id)
    await world.poll("one", "two")
    await world.alert(*(chat.id for chat in chats), items=2)
    async with storage._database.write() as connection:
        await connection.run_sync(to("0005", command.downgrade))
        await connection.run_sync(to("head", command.upgrade))
    due = await world.claim_deliveries()
    assert {(one.chat.id, one.content.item.item.title) for one in due} == {(chat.id, "one") for chat in chats}
