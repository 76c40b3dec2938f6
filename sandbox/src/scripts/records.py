"""Fill an initialised database with records of `test.char`: records.py CONFIG DATABASE.

They are inserted by SQL, as the model's own way of creating them would take minutes.
"""
import sys

import trytond.config

CONFIG, DATABASE = sys.argv[1:]
# Up to series 7.0 the configuration is an object of the same name inside the module.
(trytond.config if hasattr(trytond.config, "update_etc") else trytond.config.config).update_etc(CONFIG)

from sql import Literal  # noqa: E402
from sql.functions import CurrentTimestamp  # noqa: E402
from trytond.pool import Pool  # noqa: E402: trytond reads its configuration at import
from trytond.transaction import Transaction  # noqa: E402

RECORDS = 100_000
# Older versions of SQLite take fewer than 1,000 values at once.
BATCH = 200


def main():
    Pool.start()
    pool = Pool(DATABASE)
    pool.init()
    with Transaction().start(DATABASE, 0) as transaction:
        admin, = pool.get("res.user").search([("login", "=", "admin")])
        table = pool.get("test.char").__table__()
        cursor = transaction.connection.cursor()
        columns = [table.create_uid, table.create_date, table.char]
        for start in range(1, RECORDS + 1, BATCH):
            rows = [
                [Literal(admin.id), CurrentTimestamp(), f"record {number:06}"]
                for number in range(start, start + BATCH)
            ]
            cursor.execute(*table.insert(columns, rows))
        transaction.commit()


main()
