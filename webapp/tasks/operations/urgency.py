"""Changes to what a workspace finds pressing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from webapp.errors import NotAllowed
from webapp.storage.db import db
from webapp.storage.failures import TryAgain
from webapp.storage.journal import recorded
from webapp.storage.transaction import transactional
from webapp.tasks.errors import WeightsChanged
from webapp.tasks.models import UrgencyWeights
from webapp.tasks.rules.urgency import Weights, kept_of, mark_of, weights_of
from webapp.values.actor import Actor
from webapp.workspaces.queries import is_owner


@transactional
def save_weights(*, weights: Weights, actor: Actor, now: datetime, mark: str | None = None) -> None:
    """
    Let the tasks of the workspace press by these weights from now on.

    :param mark: that of the weights that these are to replace (rules.urgency.mark_of); without it, whichever there are
    :raises NotAllowed: when the actor does not own the workspace
    :raises WeightsChanged: when there are others by now
    """
    if not is_owner(actor=actor):
        raise NotAllowed("Only an owner of this workspace changes how urgency is reckoned.")
    kept = kept_of(weights)
    row = db.session.get(UrgencyWeights, actor.workspace_id, populate_existing=True, with_for_update=True)
    if mark is not None and mark != mark_of(weights_of(row.weights if row else {})):
        raise WeightsChanged
    with recorded("urgency.weights", "Changed how urgency is reckoned", actor=actor, now=now):
        if not kept:
            if row is not None:
                db.session.delete(row)
        elif row is None:
            db.session.add(UrgencyWeights(workspace_id=actor.workspace_id, weights=kept, updated_at=now))
        else:
            row.weights, row.updated_at = kept, now
        try:
            db.session.flush()
        except IntegrityError as error:
            # Another owner saved the first weights just now: the next try finds them.
            raise TryAgain from error
