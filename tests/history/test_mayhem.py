"""Several people do everything at once, and undo it: nothing breaks, and what is derived stays right."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import NOW
from tests.consistency import assert_consistent
from tests.history.test_undo_law import DEEDS, World
from webapp.errors import DomainError
from webapp.history.operations import undo_change
from webapp.storage.db import db
from webapp.storage.failures import translate
from webapp.storage.journal import Change
from webapp.tasks.operations import recurrence

RACERS = 5
STEPS = 25


def step(world: World, chance: random.Random) -> None:
    """Do something at random: one in four times undo something that was done lately."""
    match chance.randrange(12):
        case 0 | 1 | 2:
            ids = db.session.scalars(select(Change.id).order_by(Change.id.desc()).limit(8)).all()
            db.session.rollback()
            if ids:
                actor = chance.choice([world.ada, world.ben]).actor
                undo_change(change_id=chance.choice(ids), actor=actor, now=world.now)
        case 3:
            recurrence.make_due(now=NOW + timedelta(days=chance.randrange(40)))
        case _:
            deed = chance.choice(DEEDS)
            person = chance.choice([world.ada, world.ben])
            getattr(world, deed)(person, chance.randrange(12), chance.randrange(12))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_all_at_once(app: Flask, seed: int) -> None:
    world = World(app)
    for number in range(6):
        world.do(("create", number, number, 1))
    db.session.remove()
    barrier = Barrier(RACERS)

    def run(number: int) -> None:
        chance = random.Random(f"{seed} {number}")
        with app.app_context():
            barrier.wait()
            for _ in range(STEPS):
                world.turn += 1
                try:
                    step(world, chance)
                except Exception as error:
                    # What the person is refused with, in words; anything else would be a page about our failure.
                    if not isinstance(error, DomainError) and translate(error) is None:
                        raise
                finally:
                    db.session.remove()

    with ThreadPoolExecutor(RACERS) as pool:
        list(pool.map(run, range(RACERS)))
    assert_consistent()
