"""create_app's table of contents: configure, storage, web, features, commands."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config, read_config
from webapp.accounts import cli as account_commands
from webapp.accounts import models as account_models
from webapp.accounts import views as accounts
from webapp.calculations import cli as calculation_commands
from webapp.calculations import models as calculation_models
from webapp.calculations.queries import attached as attached_calculations
from webapp.calculations.views import calculations as calculation_views
from webapp.calculations.views import worksheets
from webapp.customers import models as customer_models
from webapp.customers import views as customers
from webapp.history import views as history
from webapp.metrics import views as metrics
from webapp.notices import models as notice_models
from webapp.notices import rules as notice_rules
from webapp.notices import views as notices
from webapp.ops import commands, health, logs
from webapp.search import views as search
from webapp.storage import failures, journal, once, outbox
from webapp.storage.db import db, prepare_engine
from webapp.tasks import cli as task_commands
from webapp.tasks import models as task_models
from webapp.tasks import views as tasks
from webapp.tasks.operations import derived
from webapp.tasks.queries import customers as customer_work
from webapp.tasks.queries import timers as timer_queries
from webapp.tasks.views import (
    blockers,
    board,
    bulk,
    calendar,
    comments,
    entries,
    entry_bulk,
    files,
    labels,
    quick_add,
    recurrence,
    reminders,
    saved,
    subtasks,
    timers,
    timesheet,
    today,
    urgency,
)
from webapp.tasks.views import (
    filters as task_filters,
)
from webapp.tasks.views import (
    page as task_page,
)
from webapp.transfers import cli as transfer_commands
from webapp.transfers import demo
from webapp.transfers import models as transfer_models
from webapp.transfers.feeds import views as feeds
from webapp.transfers.giving import views as giving
from webapp.transfers.leaving import views as leaving
from webapp.transfers.views import imports, sample
from webapp.web import (
    access,
    addresses,
    answers,
    assets,
    dialogs,
    errors,
    filters,
    home,
    kept,
    keyboard,
    limits,
    navigation,
    resume,
    security,
    templates,
    unreadable,
)
from webapp.workspaces import cli as workspace_commands
from webapp.workspaces import models as workspace_models
from webapp.workspaces import operations as workspace_operations
from webapp.workspaces import views as workspaces

ROOT = Path(__file__).parent.parent

# Named here so that every table is known, whichever pages are used first.
TABLES = (
    account_models,
    calculation_models,
    customer_models,
    notice_models,
    task_models,
    transfer_models,
    workspace_models,
    journal,
    once,
    outbox,
)


def build_app(config: Config | None) -> Flask:
    """Return the application, ready to serve."""
    config = config or read_config()
    app = Flask(
        "devtrackr",
        root_path=str(ROOT),
        instance_path=str(ROOT / "instance"),
        static_folder="static",
        static_url_path=None,
    )
    app.config.from_object(config)
    app.jinja_environment = templates.Environment
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    logs.init_app(app)

    _init_storage(app)
    _init_web(app)
    _mount_features(app)
    commands.init_app(app)
    app.cli.add_command(account_commands.group)
    app.cli.add_command(calculation_commands.group)
    app.cli.add_command(demo.demo)
    app.cli.add_command(task_commands.group)
    app.cli.add_command(transfer_commands.import_file)
    app.cli.add_command(workspace_commands.group)
    return app


def _init_storage(app: Flask) -> None:
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), compare_type=True, render_as_batch=False)
    with app.app_context():
        prepare_engine(db.engine)
    derived.watch()


def _init_web(app: Flask) -> None:
    if hops := app.config["PROXY_HOPS"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    # Before any address is mounted: ids that no table can hold are not found.
    app.url_map.converters["int"] = security.RecordId
    security.init_app(app)
    unreadable.guard_addresses(app)
    access.init_app(app, load_viewer=workspace_operations.recognise, refuse=accounts.ask_to_log_in)
    security.guard_forms(app)
    unreadable.guard_forms(app)
    dialogs.init_app(app)
    errors.init_app(app, translate=failures.translate)
    resume.init_app(app)
    limits.init_app(app)
    assets.init_app(app)
    addresses.init_app(app)
    filters.init_app(app)
    kept.init_app(app)
    keyboard.init_app(app)
    app.jinja_env.filters["unread"] = notice_rules.count_words
    answers.init_app(app, last_change_id=journal.last_change_id)
    navigation.init_app(app, find_timers=timer_queries.find_timers)
    app.register_blueprint(home.bp)


def _mount_features(app: Flask) -> None:
    app.register_blueprint(accounts.bp)
    app.register_blueprint(blockers.bp)
    app.register_blueprint(board.bp)
    app.register_blueprint(bulk.bp)
    app.register_blueprint(calculation_views.bp)
    app.register_blueprint(calendar.bp)
    app.register_blueprint(comments.bp)
    app.register_blueprint(customers.bp)
    customers.init_app(app, get_work=customer_work.get_work, list_calculations=attached_calculations.list_attached)
    app.register_blueprint(entries.bp)
    app.register_blueprint(entry_bulk.bp)
    app.register_blueprint(files.bp)
    app.register_blueprint(task_filters.bp)
    app.register_blueprint(health.bp)
    app.register_blueprint(history.bp)
    app.register_blueprint(metrics.bp)
    app.register_blueprint(notices.bp)
    app.register_blueprint(quick_add.bp)
    app.register_blueprint(search.bp)
    app.register_blueprint(search.palette_bp)
    app.register_blueprint(tasks.bp)
    task_page.init_app(app, list_calculations=attached_calculations.list_attached)
    app.register_blueprint(saved.bp)
    app.register_blueprint(imports.bp)
    app.register_blueprint(labels.bp)
    app.register_blueprint(leaving.bp)
    app.register_blueprint(feeds.bp)
    app.register_blueprint(giving.bp)
    app.register_blueprint(reminders.bp)
    app.register_blueprint(sample.bp)
    app.register_blueprint(recurrence.bp)
    app.register_blueprint(subtasks.bp)
    app.register_blueprint(timers.bp)
    app.register_blueprint(timesheet.bp)
    app.register_blueprint(today.bp)
    app.register_blueprint(urgency.bp)
    app.register_blueprint(worksheets.bp)
    app.register_blueprint(workspaces.bp)
