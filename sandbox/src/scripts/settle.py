"""Leave a database as one file that can be copied like any other: settle.py FILE.

From series 8.0 on trytond keeps a write-ahead log beside it.
"""
import sqlite3
import sys

connection = sqlite3.connect(sys.argv[1])
connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
connection.execute("PRAGMA journal_mode = DELETE")
connection.close()
