"""Lists of any length as one parameter, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from bot.storage.among import among, pairs
from bot.storage.tables import feeds, item_keys

NUMBERS = [1, 2, 3, 10**9, -1]
TEXTS = ["a", "", "it's", '"quoted"', "三方會談", "a\\b", "{1,2}", "null"]


@pytest.fixture
async def connection(storage, world):
    async with storage._database.write() as connection:
        for number, text in enumerate(TEXTS, 1):
            values = {"id": number, "url": f"https://{number}.example/", "url_key": str(number), "title": text}
            await connection.execute(insert(feeds).values(created=world.now, next_poll=world.now, **values))
            await connection.execute(insert(item_keys).values(feed_id=number, key=f"key {number}"))
        yield connection


async def test_numbers_are_found_however_many(connection):
    for wanted in ([], [2], NUMBERS, range(5, 100_000)):
        found = await connection.scalars(select(feeds.c.id).where(among(feeds.c.id, wanted)).order_by(feeds.c.id))
        assert found.all() == [number for number in range(1, len(TEXTS) + 1) if number in wanted]


async def test_texts_are_taken_as_they_are(connection):
    for wanted in ([], TEXTS[:1], TEXTS, ["A", "b", "%"], [text * 2 for text in TEXTS[2:]]):
        found = await connection.scalars(select(feeds.c.title).where(among(feeds.c.title, wanted)))
        assert set(found) == set(TEXTS) & set(wanted)


async def test_columns_of_our_own_types_are_compared_as_they_stand_in_the_database(connection):
    keys = (await connection.scalars(select(item_keys.c.key).order_by(item_keys.c.feed_id))).all()
    found = await connection.scalars(select(item_keys.c.feed_id).where(among(item_keys.c.key, keys[1:3])))
    assert set(found) == {2, 3}


async def test_pairs_are_found_as_pairs(connection):
    wanted = [(1, "a"), (2, ""), (3, "a"), (5, "三方會談"), (99, "a"), *((n, "no") for n in range(2000))]
    listed = pairs(connection.dialect, wanted)
    named = (feeds.c.id == listed.number) & (feeds.c.title == listed.text)
    found = await connection.execute(select(feeds.c.id, feeds.c.title).join_from(listed.table, feeds, named))
    assert set(found.all()) == {(1, "a"), (2, ""), (5, "三方會談")}


async def test_a_statement_is_the_same_for_lists_of_any_length(connection):
    def written(wanted: list[int]) -> str:
        return str(select(feeds.c.id).where(among(feeds.c.id, wanted)).compile(dialect=connection.dialect))

    assert written([1]) == written([1, 2, 3])


async def test_rows_are_looked_up_by_their_index_and_not_one_by_one(connection):
    if connection.dialect.name != "sqlite":
        pytest.skip("PostgreSQL decides by what it knows of the rows")
    looked_up = select(feeds.c.id).where(among(feeds.c.id, [1, 2]))
    written = looked_up.compile(dialect=connection.dialect)
    plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}", ("[1, 2]",))
    assert "SEARCH feeds USING INTEGER PRIMARY KEY (rowid=?)" in [row[3] for row in plan]
